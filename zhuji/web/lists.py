"""A list's address says how it is sorted, filtered and turned; links change one thing in it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.http import QueryDict

from zhuji.kernel.messages import Label

SORT, PAGE, SIZE = "sort", "page", 50
_DIGITS = 18  # as many as fit into a column of the database


@dataclass(frozen=True)
class Head:
    """A column's head. `order`: how the list is sorted by it now; `href`: sorted by it instead."""

    label: Label | str
    key: str = ""
    href: str = ""
    order: str = ""  # ascending, descending or nothing, as aria-sort says it
    number: bool = False


@dataclass(frozen=True)
class Pages:
    """Which part of a list is shown, and where the others are."""

    total: int
    number: int
    count: int
    first: int
    last: int
    previous: str
    following: str
    links: tuple[tuple[int, str], ...]  # a page number of 0 stands for those left out

    @property
    def slice(self) -> slice:
        return slice(max(self.first - 1, 0), self.last)


def changed(query: QueryDict, **changes: str | int | None) -> str:
    """The same address with these values; None takes a value away."""
    copy = query.copy()
    for name, value in changes.items():
        if value is None:
            copy.pop(name, None)
        else:
            copy[name] = str(value)
    return "?" + copy.urlencode()


def order(query: QueryDict, allowed: Iterable[str], default: str) -> str:
    """`-name` is descending. What nobody may sort by is as if nothing had been asked."""
    asked = query.get(SORT, "")
    return asked if asked.removeprefix("-") in set(allowed) and asked else default


def heads(
    query: QueryDict,
    columns: Mapping[str, Label | str],
    *,
    sortable: Iterable[str],
    default: str,
    numbers: Iterable[str] = (),
) -> tuple[Head, ...]:
    """A head for each column, in their order; a click on the one in force turns it round."""
    by, numeric = set(sortable), set(numbers)
    now = order(query, by, default)
    return tuple(
        _head(query, key, label, now if key in by else None, key in numeric)
        for key, label in columns.items()
    )


def _head(query: QueryDict, key: str, label: Label | str, now: str | None, numeric: bool) -> Head:
    if now is None:
        return Head(label, key, number=numeric)
    here = {key: "ascending", f"-{key}": "descending"}.get(now, "")
    href = changed(query, sort=f"-{key}" if now == key else key, page=None)
    return Head(label, key, href, here, numeric)


def pages(query: QueryDict, total: int, *, size: int = SIZE) -> Pages:
    """The asked page, or the nearest one that exists."""
    count = max(-(-total // size), 1)
    asked = query.get(PAGE, "1")
    number = min(max(int(asked), 1), count) if asked.isdecimal() and len(asked) < 9 else 1

    def at(page: int) -> str:
        return changed(query, page=None if page == 1 else page)

    return Pages(
        total,
        number,
        count,
        first=min((number - 1) * size + 1, total),
        last=min(number * size, total),
        previous=at(number - 1) if number > 1 else "",
        following=at(number + 1) if number < count else "",
        links=tuple((page, at(page) if page else "") for page in _near(number, count)),
    )


def _near(number: int, count: int) -> list[int]:
    """The first, the last and those beside the present one; 0 where some are left out."""
    wanted = sorted({1, count, *range(max(number - 1, 1), min(number + 1, count) + 1)})
    found: list[int] = []
    for page in wanted:
        if found and page - found[-1] == 2:
            found.append(page - 1)
        elif found and page - found[-1] > 2:
            found.append(0)
        found.append(page)
    return found


def whole(text: str) -> int | None:
    """A number as our own pages write it; whatever else was sent is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else None
