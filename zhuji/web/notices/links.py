"""Where a notice or a thing to do opens; nothing while the page it speaks of does not exist."""

from collections.abc import Callable

from django.urls import NoReverseMatch, reverse

_Args = tuple[str | int, ...]


def _number(key: str) -> _Args:
    return (int(key),)


def _return(key: str) -> _Args:
    number, _, org = key.partition("/")
    return (int(number), org)


_ROUTES: dict[str, tuple[str, Callable[[str], _Args]]] = {
    "item": ("plan-node", lambda key: (key,)),
    "org": ("org", lambda key: (key,)),
    "ledger": ("ledger", lambda key: (key,)),
    "notice": ("notice", _number),
    "feedback": ("feedback-one", _number),
    "round": ("round", _number),
    "round-draft": ("return-draft", _number),
    "return": ("return-fill", _return),
    "return-check": ("return-check", _return),
    "import": ("import", _number),
    "job": ("job", _number),
}


def href(kind: str, key: str) -> str:
    """The address of what a notice or a todo is about."""
    route, args_of = _ROUTES.get(kind, ("", _number))
    try:
        return reverse(route, args=args_of(key)) if route else ""
    except (NoReverseMatch, ValueError):
        return ""
