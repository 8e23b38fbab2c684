"""A form: which cells of which ledger rows are asked for, and how many of them are known."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from fractions import Fraction
from hashlib import sha256
from json import dumps
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from zhuji.ledgers import visibility
from zhuji.ledgers.declare import Column, Counted, Event, Ledger, Type, Valid
from zhuji.ledgers.registry import ledger as ledger_of
from zhuji.orgs import scope
from zhuji.orgs.roles import Reach
from zhuji.orgs.scope import Reader

Row = Mapping[str, object]


@dataclass(frozen=True)
class Form:
    """`where`: column -> value; `since`: the first day of what happened or was counted."""

    ledger: str
    columns: tuple[str, ...]
    where: Mapping[str, object] = field(default_factory=dict)
    on: date = date.max
    since: date | None = None

    @property
    def declared(self) -> Ledger:
        return ledger_of(self.ledger)

    @property
    def asked(self) -> tuple[Column, ...]:
        """The chosen columns, in the order of the ledger."""
        chosen = set(self.columns)
        return tuple(column for column in self.declared.columns if column.key in chosen)

    @property
    def shown(self) -> tuple[Column, ...]:
        """What tells a row apart, then what is asked of it."""
        key = [self.declared.by_key[name] for name in self.declared.natural_key if name != "org"]
        return tuple(dict.fromkeys([*key, *self.asked]))


@dataclass(frozen=True)
class Holding:
    """What a ledger holds of one org: rows, cells with a value by column, the newest change."""

    rows: int = 0
    by_column: Mapping[str, int] = field(default_factory=dict)
    changed_at: datetime | None = None

    @property
    def known(self) -> int:
        return sum(self.by_column.values())


@dataclass(frozen=True)
class Measure:
    """An org without any row counts as one row of which nothing is known."""

    width: int
    orgs: Mapping[str, Holding]

    @property
    def cells(self) -> int:
        return sum(max(one.rows, 1) for one in self.orgs.values()) * self.width

    @property
    def known(self) -> int:
        return sum(one.known for one in self.orgs.values())

    @property
    def share(self) -> Fraction:
        return Fraction(self.known, self.cells) if self.cells else Fraction(1)

    def lacks(self, org: str) -> int:
        """How many cells of an org are still to be filled."""
        held = self.orgs.get(org, Holding())
        return max(held.rows, 1) * self.width - held.known

    def known_of(self, columns: Collection[str]) -> Fraction:
        """The share of cells with a value in these columns of the rows that there are."""
        cells = sum(one.rows for one in self.orgs.values()) * len(columns)
        found = sum(one.by_column.get(key, 0) for one in self.orgs.values() for key in columns)
        return Fraction(found, cells) if cells else Fraction(1)

    def narrowed(self, columns: Collection[str]) -> "Measure":
        """The same of a form that asks for these columns only."""
        kept = {
            org: replace(one, by_column={key: one.by_column[key] for key in columns if one.rows})
            for org, one in self.orgs.items()
        }
        return Measure(len(columns), kept)

    @property
    def lacking(self) -> tuple[str, ...]:
        return tuple(org for org in self.orgs if self.lacks(org))


def sees_all(reader: Reader, ledger: str) -> bool:
    """Whether some post sees whole orgs in this ledger: a teacher sees only their own rows."""
    subject = visibility.rows_about(ledger_of(ledger).key).subject
    windows = (grant.role.windows.get(subject) for grant in reader.grants)
    return any(window is not None and window.reach is Reach.ALL for window in windows)


def open_columns(reader: Reader, ledger: str) -> tuple[Column, ...]:
    """What may be asked for: what the asker may see anyway. An open end is no gap."""
    declared = ledger_of(ledger)
    seen = scope.open_columns(reader, visibility.rows_about(declared.key))
    end = declared.dated.end if isinstance(declared.dated, Valid) else ""
    return tuple(
        column
        for column in declared.columns
        if column.key in seen and column.key not in ("org", end)
    )


def rows(reader: Reader, form: Form, orgs: Collection[str]) -> QuerySet[Any]:
    """The rows of the form that exist for this reader, in the order of their keys."""
    declared = form.declared
    found = visibility.visible_to(reader, declared.key).filter(org__in=sorted(orgs), **form.where)
    return found.filter(_dated(declared, form)).order_by(*declared.natural_key)


def _dated(declared: Ledger, form: Form) -> Q:
    match declared.dated:
        case Valid(start, end):
            still = Q(**{end: None}) | Q(**{f"{end}__gt": form.on})
            return Q(**{f"{start}__lte": form.on}) & still
        case Event(on) | Counted(on):
            until = Q(**{f"{on}__lte": form.on})
            return until & Q(**{f"{on}__gte": form.since}) if form.since else until
        case _:
            return Q()


def measure(reader: Reader, form: Form, orgs: Collection[str]) -> Measure:
    """How much of the form the ledger knows, org by org, in one statement."""
    names = [column.key for column in form.asked]
    counts = {f"known_{name}": Count(name) for name in names}
    # The order of the rows would split the groups.
    grouped = rows(reader, form, orgs).order_by().values("org")
    found = grouped.annotate(rows=Count("pk"), changed=Max("changed_at"), **counts)
    held = {
        str(one["org"]): Holding(
            one["rows"], {name: one[f"known_{name}"] for name in names}, one["changed"]
        )
        for one in found
    }
    return Measure(len(names), {org: held.get(org, Holding()) for org in sorted(orgs)})


def missing(form: Form, row: Row, excused: Collection[str]) -> tuple[Column, ...]:
    """The cells of a row that are neither filled nor said not to apply."""
    return tuple(
        column
        for column in form.asked
        if row[column.key] is None and cell_name(row["id"], column.key) not in excused
    )


def cell_name(row_id: object, column: str) -> str:
    """How a page and a return name one cell."""
    return f"{row_id}.{column}"


def digest(form: Form, org: str, found: Iterable[Row], excused: Iterable[str], nil: bool) -> str:
    """What somebody signs: every cell as it was shown, and nothing else."""
    names = [column.key for column in form.shown]
    shown = [[row["id"], *(row[name] for name in names)] for row in found]
    content = [form.ledger, names, org, shown, sorted(excused), nil]
    return sha256(dumps(content, ensure_ascii=True, default=str).encode()).hexdigest()


def values(form: Form, found: QuerySet[Any]) -> list[dict[str, object]]:
    """The rows with their ids and every shown column."""
    person = visibility.rows_about(form.ledger).person
    shown = [column.key for column in form.shown]
    names = dict.fromkeys(["id", "org", *([person] if person else []), *shown])
    return list(found.values(*names))


def choices(reader: Reader, ledger: str) -> tuple[Column, ...]:
    """Columns by whose value a form can be narrowed."""
    return tuple(one for one in open_columns(reader, ledger) if one.type is Type.CHOICE)
