"""A county in which three schools attended five trainings, and not everything was entered."""

from datetime import date

import pytest

from tests import once
from tests.orgs import cast
from tests.orgs.cast import MOVING, OTHER_SCHOOL, SCHOOL, TOWN
from zhuji.orgs.scope import Reader
from zhuji.returns.actions import Wish

POSTS = {
    "director": ("director", cast.COUNTY),
    "officer": ("officer", cast.OFFICE),
    "town": ("town_officer", cast.TOWN),
    "head": ("principal", SCHOOL),
    "clerk": ("clerk", SCHOOL),
    "teacher": ("teacher", SCHOOL),
    "other_head": ("principal", OTHER_SCHOOL),
    "other_clerk": ("clerk", OTHER_SCHOOL),
    "moving_clerk": ("clerk", MOVING),
    "moving_head": ("principal", MOVING),
}
SESSIONS = [f"PX{number}" for number in range(1, 6)]
DUE = date(2022, 3, 20)
COLUMNS = ("staff_no", "session_no", "hours", "finished_on", "passed")
GAPS = {("S000001", "PX1"), ("S000001", "PX2"), ("S000002", "PX1")}


@pytest.fixture
def people(db: None, zhuji_home: object) -> dict[str, Reader]:
    return build()


@once.built
def build() -> dict[str, Reader]:
    """SCHOOL lacks three cells of fifty, OTHER_SCHOOL none of 25, MOVING has no row at all."""
    cast.build_county()
    cast.put("training_sessions", *(session(number) for number in SESSIONS))
    for org, staff in ((SCHOOL, ("S000001", "S000002")), (OTHER_SCHOOL, ("S000003",))):
        cast.put("training_records", *(record(org, no, px) for no in staff for px in SESSIONS))
    found = {}
    for name, (role, org) in POSTS.items():
        who = cast.person(name)
        cast.hold(who, cast.seat(role, org))
        found[name] = cast.reader(who)
    return found


def session(number: str) -> dict[str, object]:
    return {
        "org": TOWN,
        "session_no": number,
        "title": f"专项培训{number}",
        "kind": "special",
        "place_level": "county",
        "starts_on": date(2021, 10, 1),
        "ends_on": date(2021, 10, 4),
        "hours": 18,
    }


def record(org: str, staff_no: str, session_no: str) -> dict[str, object]:
    return {
        "org": org,
        "staff_no": staff_no,
        "session_no": session_no,
        "hours": 18,
        "finished_on": date(2021, 10, 4),
        "passed": None if (staff_no, session_no) in GAPS else True,
    }


def wish(*scope: str, **more: object) -> Wish:
    chosen: dict[str, object] = {
        "title": "专项培训补录",
        "ledger": "training_records",
        "columns": COLUMNS,
        "scope": scope or (SCHOOL, OTHER_SCHOOL, MOVING),
        "due": DUE,
        "item": "M9",
    }
    return Wish(**{**chosen, **more})  # type: ignore[arg-type]
