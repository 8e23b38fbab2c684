"""Finds the ledgers' tables in sheets as people make them: titles, notes, examples set aside."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from zhuji.kernel.digits import narrow
from zhuji.kernel.errors import BadInput, Issue, Level, bad_value
from zhuji.kernel.messages import say
from zhuji.ledgers import headers
from zhuji.ledgers.declare import Ledger
from zhuji.ledgers.headers import Header
from zhuji.ledgers.registry import LEDGERS

# A header stands among the first rows, under a title and some notes.
_SEARCHED = 30
_NOTE = re.compile(
    r"(?:注|备注|说明|填表说明|填表人|填报人|制表人?|审核人?|负责人|单位负责人|联系电话|填报日期|填报单位"
    r")(?:[:：0-9、.]|$)|(?:共|合计)\d+[人行条]"
)
_TOTAL = re.compile(r"(?:合计|总计|小计|共计)[:：]?")
_EXAMPLE = ("示例", "例：", "例:", "example")
_LONG_NOTE = 15


@dataclass(frozen=True, slots=True)
class ExcelError:
    """What a formula left behind: #N/A, #REF!."""

    word: str

    def __str__(self) -> str:
        return self.word


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """A cell that Excel took for a time of day, as 08:20."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Sheet:
    """A sheet as it stands: rows with their numbers, empty rows left out."""

    name: str
    rows: tuple[tuple[int, list[object]], ...]
    visible: bool = True
    merged: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = ()


@dataclass(frozen=True)
class Grid:
    """The table of one ledger in one sheet."""

    ledger: Ledger
    sheet: str
    header: Header
    headings: tuple[object, ...]
    records: tuple[tuple[int, list[object]], ...]
    notes: tuple[int, ...] = ()


@dataclass(frozen=True)
class Contents:
    """What one file holds for the ledgers; sheets that are none of theirs are named."""

    grids: tuple[Grid, ...]
    ignored: tuple[str, ...] = field(default=())


def find(sheets: Sequence[Sheet], wanted: Ledger | None = None) -> Contents:
    """The ledgers' tables in these sheets. With `wanted`, tables of other ledgers are ignored."""
    grids: list[Grid] = []
    ignored: list[str] = []
    for sheet in sheets:
        ledger = _ledger_of(sheet, wanted)
        if ledger is None:
            ignored.append(sheet.name)
        else:
            grids.append(_grid(sheet, ledger))
    if not grids:
        raise _nothing_found(sheets, wanted)
    order = {ledger.key: place for place, ledger in enumerate(LEDGERS)}
    grids.sort(key=lambda grid: order.get(grid.ledger.key, 0))
    return Contents(tuple(grids), tuple(name for name in ignored if name))


def _ledger_of(sheet: Sheet, wanted: Ledger | None) -> Ledger | None:
    """By the sheet's name, else by the header; a hidden sheet must bear the name."""
    known = LEDGERS if wanted is None else (wanted,)
    title = headers.normal(sheet.name)
    for ledger in known:
        if title and title in {headers.normal(word) for word in _titles(ledger)}:
            return ledger
    if not sheet.visible:
        return None
    return wanted if wanted and _fits(sheet, wanted) else None if wanted else _best(sheet)


def has_header(sheet: Sheet, ledger: Ledger) -> bool:
    """Whether some row looks like this ledger's heading."""
    return _fits(sheet, ledger)


def _titles(ledger: Ledger) -> tuple[str, ...]:
    name = ledger.label.zh
    return (ledger.key, name, ledger.label.en, name.removesuffix("台账"), sheet_name(ledger))


def sheet_name(ledger: Ledger, language: str = "zh-hans") -> str:
    """The ledger's name without the signs a sheet may not bear."""
    return re.sub(r"[\[\]:*?/\\']", " ", ledger.label.get(language))[:31].strip()


def _fits(sheet: Sheet, ledger: Ledger) -> bool:
    """Whether at least half of the required columns are named in some row."""
    needed = [column.label.zh for column in ledger.columns if column.required]
    return 2 * _head(sheet, ledger)[0] >= len(needed)


def _best(sheet: Sheet) -> Ledger | None:
    """The ledger whose columns the header names best; two equally good ones are nobody's."""
    marks = sorted(
        ((_likeness(sheet, ledger), ledger) for ledger in LEDGERS),
        key=lambda mark: mark[0],
        reverse=True,
    )
    (first, ledger), (second, _) = marks[0], marks[1]
    return ledger if first[0] and first > second else None


def _likeness(sheet: Sheet, ledger: Ledger) -> tuple[bool, int, int]:
    found, cells, _ = _head(sheet, ledger)
    header = headers.match(ledger, cells)
    complete = all(c.key in header.places for c in ledger.columns if c.required)
    return complete, found, -(len(ledger.columns) - found)


def _head(sheet: Sheet, ledger: Ledger) -> tuple[int, list[object], int]:
    """Best header row: columns it names, its cells, and the position of the first row under it."""
    best: tuple[int, list[object], int] = (0, [], 0)
    rows = sheet.rows[:_SEARCHED]
    for place, (number, cells) in enumerate(rows):
        options = [(cells, place + 1)]
        if place + 1 < len(rows) and rows[place + 1][0] == number + 1:
            options.append((_two_storeys(cells, rows[place + 1][1]), place + 2))
        for headings, after in options:
            found = headers.score(ledger, headings)
            if found > best[0]:
                best = (found, headings, after)
    return best


