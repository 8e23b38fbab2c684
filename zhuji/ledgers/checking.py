"""Checks a table against its ledger, column by column, and reports every error at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from zhuji.kernel.collecting import uncollected
from zhuji.kernel.errors import BadInput, Issue, Level, bad_value
from zhuji.kernel.messages import Label, say
from zhuji.ledgers.converters import Faults, convert
from zhuji.ledgers.declare import Column, Ledger, Type, Valid
from zhuji.ledgers.registry import BY_KEY
from zhuji.ledgers.scope import Scope
from zhuji.ledgers.tables import Grid

# More than anyone reads; all errors are counted and every refused row keeps its own.
MOST_ISSUES = 10_000

Columns = dict[str, list[object]]
AllFaults = dict[str, Faults]


@dataclass(frozen=True, slots=True)
class Good:
    """A row that may go in: its number in the sheet and a value for each column of the file."""

    number: int
    values: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Bad:
    """A row that goes back: what stood in it, and everything that is wrong."""

    number: int
    cells: Sequence[object]
    issues: tuple[Issue, ...]


@dataclass(frozen=True)
class Checked:
    grid: Grid
    columns: tuple[str, ...]
    good: tuple[Good, ...]
    bad: tuple[Bad, ...]
    sheet_issues: tuple[Issue, ...]
    missing: tuple[Column, ...]

    @property
    def ledger(self) -> Ledger:
        return self.grid.ledger

    @property
    def is_clean(self) -> bool:
        return not self.bad and not self.is_blocked

    @property
    def is_blocked(self) -> bool:
        """Whether the table itself is wrong, so that no row of it can go in."""
        return any(issue.level is Level.ERROR for issue in self.sheet_issues)

    @property
    def error_count(self) -> int:
        own = sum(issue.level is Level.ERROR for issue in self.sheet_issues)
        return own + sum(len(row.issues) for row in self.bad)

    @property
    def issues(self) -> tuple[Issue, ...]:
        """From the top of the sheet down, as many as anyone may want to read."""
        return tuple(islice(self._all_issues(), MOST_ISSUES))

    def _all_issues(self) -> Iterator[Issue]:
        yield from self.sheet_issues
        for row in self.bad:
            yield from row.issues


@uncollected()
def check(grid: Grid, scope: Scope) -> Checked:
    """Convert, then compare within the row, the file and with what the file refers to."""
    columns, faults = _converted(grid, scope)
    numbers = [number for number, _ in grid.records]
    require(grid.ledger, columns, faults)
    check_span(grid.ledger, columns, faults)
    check_references(grid.ledger, columns, faults, scope)
    _check_repeats(grid, numbers, columns, faults, scope)
    missing = tuple(
        column
        for column in grid.ledger.columns
        if column.required and column.key not in grid.header.places
    )
    checked = _sorted_out(grid, columns, faults, missing)
    _bring(checked, columns, faults, scope)
    return checked


def _converted(grid: Grid, scope: Scope) -> tuple[Columns, AllFaults]:
    columns: Columns = {}
    faults: AllFaults = {}
    orgs = scope.names()
    for column in grid.ledger.columns:
        place = grid.header.places.get(column.key)
        if place is None:
            continue
        at = place.index
        cells = [row[at] if at < len(row) else "" for _, row in grid.records]
        columns[column.key], faults[column.key] = convert(
            column, cells, factor=place.factor, orgs=orgs
        )
    return columns, faults


def require(ledger: Ledger, columns: Columns, faults: AllFaults) -> None:
    for key, values in columns.items():
        column = ledger.by_key[key]
        if not column.required or None not in values:
            continue
        proposal = (
            say("请填写，例如 {example}。", example=column.example) if column.example else None
        )
        for index, value in enumerate(values):
            if value is None and index not in faults[key]:
                faults[key][index] = bad_value(
                    say("必填，不能为空。"), value=None, code="required", proposal=proposal
                )


def check_span(ledger: Ledger, columns: Columns, faults: AllFaults) -> None:
    """An end on the day of the start would hold on no day at all."""
    if not isinstance(ledger.dated, Valid) or not {ledger.dated.start, ledger.dated.end} <= set(
        columns
    ):
        return
    start, end = ledger.by_key[ledger.dated.start], ledger.dated.end
    for index, (first, last) in enumerate(zip(columns[start.key], columns[end], strict=True)):
        if first is not None and last is not None and last <= first:  # type: ignore[operator]
            faults[end].setdefault(
                index,
                bad_value(
                    say(
                        "{last} 不晚于“{start}”{first}。", last=last, start=start.label, first=first
                    ),
                    value=last,
                    code="span",
                    proposal=say("请填写失效的第一天；仍然有效就留空。"),
                ),
            )


def check_references(ledger: Ledger, columns: Columns, faults: AllFaults, scope: Scope) -> None:
    for key, values in columns.items():
        column = ledger.by_key[key]
        if not column.refers or column.type is Type.ORG:
            continue
        absent = scope.absent(column.refers, {value for value in values if value is not None})
        for index, value in enumerate(values):
            if value in absent:
                faults[key].setdefault(index, _unknown(column, value, scope))


def _unknown(column: Column, value: object, scope: Scope) -> BadInput:
    other = BY_KEY[column.refers].label
    if scope.is_refused(column.refers, value):
        return bad_value(
            say("“{value}”在本文件“{ledger}”里的那一行有错。", value=value, ledger=other),
            value=value,
            code="reference.refused",
            proposal=say("请先改正那一行。"),
        )
    return bad_value(
        say("“{ledger}”里没有“{value}”。", ledger=other, value=value),
        value=value,
        code="reference.unknown",
        proposal=say("请核对编号，或先在“{ledger}”登记。", ledger=other),
    )


def _check_repeats(
    grid: Grid, numbers: Sequence[int], columns: Columns, faults: AllFaults, scope: Scope
) -> None:
    """Identity is the whole key; a row whose key is not readable is nobody's double."""
    key = grid.ledger.natural_key
    if not set(key) <= set(columns):
        return
    for index, values in enumerate(zip(*(columns[name] for name in key), strict=True)):
        if None in values:
            continue
        place = (grid.sheet, numbers[index])
        first = scope.first_place(grid.ledger, values, place)
        if first != place:
            faults[key[-1]].setdefault(index, _repeated(grid, values, first))


