"""YAML without surprises: every scalar is text, every key stands once, every line is remembered."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from zhuji.kernel.errors import BadInput, Issue, Level
from zhuji.kernel.messages import Message, say

Data = str | list["Data"] | dict[str, "Data"]
Path = tuple[str | int, ...]

MOST_BYTES = 1 << 20
MOST_VALUES = 50_000
DEEPEST = 16
# YAML 1.1 also breaks lines at U+0085, U+2028 and U+2029, which no editor counts.
_UNPRINTABLE = re.compile(
    "[^\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_BASE_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says, and the line of each value: of its key, or of its place in a list."""

    data: dict[str, Data]
    lines: dict[Path, int]


def read_document(content: bytes, file: str) -> Document:
    """Read one file whose top is a mapping; refuse with all that is wrong in it."""
    text = _decoded(content, file)
    reader = _Reader(file)
    for event in _events(text, file):
        reader.take(event)
    if reader.issues:
        raise _refusal(tuple(reader.issues))
    if not isinstance(reader.top, dict):
        raise _wrong_top(reader.top, file)
    return Document(reader.top, reader.lines)


def _decoded(content: bytes, file: str) -> str:
    if len(content) > MOST_BYTES:
        raise _at(
            file, None, say("文件超过 {most} 字节。", most=MOST_BYTES), say("请分成几个文件。")
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _at(
            file, line, say("文字不是 UTF-8 编码。"), say("请用编辑器另存为 UTF-8 编码。")
        ) from error
    stray = _UNPRINTABLE.search(text)
    if stray is None:
        return text
    line = text.count("\n", 0, stray.start()) + 1
    if stray.group() == "\t":
        raise _at(file, line, say("这一行有制表符。"), say("请改用空格缩进。"))
    code = f"U+{ord(stray.group()):04X}"
    raise _at(file, line, say("这一行有看不见的字符 {code}。", code=code), say("请删去这个字符。"))


def _events(text: str, file: str) -> Iterator[Any]:
    try:
        yield from yaml.parse(text, Loader=_BASE_LOADER)
    except yaml.YAMLError as error:
        problem = str(getattr(error, "problem", ""))
        finding, proposal = _misspelt(problem)
        opened = any(sign in problem for sign in (*_UNQUOTED, _UNCLOSED))
        mark = getattr(error, "context_mark" if opened else "problem_mark", None)
        line = None if mark is None else min(mark.line, text.count("\n")) + 1
        raise _at(file, line, finding, proposal) from error


def _misspelt(problem: str) -> tuple[Message, Message]:
    """libyaml's own words are for programmers; these are for who wrote the file."""
    if "mapping values are not allowed" in problem:
        return (
            say("一行里有两个“键: 值”，或者冒号没有加引号。"),
            say("请把含“: ”的文字放进引号，或检查缩进。"),
        )
    if any(sign in problem for sign in _UNQUOTED):
        return say("引号没有配对。"), say("请补上缺少的引号。")
    if _UNCLOSED in problem:
        return say("括号没有配对，或列表中少了逗号。"), say("请补上缺少的括号或逗号。")
    if "alias" in problem:
        return _SHORTHAND, _WRITE_OUT
    return say("这里不合 YAML 的写法。"), say("请检查缩进、冒号后的空格和引号。")


# Of these the line that counts is where the quote or the bracket was opened.
_UNQUOTED = ("end of stream", "document indicator")
_UNCLOSED = "',' or"
_SHORTHAND = say("方案包不用锚点、别名、标签和合并键（&、*、!、<<）。")
_WRITE_OUT = say("请把内容直接写出来；以这些符号开头的文字请加引号。")


@dataclass(slots=True)
class _Open:
    """A mapping or list being filled; `key` is the one that waits for its value."""

    path: Path
    data: list[Data] | dict[str, Data]
    key: str | None = None


@dataclass(slots=True)
class _Reader:
    """Builds data from events with a stack of its own, so that depth cannot exhaust Python's."""

    file: str
    top: Data | None = None
    lines: dict[Path, int] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)
    documents: int = 0
    values: int = 0

    def take(self, event: Any) -> None:
        line = event.start_mark.line + 1
        match event:
            case yaml.DocumentStartEvent():
                self._begin(event, line)
            case yaml.AliasEvent():
                raise _at(self.file, line, _SHORTHAND, _WRITE_OUT)
            case yaml.ScalarEvent():
                self._plain(event, line)
                self._scalar(event, line)
            case yaml.MappingStartEvent():
                self._plain(event, line)
                self._open({}, line)
            case yaml.SequenceStartEvent():
                self._plain(event, line)
                self._open([], line)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self.stack.pop()

    def _begin(self, event: Any, line: int) -> None:
        self.documents += 1
        if self.documents > 1:
            raise _at(
                self.file, line, say("一个文件里有两份内容（---）。"), say("请拆成两个文件。")
            )
        if event.version or event.tags:
            raise _at(self.file, line, say("方案包不用 % 开头的指令。"), say("请删去这一行。"))

    def _plain(self, event: Any, line: int) -> None:
        if event.anchor is not None or event.tag is not None:
            raise _at(self.file, line, _SHORTHAND, _WRITE_OUT)
        self.values += 1
        if self.values > MOST_VALUES:
            raise _at(
                self.file,
                line,
                say("文件里的值超过 {most} 个。", most=MOST_VALUES),
                say("请分成几个文件。"),
            )

    def _scalar(self, event: Any, line: int) -> None:
        holder = self.stack[-1] if self.stack else None
        if holder is not None and isinstance(holder.data, dict) and holder.key is None:
            self._key(holder, event.value, line)
        else:
            self._place(event.value, line)

    def _key(self, holder: _Open, key: str, line: int) -> None:
        assert isinstance(holder.data, dict)
        if key == "<<":
            raise _at(self.file, line, _SHORTHAND, _WRITE_OUT)
        path = (*holder.path, key)
        if key in holder.data:
            first = self.lines[path]
            self.issues.append(
                _issue(
                    self.file,
                    line,
                    say("键“{key}”重复，第 {first} 行已有。", key=key, first=first),
                    say("请删去一个，或改成另一个名称。"),
                )
            )
        else:
            self.lines[path] = line
        holder.key = key

    def _open(self, data: list[Data] | dict[str, Data], line: int) -> None:
        if len(self.stack) >= DEEPEST:
            raise _at(
                self.file, line, say("嵌套超过 {most} 层。", most=DEEPEST), say("请减少嵌套。")
            )
        self.stack.append(_Open(self._place(data, line), data))

    def _place(self, value: Data, line: int) -> Path:
        """Put a value where it belongs and tell its path."""
        if not self.stack:
            self.top = value
            self.lines[()] = line
            return ()
        holder = self.stack[-1]
        if isinstance(holder.data, list):
            path = (*holder.path, len(holder.data))
            holder.data.append(value)
            self.lines[path] = line
            return path
        if holder.key is None:
            raise _at(self.file, line, say("列表和键值组不能作键。"), say("请用一段文字作键。"))
        path = (*holder.path, holder.key)
        holder.data.setdefault(holder.key, value)
        holder.key = None
        return path


def _wrong_top(top: Data | None, file: str) -> BadInput:
    if top is None:
        return _at(file, 1, say("文件是空的。"), say("请写入内容，或删去这个文件。"))
    return _at(file, 1, say("文件的最外层应是“键: 值”。"), say("请以“编号:”开头，内容缩进两格。"))


def _issue(file: str, line: int | None, problem: Message, proposal: Message) -> Issue:
    return Issue(Level.ERROR, problem, file=file, line=line, proposal=proposal, code="yaml")


def _at(file: str, line: int | None, problem: Message, proposal: Message) -> BadInput:
    return _refusal((_issue(file, line, problem, proposal),))


def _refusal(issues: tuple[Issue, ...]) -> BadInput:
    return BadInput(issues[0].sentence(), issues)
