"""The rows behind a value, for one reader: out of the snapshot, through their posts, recorded.

This opens the snapshot, and for a duty counts again, which takes seconds: pages ask for it by
itself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from django.conf import settings

from zhuji.cockpit.day import LEAST, Board, highest, opened
from zhuji.kernel.errors import NotFound, Refused
from zhuji.kernel.messages import Label, Message, say
from zhuji.ledgers import queries, visibility
from zhuji.ledgers.declare import Column, Type
from zhuji.ledgers.registry import BY_KEY
from zhuji.orgs import audit
from zhuji.orgs.roles import MINORS, NUMBER, Reach, Sight, Subject, best
from zhuji.orgs.scope import Grant, Reader, veil
from zhuji.plan.model import Duty, FollowUp, Milestone
from zhuji.programme import enacted, kept
from zhuji.programme import rows as drawn
from zhuji.programme.judge import Run, standing
from zhuji.programme.outlining import subjects as subjects_of
from zhuji.programme.packages import Package
from zhuji.programme.wording import declared
from zhuji.warehouse import pseudonyms

# Looked through for those that the reader may see; of these the first `most` are shown.
_LOOKED_AT = 2_000
_Through = tuple[Mapping[str, object], list[Grant]]
_PERSONS = {"staff": Subject.STAFF, "pupil": Subject.PUPIL}


@dataclass(frozen=True)
class RowTable:
    title: Message
    columns: tuple[str, ...]
    heads: tuple[Label, ...]
    rows: tuple[tuple[object, ...], ...]
    total: int  # with those beyond the first
    ledger: str = ""  # where the rows stand, when it is one ledger


@dataclass(frozen=True)
class RowsPage:
    id: str
    org: str
    tables: tuple[RowTable, ...]
    withheld: tuple[Message, ...]  # what there is, but not for this reader
    files: Mapping[int, str] = field(default_factory=dict)  # of the imports that rows name


@dataclass(frozen=True)
class Ask:
    """Which rows: of an indicator or duty, on a day, of an organisation; at most so many."""

    id: str
    on: date | None = None
    org: str | None = None
    most: int = 50


@dataclass(frozen=True)
class _Subjects:
    """Whom the rows that count are about, and whom those who lack something are."""

    rows: frozenset[Subject]
    lacking: frozenset[Subject] = frozenset()


def rows(reader: Reader, ask: Ask, *, now: datetime, route: str) -> RowsPage:
    """In the organisation asked for; where only its totals are open, in the reader's own."""
    seen = opened(reader, ask.on, ask.org)
    on, snapshot = seen.judging.on, seen.judging.snapshot
    with standing(_package(seen), on=on, snapshot=snapshot) as run:
        return through(seen, run, ask, now=now, route=route)


def through(seen: Board, run: Run, ask: Ask, *, now: datetime, route: str) -> RowsPage:
    """The same over a run that is open already."""
    org = seen.org if seen.is_open else highest(seen.outline, seen.readable)
    subjects, found = _found(seen, run, ask.id, org)
    drawer = _Drawer(seen, subjects, now, route)
    drawn_of = [(table, drawer.kept(table)) for table in found]
    tables = tuple(drawer.table(table, rows, ask.most) for table, rows in drawn_of if rows)
    withheld = tuple(_withheld(table) for table, rows in drawn_of if table.total and not rows)
    return RowsPage(ask.id, org, tables, withheld, _files(tables))


def _files(tables: Iterable[RowTable]) -> dict[int, str]:
    """The file and sheet of every import that a shown row names."""
    named = {
        row[table.columns.index("import_id")]
        for table in tables
        if "import_id" in table.columns
        for row in table.rows
    }
    return queries.import_names([one for one in named if isinstance(one, int)])


def _package(seen: Board) -> Package:
    """The very package by which was judged: rows of another formula would explain nothing."""
    package = enacted.package(seen.judging.plan, seen.judging.on)
    if kept.digest(package) != seen.judging.digest:
        raise Refused(say("方案包在判定之后改过；请先重新判定，再看来源。"))
    return package


def _found(seen: Board, run: Run, key: str, org: str) -> tuple[_Subjects, tuple[drawn.Table, ...]]:
    """The tables, and whom their rows may be about."""
    if key in run.suite.prepared:
        source = run.suite.prepared[key].indicator.source or ""
        [head] = kept.heads(seen.judging, [key]).values()
        tables = drawn.of_period(run, org, key, head.speaks, _LOOKED_AT) if head.speaks else ()
        return _Subjects(subjects_of(source)), tuple(tables)
    if key in run.owed:
        owed = run.owed[key]
        proof = subjects_of(owed.asked.evidence.ledger)
        return _Subjects(proof, _owing(owed.asked)), tuple(
            drawn.of_duty(run, org, owed, _LOOKED_AT)
        )
    raise NotFound(say("方案里没有编号为“{id}”的指标、任务或节点。", id=key))


def _owing(asked: Duty | Milestone) -> frozenset[Subject]:
    """Whom the subjects of a duty are: the row that must be answered, a person, or nobody."""
    if isinstance(asked, Milestone):
        return frozenset()
    if isinstance(asked.cadence, FollowUp):
        return subjects_of(asked.evidence.ledger)
    return frozenset({_PERSONS[asked.subject]} if asked.subject in _PERSONS else ())


