"""One package folder read into entries of the model, with all that is wrong said at once."""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path as Folder
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from zhuji.kernel.errors import BadInput, Issue, Level
from zhuji.kernel.messages import say
from zhuji.plan.explain import Said, explain, unknown_key
from zhuji.plan.files import (
    CALENDAR_FILE,
    HEADER_FILE,
    SECTIONS,
    Section,
    content_of,
    shown,
    strays,
)
from zhuji.plan.loaded import HEADER, Place
from zhuji.plan.model import CalendarData, Plan
from zhuji.plan.strict import Data, Document, Path, read_document

Made = TypeVar("Made", bound=BaseModel)
_ABSENT = ("missing", "missing_argument", "extra_forbidden", "unexpected_keyword_argument")
_HEADER_FIELDS = tuple(
    name
    for name in Plan.model_fields
    if name != "calendar" and name not in {section.name for section in SECTIONS}
)


@dataclass(slots=True)
class _Reading:
    """What has been found so far in one folder."""

    root: Folder
    issues: list[Issue] = field(default_factory=list)
    positions: dict[Path, Place] = field(default_factory=dict)

    def document(self, path: Folder) -> Document | None:
        try:
            return read_document(content_of(path, self.root), shown(path, self.root))
        except BadInput as refusal:
            self.issues += refusal.issues
            return None

    def remember(
        self, prefix: Path, document: Document, file: str, keys: Container[str] | None = None
    ) -> None:
        for path, line in document.lines.items():
            if keys is None or (path and path[0] in keys):
                self.positions[(*prefix, *path)] = Place(file, line)

    def complain(self, place: Place, said: Said, code: str) -> None:
        message, proposal = said
        self.issues.append(
            Issue(Level.ERROR, message, place.file, place.line, proposal=proposal, code=code)
        )


def read_folder(root: Folder) -> tuple[Plan, dict[Path, Place]]:
    """Read a package without its imports, or refuse with every issue in it."""
    reading = _Reading(root)
    if not (root / HEADER_FILE).is_file():
        raise _no_package(root)
    reading.issues += strays(root)
    plan = _header(reading)
    calendar = _calendar(reading)
    sections = {section.name: tuple(_section(reading, section)) for section in SECTIONS}
    if reading.issues or plan is None:
        first, *_ = reading.issues
        raise BadInput(first.sentence(), tuple(reading.issues))
    return plan.model_copy(update={**sections, "calendar": calendar}), reading.positions


def header_of(root: Folder) -> Plan:
    """What the first file of a package says, without reading the rest."""
    reading = _Reading(root)
    plan = _header(reading)
    if plan is None:
        raise BadInput(reading.issues[0].sentence(), tuple(reading.issues))
    return plan


def _no_package(root: Folder) -> BadInput:
    issue = Issue(
        Level.ERROR,
        say("这里没有 plan.yaml，不是方案包。"),
        file=root.name,
        proposal=say("请指向含 plan.yaml 的文件夹。"),
        code="file.header",
    )
    return BadInput(issue.sentence(), (issue,))


def _header(reading: _Reading) -> Plan | None:
    path = reading.root / HEADER_FILE
    document = reading.document(path)
    if document is None:
        return None
    file = shown(path, reading.root)
    reading.remember((HEADER,), document, file)
    fields = dict(document.data)
    for name in [name for name in fields if name not in _HEADER_FIELDS]:
        del fields[name]
        place = Place(file, document.lines[(name,)])
        reading.complain(place, unknown_key(name, _HEADER_FIELDS), "extra_forbidden")
    return _made(reading, Plan, fields, (HEADER,))


def _calendar(reading: _Reading) -> CalendarData:
    path = reading.root / CALENDAR_FILE
    document = reading.document(path) if path.is_file() else None
    if document is None:
        return CalendarData()
    reading.remember(("calendar",), document, shown(path, reading.root))
    return _made(reading, CalendarData, document.data, ("calendar",)) or CalendarData()


