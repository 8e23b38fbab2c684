"""The demo county's schools and the reference plan's tree, without its hundred thousand rows."""

from datetime import UTC, date, datetime
from pathlib import Path

from django.conf import settings

from tests.orgs.cast import put
from zhuji.invent import world
from zhuji.invent.world import UNTIL
from zhuji.kernel.messages import Label
from zhuji.orgs import roles
from zhuji.orgs.roles import Role
from zhuji.orgs.scope import Grant, Reader
from zhuji.programme import packages
from zhuji.programme.models import Judging
from zhuji.programme.outline import Entry, Outline, write_outline

SINCE = date(2015, 9, 1)
PLAN = "anqiu-2021"
LABEL = Label("示例", "Example")


def build() -> tuple[dict[str, str], tuple[Entry, ...]]:
    """Names of organisations by code, and the entries of the plan."""
    loaded = packages.load_for(PLAN, Path(settings.ZHUJI_PLANS), UNTIL)
    places = world.build(loaded.loaded.plan, "reference").places
    put("orgs", *(_org(place.code, place.name, place.kind) for place in places))
    entries = tuple(
        Entry(one.id, one.kind, one.parent, one.clause, one.label, LABEL, one.owner)
        for one in loaded.loaded.tree
    )
    county = next(place.code for place in places if place.kind == "county")
    _keep(entries, county)
    return {place.code: place.name for place in places}, entries


def officer(orgs: frozenset[str], role: Role = roles.OFFICER) -> Reader:
    return Reader("officer", UNTIL, (Grant(role, min(orgs, key=len), orgs),))


def _org(code: str, name: str, kind: str) -> dict[str, object]:
    return {"org": code, "name": name, "kind": kind, "valid_from": SINCE}


def _keep(entries: tuple[Entry, ...], county: str) -> None:
    outline = Outline(PLAN, "1", LABEL, UNTIL, "one", True, SINCE, county, LABEL, entries, {})
    Judging.objects.create(
        plan=PLAN,
        version="1",
        digest="d",
        snapshot="one",
        on=UNTIL,
        made_at=datetime(2023, 7, 1, tzinfo=UTC),
        facts_until=UNTIL,
        county=county,
        outline=write_outline(outline),
        lights=b"",
    )