def _two_storeys(upper: list[object], lower: list[object]) -> list[object]:
    """A header whose upper cells span several lower ones: the lower word counts if there is one."""
    width = max(len(upper), len(lower))
    above = upper + [""] * (width - len(upper))
    below = lower + [""] * (width - len(lower))
    return [under if under != "" else over for over, under in zip(above, below, strict=True)]


def _grid(sheet: Sheet, ledger: Ledger) -> Grid:
    found, headings, after = _head(sheet, ledger)
    if not found:
        raise _no_header(sheet, ledger)
    header = headers.match(ledger, headings)
    filled = _filled(sheet)
    records: list[tuple[int, list[object]]] = []
    notes: list[int] = []
    needed = [column.key for column in ledger.columns if column.required]
    for number, cells in filled[after:]:
        if _is_example(cells) or _is_header_again(cells, header):
            continue
        if _is_note(cells, header, needed):
            notes.append(number)
        else:
            records.append((number, cells))
    unnamed = _unnamed(headings, records)
    if unnamed:
        header = replace(header, unknown=(*header.unknown, *unnamed))
    return Grid(ledger, sheet.name, header, tuple(headings), tuple(records), tuple(notes))


def _filled(sheet: Sheet) -> Sequence[tuple[int, list[object]]]:
    """A cell merged downwards says its value for every row it covers."""
    by_number = dict(sheet.rows)
    for (top, left), (bottom, right) in sheet.merged:
        above = by_number.get(top + 1, [])
        if left != right or left >= len(above):
            continue
        for number in range(top + 2, bottom + 2):
            cells = by_number.get(number)
            if cells is not None:
                cells.extend([""] * (left + 1 - len(cells)))
                cells[left] = above[left]
    return sheet.rows


def _is_example(cells: Sequence[object]) -> bool:
    first = next((cell for cell in cells if cell != ""), "")
    return isinstance(first, str) and first.strip().casefold().startswith(_EXAMPLE)


def _is_header_again(cells: Sequence[object], header: Header) -> bool:
    """Printed tables repeat their header on every page."""
    places = list(header.places.values())
    first = places[0]
    if first.index >= len(cells) or str(cells[first.index]).strip() != first.heading:
        return False
    same = sum(p.index < len(cells) and str(cells[p.index]).strip() == p.heading for p in places)
    return 2 * same > len(places)


def _is_note(cells: Sequence[object], header: Header, needed: Sequence[str]) -> bool:
    """Words under or between the rows: 注：…, 填表人：…, 合计, or one long sentence."""
    said = [cell for cell in cells if cell != ""]
    first = re.sub(r"\s", "", narrow(str(said[0]))) if said else ""
    if _TOTAL.fullmatch(first):
        return True
    there = sum(_at(cells, header, key) != "" for key in needed)
    if 2 * there > len(needed) and len(needed) > 1:
        return False
    is_sentence = len(said) == 1 and len(first) > _LONG_NOTE and len(needed) > 1
    return is_sentence or bool(_NOTE.match(first))


def _at(cells: Sequence[object], header: Header, key: str) -> object:
    place = header.places.get(key)
    return cells[place.index] if place and place.index < len(cells) else ""


def _unnamed(
    headings: Sequence[object], records: Sequence[tuple[int, list[object]]]
) -> tuple[str, ...]:
    """Columns that hold something but have no heading, by their letter."""
    width = max((len(cells) for _, cells in records), default=0)
    bare = [i for i in range(width) if i >= len(headings) or str(headings[i]).strip() == ""]
    used = [i for i in bare if any(i < len(cells) and cells[i] != "" for _, cells in records)]
    return tuple(f"{letter(index)}:" for index in used)


def letter(index: int) -> str:
    """0 is A, 26 is AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def _no_header(sheet: Sheet, ledger: Ledger) -> BadInput:
    message = say(
        "工作表“{sheet}”里找不到“{ledger}”的表头。", sheet=sheet.name, ledger=ledger.label
    )
    proposal = say("请保留模板的表头一行，列的次序可以改。")
    issue = Issue(Level.ERROR, message, sheet=sheet.name, proposal=proposal, code="header.none")
    return BadInput(message, (issue,))


def _nothing_found(sheets: Sequence[Sheet], wanted: Ledger | None) -> BadInput:
    if not any(sheet.rows for sheet in sheets):
        return bad_value(
            say("工作簿里没有内容。"),
            value=None,
            code="file.empty",
            proposal=say("请填写后再上传。"),
        )
    if wanted is not None:
        shown = next(sheet for sheet in sheets if sheet.rows)
        return _no_header(shown, wanted)
    return bad_value(
        say("认不出这是哪一本台账。"),
        value=None,
        code="header.unknown_ledger",
        proposal=say("请指明台账，或把工作表改成台账的名称。"),
    )
