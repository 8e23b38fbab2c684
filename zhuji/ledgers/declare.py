"""What a ledger is: one declaration from which every face of it follows."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

from zhuji.kernel.messages import Label as Label


class Type(StrEnum):
    """What a cell may hold. The last three are codes of somebody or something else."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    MONEY = "money"
    DATE = "date"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    ORG = "org"
    STAFF = "staff"
    PUPIL = "pupil"


class Level(StrEnum):
    """How far a value may travel. `personal` and `sensitive` never enter a snapshot."""

    PUBLIC = "public"
    WORK = "work"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"


@dataclass(frozen=True)
class Valid:
    """A row holds on the days start <= day < end; an empty end is open."""

    start: str = "valid_from"
    end: str = "valid_to"


@dataclass(frozen=True)
class Event:
    """A row happened on one day."""

    on: str


@dataclass(frozen=True)
class Counted:
    """A row was counted on one day and holds until the next count of the same key."""

    on: str = "counted_on"


# A pupil's number: a letter and an identity number, or a code built like one.
PUPIL_LIKE = "[GJL][0-9]{17}[0-9X]"
# Columns that name a pupil, a member of staff or an organisation.
MIXED = {"waivers": "subject"}

Dated = Valid | Event | Counted | None


@dataclass(frozen=True)
class Option:
    """One allowed value of a choice column."""

    value: str
    label: Label


@dataclass(frozen=True)
class Column:
    key: str
    label: Label
    type: Type
    required: bool = False
    options: tuple[Option, ...] = ()
    help: Label | None = None
    example: str = ""
    unit: str = ""
    scale: int = 2
    level: Level = Level.WORK
    check: str = ""  # name of a code check in kernel.codes, without its `check_`
    refers: str = ""  # the ledger whose `key` this code must be found in
    standard: str = ""  # field code of the national data standard

    @property
    def is_code(self) -> bool:
        """Whether it is a name made of signs: never a quantity, whatever Excel thinks of it."""
        if self.type in (Type.ORG, Type.STAFF, Type.PUPIL):
            return True
        named = bool(self.check or self.refers) or self.key.endswith("_no")
        return self.type is Type.TEXT and named

    @property
    def places(self) -> int:
        """Decimal places that are kept; whole numbers and texts have none."""
        match self.type:
            case Type.MONEY:
                return 2
            case Type.DECIMAL:
                return self.scale
            case _:
                return 0

    @property
    def leaves(self) -> bool:
        """Whether the value may enter a snapshot (a pupil's number enters as a pseudonym)."""
        return self.level in (Level.PUBLIC, Level.WORK)


@dataclass(frozen=True)
class Ledger:
    key: str
    label: Label
    about: Label
    columns: tuple[Column, ...]
    natural_key: tuple[str, ...]
    dated: Dated = None
    row_unit: str = "row"  # what one row counts: person, class, school, session ...
    owner: str = "school"  # who enters it: school, town, county
    clauses: tuple[str, ...] = ()
    by_key: dict[str, Column] = field(init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_key", {column.key: column for column in self.columns})
        unknown = set(self._named_keys()) - self.by_key.keys()
        if unknown or len(self.by_key) != len(self.columns) or self.columns[0].key != "org":
            raise ValueError(f"{self.key}: unknown, repeated or misplaced columns {unknown}")
        # A database holds two empty cells to be different, so an empty key would repeat.
        loose = [key for key in self.natural_key if not self.by_key[key].required]
        if loose:
            raise ValueError(f"{self.key}: {loose} in the key but not required")

    def _named_keys(self) -> Iterator[str]:
        yield from self.natural_key
        match self.dated:
            case Valid(start, end):
                yield from (start, end)
            case Event(on) | Counted(on):
                yield on

    @property
    def exported(self) -> tuple[Column, ...]:
        """The columns that a snapshot holds."""
        return tuple(column for column in self.columns if column.leaves)


def text(key: str, zh: str, en: str, **more: object) -> Column:
    return _column(key, zh, en, Type.TEXT, more)


def integer(key: str, zh: str, en: str, unit: str = "", **more: object) -> Column:
    return _column(key, zh, en, Type.INTEGER, {"unit": unit, **more})


def decimal(key: str, zh: str, en: str, unit: str = "", **more: object) -> Column:
    return _column(key, zh, en, Type.DECIMAL, {"unit": unit, **more})


def money(key: str, zh: str, en: str, **more: object) -> Column:
    return _column(key, zh, en, Type.MONEY, {"unit": "yuan", **more})


def day(key: str, zh: str, en: str, **more: object) -> Column:
    return _column(key, zh, en, Type.DATE, {"example": "2021-09-01", **more})


def flag(key: str, zh: str, en: str, **more: object) -> Column:
    return _column(key, zh, en, Type.BOOLEAN, {"example": "是", **more})


def choice(key: str, zh: str, en: str, *options: str, **more: object) -> Column:
    """Each option is written "value 中文 English words"."""
    parsed = tuple(_option(text) for text in options)
    example = parsed[0].label.zh
    return _column(key, zh, en, Type.CHOICE, {"options": parsed, "example": example, **more})


def org(
    key: str = "org", zh: str = "学校标识码", en: str = "school code", **more: object
) -> Column:
    standard = {
        "required": key == "org",
        "refers": "orgs",
        "example": "2137000101",
        "standard": "XXBSM",
    }
    return _column(key, zh, en, Type.ORG, {**standard, "level": Level.PUBLIC, **more})


def staff(
    key: str = "staff_no", zh: str = "教职工号", en: str = "staff number", **more: object
) -> Column:
    standard = {"required": True, "refers": "staff", "example": "S000001", "standard": "JZGH"}
    return _column(key, zh, en, Type.STAFF, {**standard, **more})


def pupil(
    key: str = "pupil_no", zh: str = "学籍号", en: str = "pupil number", **more: object
) -> Column:
    standard = {"required": True, "refers": "pupils", "check": "pupil_number", "standard": "XJH"}
    example = "G990101201301010010"
    return _column(key, zh, en, Type.PUPIL, {**standard, "example": example, **more})


def required(column: Column) -> Column:
    return replace(column, required=True)


def _column(key: str, zh: str, en: str, kind: Type, more: dict[str, object]) -> Column:
    help_text = more.pop("help", None)
    if isinstance(help_text, tuple):
        more["help"] = Label(*help_text)
    return Column(key, Label(zh, en), kind, **more)  # type: ignore[arg-type]  # keywords checked by the dataclass


def _option(words: str) -> Option:
    value, zh, en = words.split(" ", 2)
    return Option(value, Label(zh, en))
