"""THE way to ledger rows for a reader: what exists for them, how clearly, and the record of it."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

from django.db import transaction
from django.db.models import Model, Q, QuerySet

from zhuji.kernel.errors import BadInput, NotAllowed, NotFound
from zhuji.kernel.messages import say
from zhuji.ledgers import registry, vault
from zhuji.ledgers.declare import MIXED, PUPIL_LIKE, Column, Ledger, Type
from zhuji.ledgers.models import rows_of
from zhuji.orgs import audit, queries, scope
from zhuji.orgs.audit import Seen
from zhuji.orgs.models import Person
from zhuji.orgs.roles import NUMBER, Subject
from zhuji.orgs.scope import ClassKey, Reader, Rows, Tree
from zhuji.warehouse.hierarchy import ADMINISTRATION, EdgeRow, OrgRow

Values = tuple[Any, ...]
# Rows that tell of a child's hardship or risk: who sees pupils does not see these by that alone.
CARE = frozenset({"special_pupils", "aid", "dropout_cases"})
# Columns that name a person without the type that says so; a waiver's may name an org as well.
STAFF = {"visits": "staff_no"}


def reader_of(person: Person, *, now: datetime, today: date) -> Reader:
    """Made anew for each request: a post that ended yesterday shows nothing today."""
    return queries.reader(person, tree(today), pupils_of, now=now, today=today)


def tree(today: date) -> Tree:
    """The administration hierarchy as the ledgers hold it."""
    orgs = rows_of("orgs").values_list("org", "kind", "valid_from", "valid_to")
    edges = rows_of("org_edges").filter(hierarchy=ADMINISTRATION)
    found = edges.values_list("org", "parent", "valid_from", "valid_to")
    return _tree(tuple(orgs), tuple(found), today)


@lru_cache(maxsize=8)
def _tree(orgs: tuple[Values, ...], edges: tuple[Values, ...], today: date) -> Tree:
    """Rows are read anew for each request, so that the tree is never older than they are."""
    return scope.tree_on((OrgRow(*row) for row in orgs), (EdgeRow(*row) for row in edges), today)


def pupils_of(staff_no: str, org: str, classes: Iterable[ClassKey], today: date) -> frozenset[str]:
    """Pupils enrolled today in the classes a teacher heads or has in charge."""
    wanted = set(classes)
    if staff_no:
        headed = rows_of("classes").filter(_holds(today), org=org, head_teacher=staff_no)
        wanted |= {ClassKey(org, *row) for row in headed.values_list("stage", "grade", "class_no")}
    if not wanted:
        return frozenset()
    any_class = Q()
    for one in wanted:
        any_class |= Q(**one._asdict())
    enrolled = rows_of("enrolments").filter(_holds(today) & any_class)
    return frozenset(enrolled.values_list("pupil_no", flat=True))


def _holds(today: date) -> Q:
    return Q(valid_from__lte=today) & (Q(valid_to=None) | Q(valid_to__gt=today))


@cache
def rows_about(key: str) -> Rows:
    """What scope must know of a ledger, read off its declaration."""
    ledger = registry.ledger(key)
    levels = {column.key: _level(column) for column in ledger.columns}
    if ledger.key in MIXED:
        person = MIXED[ledger.key]
        levels[person] = NUMBER
        return Rows(ledger.key, Subject.PUPIL, levels, person, PUPIL_LIKE)
    person = _first(ledger, Type.PUPIL)
    if person:
        subject = Subject.CARE if ledger.key in CARE else Subject.PUPIL
        return Rows(ledger.key, subject, levels, person)
    person = STAFF.get(ledger.key) or _first(ledger, Type.STAFF, ledger.natural_key)
    return Rows(ledger.key, Subject.STAFF if person else Subject.ORG, levels, person)


def _first(ledger: Ledger, kind: Type, among: Iterable[str] | None = None) -> str:
    """The first column of a type, if there is one; `among` limits which count."""
    keys = [column.key for column in ledger.columns if column.type is kind]
    return next((key for key in keys if among is None or key in among), "")


def _level(column: Column) -> str:
    return NUMBER if column.type is Type.PUPIL else column.level.value


def ledger(reader: Reader, key: str) -> Ledger:
    """A ledger of whose rows no post of the reader's could show any does not exist for them."""
    found = registry.ledger(key)
    subject = rows_about(found.key).subject
    if not any(subject in grant.role.windows for grant in reader.grants):
        raise NotFound(say("没有这张台账，或者它不在您的可见范围内。"))
    return found


def visible_to(reader: Reader, key: str) -> QuerySet[Any]:
    """The rows of a ledger that exist for this reader."""
    rows: QuerySet[Model] = rows_of(registry.ledger(key).key).all()
    return scope.visible_to(reader, rows, rows_about(key))


def one(reader: Reader, key: str, row_id: int) -> dict[str, object]:
    """One row, neither masked nor opened; out of scope looks exactly like never having been."""
    found: dict[str, object] | None = visible_to(reader, key).filter(pk=row_id).values().first()
    if found is None:
        raise NotFound(say("没有这条记录，或者它不在您的可见范围内。"))
    return found


@transaction.atomic
def show(
    reader: Reader, key: str, rows: Iterable[Mapping[str, object]], *, now: datetime, route: str
) -> list[dict[str, object]]:
    """Rows as the reader may see them, each with its `id`; a view of a minor leaves a record."""
    about = rows_about(key)
    ledger = registry.ledger(key)
    kept = [vault.opened(ledger, row) for row in rows if scope.windows(reader, about, row)]
    _record_views(reader, about, kept, now=now, route=route)
    return [{"id": row.get("id"), **scope.shown(reader, about, row)} for row in kept]


@transaction.atomic
def reveal(
    reader: Reader, where: tuple[str, int, str], *, now: datetime, route: str, reason: str
) -> object:
    """One masked value in the clear, for a reason that is kept; `where`: ledger, row id, column."""
    key, row_id, column = where
    about, row = rows_about(key), one(reader, key, row_id)
    if not reason.strip():
        raise BadInput(say("请写明查看的事由。"))
    if not scope.may_reveal(reader, about, row, column):
        raise NotAllowed(say("您的岗位不能查看这一项。"))
    _record_views(reader, about, [row], now=now, route=route, reason=reason)
    shown = audit.About("reveal", f"{about.ledger} {row_id} {column}", str(row["org"]), route)
    audit.record("row.reveal", shown, actor=reader.username, now=now, why=reason)
    return vault.opened(registry.ledger(key), row)[column]


def note(
    reader: Reader, key: str, rows: Iterable[Mapping[str, object]], *, now: datetime, route: str
) -> None:
    """That rows were seen otherwise than by `show`: their history, or what was removed."""
    _record_views(reader, rows_about(key), rows, now=now, route=route)


def _record_views(
    reader: Reader,
    about: Rows,
    rows: Iterable[Mapping[str, object]],
    *,
    now: datetime,
    route: str,
    reason: str = "",
) -> None:
    seen = [
        Seen(
            str(row[about.person]),
            about.ledger,
            str(row["org"]),
            scope.duty(reader, about, row),
        )
        for row in rows
        if about.names_minor(row)
    ]
    if seen:
        audit.record_views(seen, viewer=reader.username, now=now, route=route, reason=reason)