def _section(reading: _Reading, section: Section) -> Iterator[BaseModel]:
    for path in section.files(reading.root):
        document = reading.document(path)
        if document is None:
            continue
        file = shown(path, reading.root)
        fresh = _fresh(reading, section, document, file)
        for key, fields in fresh.items():
            whole = {section.key: key, **fields}
            entry = _made(reading, section.model, whole, (section.name, key))
            if entry is not None:
                yield entry


def _fresh(
    reading: _Reading, section: Section, document: Document, file: str
) -> dict[str, dict[str, Data]]:
    """The entries of a file that can be read further; their places are remembered."""
    fresh: dict[str, dict[str, Data]] = {}
    for key, fields in document.data.items():
        place = Place(file, document.lines[(key,)])
        before = reading.positions.get((section.name, key))
        if before is not None:
            reading.complain(place, _twice(key, before), "repeated")
        elif not isinstance(fields, dict):
            reading.complain(place, _no_entry(key), "model_type")
        elif section.key in fields:
            within = Place(file, document.lines[(key, section.key)])
            reading.complain(within, _needless(key, section.key), "extra_forbidden")
        else:
            fresh[key] = fields
    reading.remember((section.name,), document, file, fresh)
    return fresh


def _twice(key: str, before: Place) -> Said:
    file, line = before.file, before.line
    return (
        say("“{key}”重复，文件“{file}”第 {line} 行已有。", key=key, file=file, line=line),
        say("请删去一个，或改成另一个编号。"),
    )


def _no_entry(key: str) -> Said:
    return say("“{name}”应是一组“键: 值”。", name=key), say("请换行缩进两格，写“键: 值”。")


def _needless(key: str, name: str) -> Said:
    return (
        say("“{key}”里不必再写“{name}”。", key=key, name=name),
        say("最外层的键就是它，请删去这一行。"),
    )


def _made(
    reading: _Reading, model: type[Made], fields: Mapping[str, Data], where: Path
) -> Made | None:
    try:
        return model.model_validate(fields)
    except ValidationError as refusal:
        errors = refusal.errors(include_url=False)
        around = {error["loc"][:length] for error in errors for length in range(len(error["loc"]))}
        for error in errors:
            if not _is_shadow(error, around):
                _complain_of(reading, error, model, where)
        return None


def _is_shadow(error: ErrorDetails, around: Container[tuple[int | str, ...]]) -> bool:
    """What Pydantic says only because of another finding, or of the branch that was not meant.

    A text may be one per stage instead; a list whose members are bad also counts as too short.
    """
    last = str(error["loc"][-1]) if error["loc"] else ""
    if error["type"] == "too_short":
        return error["loc"] in around
    if last == "constrained-str":
        return isinstance(error["input"], dict)
    return error["type"] == "dict_type" and last.startswith("dict[")


def _complain_of(
    reading: _Reading, error: ErrorDetails, model: type[BaseModel], where: Path
) -> None:
    path, name = _locate(reading, error, where)
    known = tuple(model.model_fields) if len(error["loc"]) == 1 else ()
    place = reading.positions.get(path) or Place(shown(reading.root, reading.root), 1)
    reading.complain(place, explain(error, name, known), error["type"])


def _locate(reading: _Reading, error: ErrorDetails, where: Path) -> tuple[Path, str]:
    """The path that really stands in the file, and the key to name; Pydantic adds marks."""
    path = where
    for part in error["loc"]:
        if (*path, part) in reading.positions:
            path = (*path, part)
    if error["type"] == "union_tag_invalid" and (*path, "form") in reading.positions:
        path = (*path, "form")
    last = error["loc"][-1] if error["loc"] else ""
    if error["type"] in _ABSENT:
        return path, str(last)
    named = path[:-1] if last == "[key]" else path
    return path, str(next(part for part in reversed(named) if isinstance(part, str)))
