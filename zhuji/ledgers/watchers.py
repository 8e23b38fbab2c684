"""Who saw one child: asked by who keeps or teaches this child, and itself recorded like a view."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from zhuji.kernel.errors import NotFound
from zhuji.kernel.messages import Label, Message, say
from zhuji.ledgers import directory, registry, visibility
from zhuji.orgs import audit, scope
from zhuji.orgs.models import Person, View
from zhuji.orgs.roles import GUARDIAN, MAINTENANCE, ROLES_BY_KEY
from zhuji.orgs.scope import Reader

PUPILS, NUMBER = "pupils", "pupil_no"
MOST = 1_000
YEAR = timedelta(days=366)
_ROLES = {**ROLES_BY_KEY, MAINTENANCE.key: MAINTENANCE, GUARDIAN.key: GUARDIAN}


@dataclass(frozen=True)
class Seen:
    """One view: who looked, at what, by which duty, through which page, why."""

    at: datetime
    viewer: str
    name: str
    ledger: Label | str
    role: Label | str
    org: str
    route: str
    reason: str


@dataclass(frozen=True)
class Watched:
    """`child`: the pupil's row as the reader may see it; the newest view first."""

    child: dict[str, object]
    school: str
    seen: tuple[Seen, ...]
    more: bool


def by_number(reader: Reader, number: str, *, now: datetime, route: str) -> Watched:
    """`number` exactly; a child out of scope is like one that does not exist."""
    wanted = "".join(number.split()).upper()
    rows = visibility.visible_to(reader, PUPILS).filter(**{NUMBER: wanted})
    return _watched(reader, rows.values().first(), now=now, route=route)


def by_row(reader: Reader, row_id: int, *, now: datetime, route: str) -> Watched:
    rows = visibility.visible_to(reader, PUPILS).filter(pk=row_id)
    return _watched(reader, rows.values().first(), now=now, route=route)


@transaction.atomic
def _watched(
    reader: Reader, row: dict[str, object] | None, *, now: datetime, route: str
) -> Watched:
    about = visibility.rows_about(PUPILS)
    if row is None or not scope.may_reveal(reader, about, row, NUMBER):
        raise NotFound(_NOBODY)
    found = list(audit.views_of(str(row[NUMBER]), since=now - YEAR)[: MOST + 1])
    [child] = visibility.show(reader, PUPILS, [row], now=now, route=route)
    names = dict(
        Person.objects.filter(username__in={one.viewer for one in found}).values_list(
            "username", "name"
        )
    )
    orgs = directory.names([str(row["org"]), *(_post(one.duty)[1] for one in found)])
    seen = tuple(_seen(one, names, orgs) for one in found[:MOST])
    return Watched(child, orgs.get(str(row["org"]), ""), seen, len(found) > MOST)


_NOBODY: Message = say("没有这个学籍号，或者这名学生不在您的可见范围内。")


def _seen(one: View, names: dict[str, str], orgs: dict[str, str]) -> Seen:
    key, org = _post(one.duty)
    role = _ROLES.get(key)
    declared = registry.BY_KEY.get(one.kind)
    return Seen(
        at=one.at,
        viewer=one.viewer,
        name=names.get(one.viewer, ""),
        ledger=declared.label if declared else one.kind,
        role=role.label if role else key,
        org=orgs.get(org, org),
        route=one.route,
        reason=one.reason,
    )


def _post(duty: str) -> tuple[str, str]:
    """Role and org of a duty such as `teacher@2137000101 deputy:head`."""
    post = duty.partition(" ")[0]
    key, _, at = post.partition("@")
    return key, at.partition("#")[0]
