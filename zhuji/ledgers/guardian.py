"""A guardian's right to see what is held about their child, through a one-time link.

What may concern the guardians themselves (hardship, aid, risk) is not shown here: a link can be
passed on, and a school explains such records face to face.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from zhuji.kernel.errors import NotFound
from zhuji.kernel.messages import Label, say
from zhuji.ledgers import registry, visibility
from zhuji.ledgers.declare import Column
from zhuji.ledgers.models import rows_of
from zhuji.orgs import links, rules
from zhuji.orgs.models import ChildLink, Correction, Person
from zhuji.orgs.roles import GUARDIAN, Subject, Verb
from zhuji.orgs.scope import Grant, Reader

ASKED = say("更正请求已送到学校。办理结果会显示在这里，也可以向学校询问。")
_MAY_ISSUE = (Verb.ENTER, Verb.REVIEW)
_MOST = 100


@dataclass(frozen=True)
class Section:
    """The child's rows of one ledger, as a guardian may see them."""

    key: str
    label: Label
    columns: tuple[Column, ...]
    rows: tuple[dict[str, object], ...]


def issue(pupil_no: str, reader: Reader, *, actor: Person, now: datetime, why: str) -> str:
    """By who keeps this child's record, or by the security administrator; the link's secret."""
    found = rows_of("pupils").filter(pupil_no=pupil_no.strip().upper()).values("id", "org").first()
    if found is None or not _may_issue(found, reader, actor, now):
        raise NotFound(say("没有这个学籍号，或者这名学生不在您的可见范围内。"))
    return links.issue(found["org"], found["id"], actor=actor, now=now, why=why)


def _may_issue(found: dict[str, object], reader: Reader, actor: Person, now: datetime) -> bool:
    if rules.governs(actor, now):
        return True
    keeps = any(reader.may(verb, str(found["org"])) for verb in _MAY_ISSUE)
    return keeps and visibility.visible_to(reader, "pupils").filter(pk=found["id"]).exists()


def reader_of(link: ChildLink, *, today: date) -> Reader:
    """Sees the rows that name this child, wherever it went to school, and nothing else."""
    pupil_no = rows_of("pupils").filter(pk=link.row).values_list("pupil_no", flat=True).first()
    if pupil_no is None:
        return Reader(links.visitor(link), today)
    everywhere = frozenset(visibility.tree(today).kinds)
    at = f"{link.org}#link{link.pk}"
    grant = Grant(GUARDIAN, at, everywhere, frozenset({pupil_no}))
    return Reader(links.visitor(link), today, (grant,))


def record(link: ChildLink, *, now: datetime, today: date, route: str) -> list[Section]:
    """What is held about the child; that it was seen is recorded like any other view."""
    reader = reader_of(link, today=today)
    found = []
    for ledger in registry.LEDGERS:
        if visibility.rows_about(ledger.key).subject is not Subject.PUPIL:
            continue
        rows = list(visibility.visible_to(reader, ledger.key).order_by("pk").values())
        if not rows:
            continue
        shown = visibility.show(reader, ledger.key, rows, now=now, route=route)
        seen = set[str]().union(*(row.keys() for row in shown))
        columns = tuple(column for column in ledger.columns if column.key in seen)
        found.append(Section(ledger.key, ledger.label, columns, tuple(shown)))
    return found


@dataclass(frozen=True)
class Request:
    """What a guardian asked to be corrected; `child` only for who may see the child."""

    one: Correction
    wording: str
    answer: str
    child: dict[str, object] | None = None


def asked_through(link: ChildLink) -> list[Request]:
    found = links.corrections_of(link)
    return [Request(one, links.wording_of(one), links.answer_of(one)) for one in found]


def corrections(reader: Reader, *, now: datetime, route: str) -> list[Request]:
    """Those of one's schools about children whom one may see, with the child's name."""
    found = list(links.corrections_at(may_answer(reader))[:_MOST])
    rows = visibility.visible_to(reader, "pupils").filter(pk__in={one.row for one in found})
    shown = visibility.show(reader, "pupils", rows.values(), now=now, route=route)
    children = {row["id"]: row for row in shown}
    return [
        Request(one, links.wording_of(one), links.answer_of(one), children[one.row])
        for one in found
        if one.row in children
    ]


def may_answer(reader: Reader) -> Sequence[str]:
    """The schools for which this reader answers requests for correction."""
    return sorted(
        org
        for grant in reader.grants
        for org in grant.orgs
        if set(_MAY_ISSUE) & grant.role.verbs and Subject.PUPIL in grant.role.windows
    )
