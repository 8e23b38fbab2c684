"""Every cell of the corpus comes out right, or with exactly its error."""

from pathlib import Path

import pytest

from tests.ledgers import corpus
from tests.ledgers.corpus import CELLS, Cell, Fault
from tests.ledgers.workbooks import book
from zhuji.ledgers import reading
from zhuji.ledgers.checking import Checked, check
from zhuji.ledgers.registry import ledger
from zhuji.ledgers.scope import Scope

pytestmark = pytest.mark.django_db

# One workbook for each ledger, a row for each case: a file for each would take minutes.
CHECKED: dict[str, Checked] = {}


@pytest.fixture
def checked(request: pytest.FixtureRequest, county: None, tmp_path: Path) -> Checked:
    case: Cell = request.getfixturevalue("case")
    if case.ledger not in CHECKED:
        cases = [cell for cell in CELLS if cell.ledger == case.ledger]
        rows = [corpus.row(cell, serial) for serial, cell in enumerate(cases)]
        columns = [c for c in ledger(case.ledger).columns if any(c.key in row for row in rows)]
        table: list[list[object]] = [[c.label.zh for c in columns]]
        table += [[row.get(c.key, "") for c in columns] for row in rows]
        path = book(tmp_path / "corpus.xlsx", {case.ledger: table})
        [grid] = reading.read(path).grids
        CHECKED[case.ledger] = check(grid, Scope())
    return CHECKED[case.ledger]


@pytest.mark.parametrize("case", CELLS, ids=lambda c: f"{c.ledger}.{c.column}={c.given!r}"[:60])
def test_a_cell_is_read_as_meant_or_refused_with_its_reason(case: Cell, checked: Checked) -> None:
    number = 2 + [cell for cell in CELLS if cell.ledger == case.ledger].index(case)
    heading = ledger(case.ledger).by_key[case.column].label.zh
    faults = [issue for row in checked.bad if row.number == number for issue in row.issues]
    if isinstance(case.expected, Fault):
        assert [(issue.column, issue.code) for issue in faults] == [(heading, case.expected.code)]
        [issue] = faults
        assert (issue.sheet, issue.row) == (case.ledger, number)
        assert str(issue.proposal).endswith(("。", "？"))
        return
    assert [str(issue) for issue in faults] == []
    [values] = [row.values for row in checked.good if row.number == number]
    found = values[checked.columns.index(case.column)]
    assert (found, type(found)) == (case.expected, type(case.expected))


def test_the_corpus_holds_at_least_eighty_different_cells() -> None:
    assert len({(c.ledger, c.column, repr(c.given)) for c in CELLS}) == len(CELLS) >= 80
