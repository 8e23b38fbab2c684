"""Relations derived from the ledgers, made when a run needs them, and what the warehouse holds."""

from collections.abc import Iterable, Iterator

from zhuji.kernel.errors import NotFound
from zhuji.kernel.messages import say
from zhuji.ledgers.declare import MIXED, PUPIL_LIKE, Column, Dated, Ledger, Type
from zhuji.ledgers.derived.declare import AtPoint, Relation
from zhuji.ledgers.derived.funds import FUND_LINES
from zhuji.ledgers.derived.orgs import ORGS_AT
from zhuji.ledgers.derived.pupils import CLASS_ROLLS, PUPILS_AT, PUPILS_CENSUS
from zhuji.ledgers.derived.teachers import TEACHERS_AT, TEACHERS_CENSUS, TRAININGS
from zhuji.ledgers.derived.visits import RESEARCHER_SCHOOLS
from zhuji.ledgers.registry import BY_KEY, LEDGERS
from zhuji.orgs.ciphers import SEALED_NUMBER
from zhuji.warehouse.engine import Engine
from zhuji.warehouse.tables import ColumnType, Table, TableColumn

RELATIONS: tuple[Relation, ...] = (
    ORGS_AT,
    TEACHERS_AT,
    TEACHERS_CENSUS,
    PUPILS_AT,
    PUPILS_CENSUS,
    CLASS_ROLLS,
    TRAININGS,
    FUND_LINES,
    RESEARCHER_SCHOOLS,
)
RELATIONS_BY_KEY = {relation.key: relation for relation in RELATIONS}


def relation(key: str) -> Relation:
    found = RELATIONS_BY_KEY.get(key)
    if found is None:
        raise NotFound(say("没有名为“{key}”的派生关系。", key=key))
    return found


def prepare(engine: Engine, keys: Iterable[str]) -> None:
    """Make the relations that a run needs, each once; ledgers among the keys are there already.

    `periods` and `org_places` must be in the engine: their rows say which kinds of period count.
    """
    wanted = set(keys)
    for made in RELATIONS:
        if made.key in wanted:
            engine.materialise(made.key, made.tree)


def dating(key: str) -> Dated | AtPoint:
    """How the rows of a ledger or relation stand in time."""
    if key in RELATIONS_BY_KEY:
        return RELATIONS_BY_KEY[key].dated
    if key in BY_KEY:
        return BY_KEY[key].dated
    raise NotFound(say("没有名为“{key}”的台账或派生关系。", key=key))


def schema() -> dict[str, dict[str, tuple[str, str]]]:
    """Ledger or relation -> column -> (type, unit), as the warehouse holds them."""
    ledgers = {
        ledger.key: {
            **{column.key: _typed(column) for column in ledger.exported},
            **dict.fromkeys(_SYSTEM, (ColumnType.INTEGER.value, "")),
        }
        for ledger in LEDGERS
    }
    relations = {
        made.key: {column.key: _typed(column) for column in made.columns} for made in RELATIONS
    }
    return ledgers | relations


def table_of(ledger: Ledger, db_table: str) -> Table:
    """What a snapshot takes of a ledger."""
    columns = tuple(_column(ledger, column) for column in ledger.exported)
    return Table(ledger.key, db_table, (*columns, *_system_columns()))


_SYSTEM = {"row_id": "id", "import_id": "import_id", "sheet_row": "sheet_row"}
_TEXTS = (Type.CHOICE, Type.ORG, Type.STAFF, Type.PUPIL)
# What names a pupil in a column that may name others: sealed in the database, clear in a file.
_NAMES_PUPIL = f"{SEALED_NUMBER}|{PUPIL_LIKE}"


def _column(ledger: Ledger, column: Column) -> TableColumn:
    pattern = _NAMES_PUPIL if MIXED.get(ledger.key) == column.key else ""
    return TableColumn(
        column.key,
        _column_type(column),
        pseudonym=column.type is Type.PUPIL or bool(pattern),
        scale=column.scale,
        only_like=pattern,
    )


def _system_columns() -> Iterator[TableColumn]:
    for name, source in _SYSTEM.items():
        yield TableColumn(name, ColumnType.INTEGER, reads=source)


def _column_type(column: Column) -> ColumnType:
    return ColumnType.TEXT if column.type in _TEXTS else ColumnType(column.type.value)


def _typed(column: Column) -> tuple[str, str]:
    return _column_type(column).value, column.unit
