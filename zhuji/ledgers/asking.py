"""What may be asked of a list: filters by the type of a column, read from an address and back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import Q

from zhuji.kernel.errors import BadInput, Issue, Level, NotFound
from zhuji.kernel.messages import say
from zhuji.ledgers import queries, visibility
from zhuji.ledgers.converters import convert
from zhuji.ledgers.declare import Column, Ledger, Type
from zhuji.ledgers.scope import Scope
from zhuji.orgs import scope
from zhuji.orgs.scope import Reader

SIZES = (20, 50, 100, 200)
SIZE = 50
MOST_FILTERS = 20


class How(StrEnum):
    """`under`: the organisation or any below it; `in`: one of several; `to` includes its day."""

    CONTAINS = "contains"
    EQUALS = "equals"
    FROM = "from"
    TO = "to"
    IN = "in"
    UNDER = "under"
    BLANK = "blank"
    FILLED = "filled"


_TEXTUAL = (How.CONTAINS, How.EQUALS)
_ORDERED = (How.EQUALS, How.FROM, How.TO)
_HOWS: dict[Type, tuple[How, ...]] = {
    Type.TEXT: _TEXTUAL,
    Type.STAFF: _TEXTUAL,
    Type.PUPIL: (),
    Type.INTEGER: _ORDERED,
    Type.DECIMAL: _ORDERED,
    Type.MONEY: _ORDERED,
    Type.DATE: _ORDERED,
    Type.BOOLEAN: (How.EQUALS,),
    Type.CHOICE: (How.EQUALS, How.IN),
    Type.ORG: (How.EQUALS, How.IN, How.UNDER),
}


@dataclass(frozen=True)
class Filter:
    column: str
    how: How
    value: str = ""


@dataclass(frozen=True)
class Query:
    """`columns`: which to show, all when empty; `text`: words to be found in any open column."""

    filters: tuple[Filter, ...] = ()
    sort: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    offset: int = 0
    size: int = SIZE
    text: str = ""


@dataclass(frozen=True)
class Choice:
    """One column with the ways in which it can be filtered."""

    column: Column
    hows: tuple[How, ...]


def choices(ledger: Ledger, open_ones: frozenset[str]) -> tuple[Choice, ...]:
    return tuple(
        Choice(column, hows) for column in ledger.columns if (hows := _hows(column, open_ones))
    )


def _hows(column: Column, open_ones: frozenset[str]) -> tuple[How, ...]:
    if column.key not in open_ones:
        return ()
    more = () if column.required else (How.BLANK, How.FILLED)
    return (*_HOWS[column.type], *more)


def parse(reader: Reader, key: str, params: Mapping[str, Sequence[str]]) -> Query:
    """`org__under=…&name__contains=…&sort=-children&columns=a,b&page=2&size=50&q=…`, strictly."""
    ledger = visibility.ledger(reader, key)
    about = visibility.rows_about(ledger.key)
    known = {c.column.key: c for c in choices(ledger, scope.open_columns(reader, about))}
    filters = tuple(
        _filter(known, name, value)
        for name, values in params.items()
        if "__" in name
        for value in values
        if value.strip() or name.endswith((How.BLANK, How.FILLED))
    )
    if len(filters) > MOST_FILTERS:
        raise BadInput(say("一次最多用 {most} 个筛选条件。", most=MOST_FILTERS))
    size = _whole(params, "size", SIZE)
    if size not in SIZES:
        raise BadInput(say("每页行数只能是 {sizes}。", sizes=SIZES))
    query = Query(
        filters,
        tuple(_sorting(known, one) for one in _words(params, "sort")),
        tuple(one for one in _words(params, "columns") if one in ledger.by_key),
        (_whole(params, "page", 1) - 1) * size,
        size,
        _last(params, "q"),
    )
    condition(ledger, query, frozenset(known), today=reader.today)  # refuses what cannot be read
    return query


def params_of(query: Query) -> list[tuple[str, str]]:
    """The same as an address says it."""
    pairs = [(f"{one.column}__{one.how.value}", one.value or "1") for one in query.filters]
    pairs += [("sort", ",".join(query.sort))] if query.sort else []
    pairs += [("columns", ",".join(query.columns))] if query.columns else []
    pairs += [("q", query.text)] if query.text else []
    pairs += [("size", str(query.size))] if query.size != SIZE else []
    page = query.offset // query.size + 1
    return pairs + ([("page", str(page))] if page > 1 else [])


def condition(ledger: Ledger, query: Query, open_ones: frozenset[str], *, today: date) -> Q:
    """All filters together, and the words; a column that is not open cannot be asked about."""
    wanted = Q()
    issues: list[Issue] = []
    names = Scope()
    for one in query.filters:
        column = ledger.by_key.get(one.column)
        if column is None or one.how not in _hows(column, open_ones):
            raise _not_for(one.column)
        try:
            wanted &= _one(column, one, names, today)
        except BadInput as fault:
            issues += [_placed(issue, one) for issue in fault.issues]
    if issues:
        raise BadInput(say("有 {count} 个筛选条件不能读懂。", count=len(issues)), tuple(issues))
    return wanted & _anywhere(ledger, query.text, open_ones)


def _one(column: Column, asked: Filter, names: Scope, today: date) -> Q:
    key = column.key
    if asked.how in (How.BLANK, How.FILLED):
        return Q(**{f"{key}__isnull": asked.how is How.BLANK})
    if asked.how is How.CONTAINS:
        return Q(**{f"{key}__icontains": asked.value.strip()})
    if asked.how is How.UNDER:
        return Q(**{f"{key}__in": _under(asked.value, today)})
    if asked.how is How.IN:
        values = [_read(column, part, names) for part in asked.value.replace("，", ",").split(",")]
        return Q(**{f"{key}__in": values})
    return _compared(column, asked, _read(column, asked.value, names))


def _compared(column: Column, asked: Filter, value: object) -> Q:
    match asked.how, value:
        case How.FROM, _:
            return Q(**{f"{column.key}__gte": value})
        case How.TO, date():
            return Q(**{f"{column.key}__lt": value + timedelta(days=1)})
        case How.TO, _:
            return Q(**{f"{column.key}__lte": value})
        case _:
            return Q(**{column.key: value})


def _under(org: str, today: date) -> tuple[str, ...]:
    try:
        return queries.under(org.strip(), today)
    except NotFound as unknown:
        issue = Issue(Level.ERROR, unknown.message, value=org, code="org.unknown")
        raise BadInput(unknown.message, (issue,)) from None


def _read(column: Column, text: str, names: Scope) -> object:
    """By the same converters as an import: 二〇二一年九月一日, full-width digits, 是."""
    [value], faults = convert(column, [text.strip()], orgs=names.names())
    if faults:
        raise faults[0]
    return value


def _anywhere(ledger: Ledger, text: str, open_ones: frozenset[str]) -> Q:
    found = Q()
    for word in text.split()[:5]:
        any_of = Q(pk__in=[])
        for column in ledger.columns:
            if column.key in open_ones and column.type in _SEARCHED:
                any_of |= _holds(column, word)
        found &= any_of
    return found


_SEARCHED = (Type.TEXT, Type.STAFF, Type.ORG, Type.CHOICE)


def _holds(column: Column, word: str) -> Q:
    """A choice is looked for by the words it is shown with."""
    if column.type is Type.CHOICE:
        lowered = word.casefold()
        values = [o.value for o in column.options if _says(lowered, o.label.zh, o.label.en)]
        return Q(**{f"{column.key}__in": values})
    return Q(**{f"{column.key}__icontains": word})


def _says(word: str, *labels: str) -> bool:
    return any(word in label.casefold() for label in labels)


def _filter(known: Mapping[str, Choice], name: str, value: str) -> Filter:
    column, _, how = name.rpartition("__")
    if column not in known or how not in {one.value for one in known[column].hows}:
        raise _not_for(name)
    return Filter(column, How(how), "" if how in (How.BLANK, How.FILLED) else value)


def _sorting(known: Mapping[str, Choice], name: str) -> str:
    if name.removeprefix("-") not in known:
        raise _not_for(name.removeprefix("-"))
    return name


def _not_for(name: str) -> BadInput:
    return BadInput(say("不能按“{name}”筛选或排序。", name=name))


def _placed(issue: Issue, asked: Filter) -> Issue:
    return Issue(
        issue.level,
        issue.message,
        column=asked.column,
        value=asked.value,
        proposal=issue.proposal,
        code=issue.code,
    )


def _last(params: Mapping[str, Sequence[str]], name: str) -> str:
    values = params.get(name) or [""]
    return values[-1].strip()


def _words(params: Mapping[str, Sequence[str]], name: str) -> list[str]:
    return [word for word in _last(params, name).split(",") if word]


def _whole(params: Mapping[str, Sequence[str]], name: str, default: int) -> int:
    text = _last(params, name)
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and int(text[:9]) > 0 and len(text) < 9):
        raise BadInput(say("“{name}”应为正整数。", name=name))
    return int(text)