@dataclass(frozen=True)
class _Drawer:
    """Keeps of a table what the reader may see, and records which minors that shows."""

    seen: Board
    subjects: _Subjects
    now: datetime
    route: str

    def kept(self, table: drawn.Table) -> list[_Through]:
        """The rows that the reader may see, each with the posts through which."""
        about, person = self._about(table), _person(table)
        rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
        return [(row, grants) for row in rows if (grants := self._through(row, about, person))]

    def table(self, table: drawn.Table, found: list[_Through], most: int) -> RowTable:
        """The first of them as they are shown; that they are shown is recorded."""
        shown = found[:most]
        self._record(table, shown)
        rows = [self._shown(table, row, grants) for row, grants in shown]
        columns = tuple(rows[0])
        whole = len(found) == len(table.rows)
        return RowTable(
            table.title,
            columns,
            tuple(table.head(name) for name in columns),
            tuple(tuple(row.get(name) for name in columns) for row in rows),
            table.total if whole else len(found),
            table.source if table.source in BY_KEY else "",
        )

    def _about(self, table: drawn.Table) -> frozenset[Subject]:
        """Counts of organisations are about nobody; single subjects are about whom it may be."""
        if table.source:
            return subjects_of(table.source) | (self.subjects.rows & MINORS)
        return self.subjects.lacking if "subject" in table.columns else frozenset()

    def _through(
        self, row: Mapping[str, object], about: frozenset[Subject], person: str
    ) -> list[Grant]:
        """The posts through which the row is seen whole: each must reach all that it is about."""
        return [
            grant
            for grant in self.seen.reader.grants
            if row.get("org") in grant.orgs
            and all(self._reaches(grant, subject, row, person) for subject in about)
        ]

    def _reaches(
        self, grant: Grant, subject: Subject, row: Mapping[str, object], person: str
    ) -> bool:
        window = grant.role.windows.get(subject)
        if window is None:
            return False
        if subject in MINORS and window.sight(NUMBER) is Sight.ABSENT:
            return False  # who may not tell pupils apart sees no rows of them
        if window.reach is Reach.ALL or subject is Subject.ORG:
            return True
        if subject is Subject.STAFF:
            return bool(grant.staff_no) and row.get(person) == grant.staff_no
        return row.get(person) in self._own(grant)

    def _own(self, grant: Grant) -> frozenset[str]:
        key = pseudonyms.key_of(Path(settings.ZHUJI_HOME))
        return frozenset(pseudonyms.pseudonym(key, number) for number in grant.pupils)

    def _record(self, table: drawn.Table, shown: Iterable[_Through]) -> None:
        person = _person(table)
        if not self._about(table) & MINORS or not person:
            return
        source = table.source or "evidence"
        seen = [
            audit.Seen(str(row[person]), source, str(row["org"]), grants[0].duty, veiled=True)
            for row, grants in shown
            if row.get(person)
        ]
        reader = self.seen.reader.username
        audit.record_views(seen, viewer=reader, now=self.now, route=self.route)

    def _shown(
        self, table: drawn.Table, row: Mapping[str, object], grants: Iterable[Grant]
    ) -> dict[str, object]:
        """Pseudonyms are left out: they tell nobody anything; what is masked stays masked."""
        columns = declared(table.source)
        subjects = self._about(table) or frozenset({Subject.ORG})
        found: dict[str, object] = {}
        for name, value in row.items():
            column = columns.get(name)
            if column is not None and column.type is Type.PUPIL:
                continue
            if name == "subject" and self._about(table) & MINORS:
                continue
            sight = _sight(column, subjects, grants)
            if sight is not Sight.ABSENT:
                clear = sight is Sight.CLEAR
                found[name] = table.shown(name, value) if clear else veil(value)
        return found


def _sight(column: Column | None, subjects: Iterable[Subject], grants: Iterable[Grant]) -> Sight:
    if column is None:
        return Sight.CLEAR
    level = column.level.value
    windows = [grant.role.windows.get(subject) for grant in grants for subject in subjects]
    return best([window.sight(level) for window in windows if window is not None])


def _person(table: drawn.Table) -> str:
    """The column that names the person, if any does."""
    if table.source in BY_KEY:
        return visibility.rows_about(table.source).person
    named = ("pupil_no", "staff_no", "subject")
    return next((name for name in named if name in table.columns), "")


def _withheld(table: drawn.Table) -> Message:
    """That there are rows is no secret where they are many."""
    if table.total >= _LOOKED_AT and len(table.rows) == _LOOKED_AT:
        return say("{title}：{count} 行以上，您的岗位看不到逐行内容。", title=table.title,
                   count=_LOOKED_AT)  # fmt: skip
    if table.total < LEAST:
        return say("{title}：不足 {least} 行，您的岗位看不到。", title=table.title, least=LEAST)
    return say("{title}：{count} 行，您的岗位看不到逐行内容。", title=table.title,
               count=table.total)  # fmt: skip
