"""The manifest of a snapshot: what it holds, when it was known, and the digest that proves it."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from zhuji.kernel.errors import BadInput, NotFound
from zhuji.kernel.messages import say
from zhuji.warehouse.tables import literal

FILE_NAME = "manifest.json"
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
SnapshotId = Annotated[str, StringConstraints(pattern=r"^[0-9]{8}-[0-9a-f]{16}$")]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Count = Annotated[int, Field(ge=0)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Part(_Frozen):
    """One object, and whose rows in it count: all, `only` some, or all `excepting` some."""

    sha256: Sha256
    rows: Count  # in the object, the hidden ones included
    bytes: Count
    only: tuple[str, ...] | None = None
    excepting: tuple[str, ...] = ()

    @property
    def condition(self) -> str:
        """The rows that count, as SQL; empty when all do."""
        if self.only is not None:
            return f"org IN ({_listed(self.only)})"
        return f"org NOT IN ({_listed(self.excepting)})" if self.excepting else ""

    def without(self, orgs: frozenset[str]) -> Part | None:
        """The same object with these organisations hidden; None when nothing is left to see."""
        if self.only is None:
            return self.model_copy(update={"excepting": tuple(sorted({*self.excepting, *orgs}))})
        left = tuple(org for org in self.only if org not in orgs)
        return self.model_copy(update={"only": left}) if left else None


class TableParts(_Frozen):
    columns: dict[Name, str]  # name -> DuckDB type
    rows: Count  # that count
    parts: tuple[Part, ...]


class Manifest(_Frozen):
    as_of: date
    known_at: AwareDatetime
    version: str
    key_id: str  # tells which pseudonym key was used without telling the key
    parent: SnapshotId | None = None
    tables: dict[Name, TableParts]

    @property
    def digest(self) -> str:
        return hashlib.sha256(_canonical(self._content()).encode()).hexdigest()

    @property
    def id(self) -> str:
        return f"{self.as_of:%Y%m%d}-{self.digest[:16]}"

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())

    @property
    def objects(self) -> dict[str, Part]:
        """The files it stands on, each once."""
        return {part.sha256: part for table in self.tables.values() for part in table.parts}

    def text(self) -> str:
        whole = {"id": self.id, "digest": self.digest, **self._content()}
        return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"

    def _content(self) -> dict[str, object]:
        known_at = self.known_at.astimezone(UTC).isoformat()
        return {**self.model_dump(mode="json"), "known_at": known_at}


class Written(_Frozen):
    """A manifest as it stands in a file, with what the file says of itself."""

    id: str
    digest: str
    manifest: Manifest

    @property
    def edited(self) -> bool:
        return (self.id, self.digest) != (self.manifest.id, self.manifest.digest)


def read(path: Path) -> Written:
    """Read strictly: an unknown or missing field is refused with its name."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise NotFound(say("没有编号为“{id}”的快照。", id=path.parent.name)) from None
    except (ValueError, OSError):
        raise BadInput(
            say("快照“{id}”的清单不是可读的 JSON 文件，请从备份恢复。", id=path.parent.name)
        ) from None
    try:
        own = {key: found.pop(key) for key in ("id", "digest")}
        return Written(**own, manifest=Manifest.model_validate(found))
    except (ValidationError, KeyError, AttributeError, TypeError) as error:
        raise _unreadable(path, error) from None


def _unreadable(path: Path, error: Exception) -> BadInput:
    field = "id / digest"
    if isinstance(error, ValidationError):
        field = ".".join(str(step) for step in error.errors()[0]["loc"])
    return BadInput(
        say(
            "快照“{id}”的清单在 {field} 处缺失、多余或写错，请从备份恢复。",
            id=path.parent.name,
            field=field,
        )
    )


def utc(moment: datetime) -> datetime:
    """The instant at which facts were known: it also puts snapshots in order."""
    return moment.astimezone(UTC)


def _canonical(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _listed(orgs: tuple[str, ...]) -> str:
    return ", ".join(literal(org) for org in orgs)