def _repeated(grid: Grid, values: tuple[object, ...], first: tuple[str, int]) -> BadInput:
    labels = [grid.ledger.by_key[name].label for name in grid.ledger.natural_key]
    words = Label("、".join(one.zh for one in labels), ", ".join(one.en for one in labels))
    message = (
        say("与第 {row} 行重复：{columns}都相同。", row=first[1], columns=words)
        if first[0] == grid.sheet
        else say(
            "与工作表“{sheet}”第 {row} 行重复：{columns}都相同。",
            sheet=first[0],
            row=first[1],
            columns=words,
        )
    )
    return bad_value(message, value=values[-1], code="repeated", proposal=say("请删去其中一行。"))


def _sorted_out(
    grid: Grid, columns: Columns, faults: AllFaults, missing: tuple[Column, ...]
) -> Checked:
    wrong: dict[int, list[Issue]] = {}
    for key, found in faults.items():
        heading = grid.header.places[key].heading
        for index, fault in found.items():
            number, cells = grid.records[index]
            at = grid.header.places[key].index
            given = cells[at] if at < len(cells) else None
            wrong.setdefault(index, []).append(_placed(fault, grid.sheet, number, heading, given))
    values = list(zip(*columns.values(), strict=True))
    good = tuple(
        Good(number, values[index])
        for index, (number, _) in enumerate(grid.records)
        if index not in wrong
    )
    bad = tuple(Bad(*grid.records[index], issues=tuple(wrong[index])) for index in sorted(wrong))
    return Checked(grid, tuple(columns), good, bad, _about_sheet(grid, missing), missing)


def _placed(fault: BadInput, sheet: str, row: int, column: str, value: object) -> Issue:
    [found] = fault.issues
    return Issue(
        level=found.level,
        message=found.message,
        sheet=sheet,
        row=row,
        column=column,
        value=None if value == "" else value,
        proposal=found.proposal,
        code=found.code,
    )


def _about_sheet(grid: Grid, missing: tuple[Column, ...]) -> tuple[Issue, ...]:
    """What concerns the table as a whole; only errors keep its rows out."""
    found = [replace(issue, sheet=grid.sheet) for issue in grid.header.issues]
    for column in missing:
        message = say("缺少必填的列“{column}”。", column=column.label)
        proposal = say("请在表头加上这一列，并逐行填写。")
        found.append(
            Issue(Level.ERROR, message, sheet=grid.sheet, proposal=proposal, code="header.missing")
        )
    for heading in grid.header.unknown:
        message = say("台账里没有“{heading}”这一列，没有读入。", heading=heading)
        found.append(Issue(Level.INFO, message, sheet=grid.sheet, code="header.unknown"))
    for number in grid.notes:
        message = say("看作备注或合计，没有读入。")
        found.append(Issue(Level.INFO, message, sheet=grid.sheet, row=number, code="note"))
    return tuple(found)


def _bring(checked: Checked, columns: Columns, faults: AllFaults, scope: Scope) -> None:
    """Later sheets may refer to the good rows of this one."""
    ledger = checked.ledger
    if len(ledger.natural_key) != 1 or ledger.natural_key[0] not in columns:
        return
    [key] = ledger.natural_key
    at = checked.columns.index(key)
    good = set() if checked.is_blocked else {row.values[at] for row in checked.good}
    scope.bring(ledger, good, set(columns[key]) - good - {None})
    if ledger.key == "orgs" and "name" in columns:
        named = checked.columns.index("name")
        scope.bring_orgs(
            (row.values[at], row.values[named]) for row in checked.good if row.values[at] in good
        )
