"""Every address there is: the pages from the URL resolver, the API from its operations."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from zhuji.api.app import api
from zhuji.web.doors import Door

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


@dataclass(frozen=True)
class Route:
    """`name`: of a page its route name, of the API its path; `params`: what the address needs."""

    name: str
    params: tuple[str, ...]
    door: Door | None
    is_api: bool = False


def every() -> list[Route]:
    return [*pages(), *operations()]


def pages() -> list[Route]:
    """What stands outside `/api/`; a pattern without a name has no entry and so fails."""
    return [
        Route(pattern.name or str(pattern.pattern), tuple(pattern.pattern.converters), door)
        for prefix, pattern in _walk(get_resolver(), "")
        if not prefix.startswith("api/")
        for door in [getattr(pattern.callback, "door", None)]
    ]


def _walk(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, prefix + str(pattern.pattern))
        else:
            yield prefix, pattern


def operations() -> list[Route]:
    """The paths that the API routes, and what describes it."""
    found = [
        Route("api" + prefix + path, _braced(prefix + path), None, True)
        for prefix, router in _routers()
        for path in router.path_operations
    ]
    described = [
        Route("api/" + str(pattern.pattern), (), None, True)
        for prefix, pattern in _walk(get_resolver(), "")
        if prefix == "api/" and pattern.name in ("openapi-json", "openapi-view", "api-root")
    ]
    return found + described


def _routers() -> list[tuple[str, Any]]:
    return [(prefix, router) for prefix, router in api._routers if router.path_operations]


def _braced(path: str) -> tuple[str, ...]:
    names = [part.partition("}")[0] for part in path.split("{")[1:]]
    return tuple(name.rpartition(":")[2] for name in names)
