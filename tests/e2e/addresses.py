"""Every page there is, from the URL resolver: who reads it here, and at which address.

A new page needs nothing here when the director may read it; else a line in READERS.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from tests.security import routes

# Whoever else a page is for than the director, by its route name.
READERS: Mapping[str, str] = {
    "account": "officer", "child": "", "child-over": "", "child-open": "", "sign-in": "",
    "choose": "", "people": "security_administrator",
    "person": "security_administrator", "person-new": "security_administrator",
    "child-links": "clerk", "corrections": "principal", "factors": "officer",
    "ledgers": "clerk", "ledger": "clerk", "ledger-new": "clerk", "ledger-row": "clerk",
    "ledger-edit": "clerk", "ledger-removed": "clerk", "ledger-import": "clerk",
    "upload": "clerk", "import": "clerk", "job": "officer", "jobs": "officer",
    "round": "officer", "return-draft": "officer", "return-preview": "officer",
    "return-new": "officer", "return-fill": "clerk", "return-check": "principal",
    "ledger-export": "clerk", "job-requests": "principal",
    "notice": "town_officer", "trust": "audit_administrator", "children": "care_officer",
    "feedback-one": "officer",
}  # fmt: skip
QUERIES: Mapping[str, str] = {
    "return-new": "?item=M11",
    "notice-compose": "?kind=instruct&item=M9&org=370784105",
    "search": "?q=阅读",
    "workshop-source": "?file=plan.yaml&line=2",
    "workshop-compare": "?old=anqiu-2021&new=anqiu-2021",
}
# Other states of some of them: empty, refused, of another day, unfolded.
STATES = (
    "ledger?q=没有这样的社团", "ledger?members__from=很多", "ledger-new?saved=1",
    "notices?box=sent",
    "plan-board?light=not_met", "plan-board?on=2022-12-31", "plan-node?on=1999-01-01",
    "indicator-explain?rows=1", "workshop-package?view=issues", "workshop-package?view=files",
    "round?show=owing", "org?item=M9", "search?q=没有这样的词", "balance?stage=junior",
)  # fmt: skip
REFUSED = {"ledger?members__from=很多": 422}
# They answer GET with something else than a page, or only after a deed that a story does.
NO_PAGES = {
    "ledger-template", "upload-refused", "job-result", "provider", "provider-back", "child",
    "child-leave", "return-receipt", "second-factor", "plan-judge", "health", "trust-report",
}  # fmt: skip


@dataclass(frozen=True)
class Address:
    """`reader`: of the invented people; nobody where it is empty."""

    route: str
    path: str
    reader: str
    status: int = 200


def names() -> list[str]:
    """Of all routes that answer GET with a page."""
    found = []
    for route in routes.pages():
        door = route.door
        if door is None or "GET" not in door.methods or route.name in NO_PAGES:
            continue
        found.append(route.name)
    return found


def states() -> list[str]:
    """Every page, and other states of some, as `route?query`."""
    known = names()
    return [*known, *(one for one in STATES if one.partition("?")[0] in known)]


def address(state: str, samples: Mapping[str, Any]) -> Address:
    route, mark, query = state.partition("?")
    params = next(one.params for one in routes.pages() if one.name == route)
    given = {name: _param(route, name, samples) for name in params}
    path = reverse(route, kwargs=given) + (mark + query or QUERIES.get(route, ""))
    return Address(route, path, READERS.get(route, "director"), REFUSED.get(state, 200))


def _param(route: str, name: str, samples: Mapping[str, Any]) -> Any:
    match name:
        case "key":
            return KEYS.get(route.partition("-")[0], "clubs")
        case "row":
            return samples["club"]
        case "number":
            return samples[_numbered(route)]
        case "org" | "code":
            return samples["school"]
        case _:
            return {**OTHERS, "token": samples["token"]}[name]


def _numbered(route: str) -> str:
    if route in ("return-draft", "return-preview"):
        return "draft_round"
    return "round" if route.startswith("return-") else route.partition("-")[0]


KEYS = {"indicator": "l1.primary", "workshop": "anqiu-2021"}
OTHERS: Mapping[str, Any] = {"node": "M9", "page": "tutorial/first-judgement", "username": "clerk"}
