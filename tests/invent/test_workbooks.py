"""The demo hands in the files that a county would send; the import takes all of them."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from zhuji.invent.dirt import spelt
from zhuji.invent.rows import rows
from zhuji.invent.told.kinds import Row
from zhuji.invent.workbooks import PRACTICE, in_order, write_practice, write_workbooks
from zhuji.invent.world import World
from zhuji.kernel.dates import read_date
from zhuji.ledgers import actions
from zhuji.ledgers.models import rows_of
from zhuji.ledgers.reading import read

NOW = datetime(2023, 7, 1, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def sent(world: World, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_workbooks(world, tmp_path_factory.mktemp("sent"))


@pytest.mark.proof
@pytest.mark.django_db
def test_every_workbook_is_taken_whole(
    sent: list[Path], world: World, ledgers: dict[str, list[Row]]
) -> None:
    for path in sent:
        receipt = actions.import_file(path, actor="clerk", now=NOW)
        refused = [
            issue.message
            for sheet in receipt.sheets
            for bad in sheet.refused
            for issue in bad.issues
        ]
        assert (path.name, [str(message) for message in refused[:3]]) == (path.name, [])
        assert receipt.stored
    for key in ("orgs", "staff", "pupils", "enrolments", "home_visits", "fund_moves"):
        assert rows_of(key).count() == len(ledgers[key])


def test_every_ledger_comes_after_those_it_refers_to() -> None:
    seen: set[str] = set()
    for ledger in in_order():
        seen.add(ledger.key)
        named = {column.refers for column in ledger.columns} - {""}
        assert named - seen <= {"staff"} if ledger.key == "orgs" else named <= seen, ledger.key


def test_the_same_county_is_the_same_bytes(sent: list[Path], world: World, tmp_path: Path) -> None:
    again = write_workbooks(world, tmp_path)
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in sent]


def test_the_files_are_as_untidy_as_a_countys(sent: list[Path]) -> None:
    grids = [read(path).grids[0] for path in sent[:12]]
    first = [grid.header.places for grid in grids]
    assert any(
        min(place.index for place in places.values()) != places["org"].index for places in first
    )
    assert any(grid.header.unknown for grid in grids)
    assert any(grid.records[0][0] > 2 for grid in grids)


def test_tidy_files_are_as_the_template_asks(world: World, tmp_path: Path) -> None:
    [path] = [p for p in write_workbooks(world, tmp_path, dirty=False) if "机构台账" in p.name]
    [grid] = read(path).grids
    assert [place.index for place in grid.header.places.values()] == list(
        range(len(grid.header.places))
    )
    assert len(grid.records) == len(list(rows(world, "orgs")))


@pytest.mark.django_db
def test_the_practice_file_has_five_errors_and_nothing_else(
    sent: list[Path], world: World, tmp_path: Path
) -> None:
    actions.import_file(sent[0], actor="clerk", now=NOW)
    assert write_practice(world, tmp_path / PRACTICE) == 9
    receipt = actions.import_file(tmp_path / PRACTICE, actor="clerk", now=NOW)
    [sheet] = receipt.sheets
    assert not receipt.stored
    assert sheet.ledger.key == "clubs"
    assert [len(bad.issues) for bad in sheet.refused] == [1, 1, 1, 1, 1]
    assert sent[0].parent.joinpath(PRACTICE).exists()
    assert PRACTICE not in {path.name for path in sent}


@pytest.mark.parametrize("spelling", ["dotted", "words", "chinese", "solid", ""])
@pytest.mark.parametrize(
    "day", [date(2021, 9, 1), date(2022, 10, 10), date(2020, 12, 31), date(2023, 2, 20)]
)
def test_each_spelling_of_a_day_reads_back(spelling: str, day: date) -> None:
    assert read_date(spelt(day, spelling)) == day
