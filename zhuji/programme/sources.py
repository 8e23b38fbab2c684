"""What indicators may read, told from the ledgers' declarations and the derived relations."""

from functools import cache

from zhuji.indicators import sources as read
from zhuji.ledgers import declare
from zhuji.ledgers.derived.declare import AtPoint, Relation
from zhuji.ledgers.registry import LEDGERS
from zhuji.ledgers.relations import RELATIONS, schema

# Who is expected to have rows: every school where schools keep the ledger; nobody in
# particular where the town or the county does.
_LEVELS = {"school": "school"}


@cache
def sources() -> dict[str, read.Source]:
    typed = schema()
    every = [_of_ledger(ledger, typed[ledger.key]) for ledger in LEDGERS]
    every += [_of_relation(relation, typed[relation.key]) for relation in RELATIONS]
    return {source.key: source for source in every}


def _of_ledger(ledger: declare.Ledger, typed: dict[str, tuple[str, str]]) -> read.Source:
    return read.Source(
        key=ledger.key,
        label=ledger.label,
        fields=_fields(typed, ledger.columns),
        dated=_dated(ledger.dated, ledger.natural_key),
        row_unit=ledger.row_unit,
        level=_LEVELS.get(ledger.owner),
    )


def _of_relation(relation: Relation, typed: dict[str, tuple[str, str]]) -> read.Source:
    at_point = isinstance(relation.dated, AtPoint)
    return read.Source(
        key=relation.key,
        label=relation.label,
        fields=_fields(typed, relation.columns),
        dated=read.AtPeriod() if at_point else _dated(relation.dated, ()),
        row_unit=relation.row_unit,
        level="school" if at_point else None,
    )


def _fields(
    typed: dict[str, tuple[str, str]], columns: tuple[declare.Column, ...]
) -> dict[str, read.Field]:
    declared = {column.key: column for column in columns}
    return {name: _field(kind, unit, declared.get(name)) for name, (kind, unit) in typed.items()}


def _field(kind: str, unit: str, column: declare.Column | None) -> read.Field:
    number = "decimal" if kind == "money" else kind
    if column is None:
        return read.Field(read.Kind(number), unit)
    return read.Field(
        read.Kind(number),
        unit,
        required=column.required,
        label=column.label,
        options=tuple(option.value for option in column.options),
    )


def _dated(dated: object, key: tuple[str, ...]) -> read.Dating:
    match dated:
        case declare.Valid(start, end):
            return read.Valid(start, end)
        case declare.Event(on):
            return read.Event(on)
        case declare.Counted(on):
            return read.Counted(on, key)
        case _:
            return None
