"""What stands in a backup beside the files: where it came from, and what was true of it then."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Count = Annotated[int, Field(ge=0)]
Vendor = Literal["sqlite", "postgresql"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Entry(_Frozen):
    """One file of the archive."""

    bytes: Count
    sha256: Sha256


class TableFact(_Frozen):
    rows: Count
    digest: Sha256  # of all rows in the order of their primary key


class Chain(_Frozen):
    """The audit trail as its verifier finds it."""

    seals: Count
    records: Count
    head: str
    faults: Count


class Facts(_Frozen):
    """What can be measured of a database, all at one moment."""

    tables: dict[str, TableFact]
    structure: Sha256  # columns, constraints, indexes and triggers
    faults: tuple[str, ...]  # of the file's integrity, as the engine words them
    orphans: Count  # rows whose foreign key points nowhere
    migrations: tuple[str, ...]
    chain: Chain | None = None

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())


class Origin(_Frozen):
    """The engine a database was saved from; `major` decides where it can go back."""

    vendor: Vendor
    major: int
    server: str


class Lights(_Frozen):
    """A judgement in totals: kind of item -> light -> how many."""

    plan: str  # as it was asked for
    version: str
    package: Sha256
    snapshot: str
    counts: dict[str, dict[str, Count]]


class Manifest(_Frozen):
    made_at: AwareDatetime
    version: str
    origin: Origin | None = None  # none in an archive of keys
    facts: Facts | None = None
    snapshots: dict[str, Count] = {}  # id -> faults found in it when the backup was made
    lights: Lights | None = None
    entries: dict[str, Entry]
