"""The documents that are served, read from the folder that the settings name; no other file is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from zhuji.kernel.messages import Label

SECTIONS = {
    "tutorial": Label("教程：从头走一遍", "Tutorial"),
    "howto": Label("怎样做：一事一页", "How to"),
    "explanation": Label("为什么：背后的道理", "Explanation"),
    "reference": Label("查一查：由声明生成", "Reference"),
}
_FRONT = "README"
_TITLE = re.compile(r"^# (.+)$", re.MULTILINE)
_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
_LINK = re.compile(r"\]\(([\w./-]+)\.md(?:#[^)]*)?\)")


@dataclass(frozen=True)
class Doc:
    """One page; `id` is its path without the ending, of a section's first page the section."""

    id: str
    file: Path
    title: str
    headings: tuple[str, ...]
    text: str

    @property
    def section(self) -> str:
        return self.id.partition("/")[0]

    @property
    def folder(self) -> str:
        """What it is kept with inside its section, such as the ledgers of the reference."""
        return "/".join(self.id.split("/")[1:-1])


def root() -> Path:
    return Path(settings.ZHUJI_DOCS)


def every() -> dict[str, Doc]:
    """By id, in the order in which they are read."""
    folder = root()
    found: dict[str, Doc] = {}
    for section in SECTIONS:
        docs = {one.id: one for one in _section(folder, section)}
        front = docs.get(section)
        said = [f"{section}/{name}" for name in _LINK.findall(front.text)] if front else []
        first = [docs[one] for one in dict.fromkeys([section, *said]) if one in docs]
        rest = sorted((one for one in docs.values() if one not in first), key=_place)
        found |= {one.id: one for one in (*first, *rest)}
    return found


def _place(one: Doc) -> tuple[str, str]:
    return one.folder, one.id


def _section(folder: Path, section: str) -> Iterator[Doc]:
    for path in sorted((folder / section).rglob("*.md")):
        inside = path.relative_to(folder).with_suffix("")
        name = inside.parent if inside.name == _FRONT else inside
        yield _read(name.as_posix(), path, path.stat().st_mtime_ns)


@lru_cache(maxsize=512)
def _read(name: str, path: Path, _changed: int) -> Doc:
    text = path.read_text(encoding="utf-8")
    title = _TITLE.search(text)
    headings = tuple(one.replace("`", "") for one in _HEADING.findall(text))
    return Doc(name, path, title[1].replace("`", "") if title else name, headings, text)
