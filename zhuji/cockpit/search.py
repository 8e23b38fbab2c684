"""One box for everything: schools, people in scope, clauses, indicators, ledgers, help.

What a reader may not see is never a candidate: scope comes before ranking.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from zhuji.cockpit import day, spelling
from zhuji.kernel.messages import Label
from zhuji.ledgers import directory, listing, visibility
from zhuji.ledgers.registry import LEDGERS
from zhuji.orgs import scope
from zhuji.orgs.scope import Reader
from zhuji.programme import kept

MOST_IN_A_GROUP = 8
MOST_PEOPLE = 5
# With more people in scope than this, only what the database itself can find by name is looked at.
_SPELT_PEOPLE = 12_000
_NUMBER = re.compile(r"[GJL]?[0-9]{17}[0-9X]|1[3-9][0-9]{9}", re.IGNORECASE)
_LEAST_LETTERS = 2  # of a name in pinyin; with fewer, everybody would be found


class Group(StrEnum):
    """In the order in which equals are shown."""

    ORG = "org"
    PLAN = "plan"
    INDICATOR = "indicator"
    LEDGER = "ledger"
    STAFF = "staff"
    PUPIL = "pupil"
    HELP = "help"


GROUPS: Mapping[Group, Label] = {
    Group.ORG: Label("学校与机构", "Schools and organisations"),
    Group.PLAN: Label("条款与任务", "Clauses and duties"),
    Group.INDICATOR: Label("指标", "Indicators"),
    Group.LEDGER: Label("台账", "Ledgers"),
    Group.STAFF: Label("教职工", "Staff"),
    Group.PUPIL: Label("学生", "Pupils"),
    Group.HELP: Label("帮助", "Help"),
}
_ORDER = tuple(Group)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One thing that can be found by any of its names; the face makes an address of `id`."""

    group: Group
    id: str
    name: Label | str
    detail: tuple[Label | str, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    candidate: Candidate
    score: int

    @property
    def place(self) -> tuple[int, int, int, str]:
        """Best first, then the shorter name: it says more of what was typed."""
        one = self.candidate
        name = one.name.zh if isinstance(one.name, Label) else one.name
        return -self.score, _ORDER.index(one.group), len(name), one.id


@dataclass(frozen=True)
class Found:
    """`groups`: the group of the best hit first; `hits`: the best over all groups."""

    groups: tuple[tuple[Group, tuple[Hit, ...]], ...] = ()

    @property
    def hits(self) -> tuple[Hit, ...]:
        return tuple(sorted((h for _, hits in self.groups for h in hits), key=lambda h: h.place))


def is_number(text: str) -> bool:
    """An identity, pupil's or phone number: it must not stand in an address."""
    return bool(_NUMBER.fullmatch(text.strip()))


def find(
    reader: Reader, text: str, *, now: datetime, route: str, also: Iterable[Candidate] = ()
) -> Found:
    """`also`: what the face itself can show, such as pages of help."""
    if is_number(text):
        return _grouped(_by_number(reader, text.strip(), now=now, route=route))
    wanted = spelling.words(text)
    if not wanted:
        return Found()
    hits = [hit for one in (*_things(reader), *also) if (hit := _hit(one, wanted))]
    if _names_somebody(wanted):
        for group in _LEDGERS:
            hits += _people(reader, group, wanted, now=now, route=route)
    return _grouped(hits)


def _hit(one: Candidate, wanted: tuple[str, ...]) -> Hit | None:
    score = max((spelling.match(spelling.key(name), wanted) for name in one.names), default=0)
    return Hit(one, score) if score else None


def _grouped(hits: Iterable[Hit]) -> Found:
    by_group: dict[Group, list[Hit]] = {}
    for hit in sorted(hits, key=lambda hit: hit.place):
        by_group.setdefault(hit.candidate.group, []).append(hit)
    return Found(tuple((group, tuple(of[:MOST_IN_A_GROUP])) for group, of in by_group.items()))


def _things(reader: Reader) -> Iterator[Candidate]:
    yield from _plan(reader)
    yield from _orgs(reader)
    for ledger in LEDGERS:
        if listing.columns_for(reader, ledger.key):
            label = ledger.label
            yield Candidate(
                Group.LEDGER, ledger.key, label, (ledger.about,), (label.zh, label.en, ledger.key)
            )


def _plan(reader: Reader) -> Iterator[Candidate]:
    judging = kept.latest() if day.readable(reader) else None
    if judging is None:
        return
    for one in kept.outline(judging).entries:
        group = Group.INDICATOR if one.kind == "indicator" else Group.PLAN
        names = (one.label.zh, one.label.en, one.id, one.clause)
        yield Candidate(group, one.id, one.label, (one.clause, one.owner), names)


def _orgs(reader: Reader) -> Iterator[Candidate]:
    rows = visibility.visible_to(reader, "orgs").values_list("org", "name").order_by("org")
    for code, name in rows:
        yield Candidate(Group.ORG, code, name, (code,), (name, code))


# --- people ----------------------------------------------------------------------------------

# The ledger of each kind of person, and the columns by which they are found.
_LEDGERS = {Group.STAFF: "staff", Group.PUPIL: "pupils"}
_NAMES = {Group.STAFF: ("name", "staff_no"), Group.PUPIL: ("name",)}
_CODES = {Group.STAFF: "staff_no", Group.PUPIL: "pupil_no"}


def _people(
    reader: Reader, group: Group, wanted: tuple[str, ...], *, now: datetime, route: str
) -> list[Hit]:
    """By name, where names are open to the reader at all; that a child is shown is recorded."""
    key = _LEDGERS[group]
    if "name" not in scope.open_columns(reader, visibility.rows_about(key)):
        return []
    rows = visibility.visible_to(reader, key).order_by("id")
    named = list(rows.values_list("id", *_NAMES[group])[: _SPELT_PEOPLE + 1])
    if len(named) > _SPELT_PEOPLE:
        begins = rows.filter(name__startswith=wanted[0])
        named = list(begins.values_list("id", *_NAMES[group])[:_SPELT_PEOPLE])
    candidates = (
        Candidate(group, str(number), names[0], names=tuple(names)) for number, *names in named
    )
    hits = sorted((h for one in candidates if (h := _hit(one, wanted))), key=lambda h: h.place)
    few = [hit for hit in hits if hit.score > spelling.SCATTERED][:MOST_PEOPLE]
    scores = {int(hit.candidate.id): hit.score for hit in few}
    found = rows.filter(pk__in=scores).values()
    return _shown(group, visibility.show(reader, key, found, now=now, route=route), scores)


def _names_somebody(wanted: tuple[str, ...]) -> bool:
    word = wanted[0]
    return len(wanted) == 1 and len(word) >= (_LEAST_LETTERS if word.isascii() else 2)


def _by_number(reader: Reader, text: str, *, now: datetime, route: str) -> list[Hit]:
    """Whom a number belongs to: only for who may reveal it, and that they looked is kept."""
    hits: list[Hit] = []
    for group, key in _LEDGERS.items():
        found = listing.search(reader, key, text, now=now, route=route)
        hits += _shown(group, found.rows, {})
    return hits


def _shown(
    group: Group, rows: Iterable[Mapping[str, object]], scores: Mapping[int, int]
) -> list[Hit]:
    seen = list(rows)
    orgs = directory.names(str(row.get("org", "")) for row in seen)
    hits = []
    for row in seen:
        detail = (orgs.get(str(row.get("org")), ""), str(row.get(_CODES[group]) or ""))
        one = Candidate(
            group, str(row["id"]), str(row.get("name") or ""), tuple(filter(None, detail))
        )
        hits.append(Hit(one, scores.get(int(one.id), spelling.WHOLE)))
    return hits
