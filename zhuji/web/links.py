"""Addresses of what read models point to, on the day and for the organisation of the page."""

from functools import lru_cache
from urllib.parse import urlencode

from django.urls import NoReverseMatch, get_script_prefix, reverse

from zhuji.cockpit.faces import Link, Standing

_ROUTES = {
    "plan": "plan-board",
    "node": "plan-node",
    "indicator": "indicator",
    "org": "org",
    "balance": "balance",
    "ledger": "ledger",
    "import": "import",
}
_PLAIN = ("plan", "balance")
_UNDATED = ("ledger", "import")


def href(link: Link, standing: Standing | None = None, **more: str) -> str:
    """A day that is not the newest goes along; nothing where no such page exists."""
    try:
        address = _address(link.kind, _key(link), get_script_prefix())
    except (KeyError, NoReverseMatch):
        return ""
    query = {"org": link.org} if link.org and link.kind != "org" else {}
    if standing is not None and not standing.newest and link.kind not in _UNDATED:
        query["on"] = standing.on.isoformat()
    query |= {name: value for name, value in more.items() if value}
    return f"{address}?{urlencode(query)}" if query else address


@lru_cache(maxsize=4096)
def _address(kind: str, key: str, _prefix: str) -> str:
    """A board has hundreds of links, and the same ones at every look."""
    return reverse(_ROUTES[kind], args=() if kind in _PLAIN else (key,))


def _key(link: Link) -> str:
    return (link.org or link.id) if link.kind == "org" else link.id
