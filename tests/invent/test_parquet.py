"""Counties written straight to Parquet: a province is only more of them."""

from pathlib import Path

import duckdb
import pytest

from zhuji.invent.parquet import write_province
from zhuji.invent.told.kinds import Row
from zhuji.invent.world import World
from zhuji.warehouse.pseudonyms import pseudonym

KEY = b"k" * 32


@pytest.fixture(scope="module")
def province(world: World, neighbour: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("province")
    write_province([world, neighbour], folder, key=KEY)
    return folder


def asked(folder: Path, ledger: str, query: str) -> list[tuple[object, ...]]:
    source = f"read_parquet('{folder}/{ledger}/*.parquet')"
    return duckdb.execute(query.format(source)).fetchall()


def test_both_counties_are_there_whole(province: Path, ledgers: dict[str, list[Row]]) -> None:
    files = sorted(path.stem for path in (province / "orgs").iterdir())
    assert files == ["370784", "990001"]
    [(mine,)] = asked(
        province, "enrolments", "SELECT count(*) FROM {} WHERE filename LIKE '%370784%'"
    )
    assert mine == len(ledgers["enrolments"])


@pytest.mark.parametrize(
    ("ledger", "query"),
    [
        ("orgs", "SELECT org FROM {}"),
        ("staff", "SELECT staff_no FROM {}"),
        ("pupils", "SELECT pupil_no FROM {}"),
    ],
)
def test_no_code_is_used_by_two_counties(province: Path, ledger: str, query: str) -> None:
    codes = [code for (code,) in asked(province, ledger, query)]
    assert len(codes) == len(set(codes)) > 0


def test_children_leave_as_pseudonyms_and_without_names(
    province: Path, ledgers: dict[str, list[Row]]
) -> None:
    columns = {name for name, *_ in asked(province, "pupils", "DESCRIBE SELECT * FROM {}")}
    assert columns.isdisjoint(
        {"name", "id_number", "guardian", "guardian_phone", "address", "born_on"}
    )
    shown = {number for (number,) in asked(province, "marks", "SELECT DISTINCT pupil_no FROM {}")}
    mine = {pseudonym(KEY, str(row["pupil_no"])) for row in ledgers["marks"]}
    assert mine <= shown


def test_amounts_and_days_keep_their_types(province: Path, ledgers: dict[str, list[Row]]) -> None:
    [(kind,)] = asked(province, "fund_moves", "SELECT DISTINCT typeof(amount) FROM {}")
    assert kind == "DECIMAL(18,2)"
    [(total,)] = asked(
        province, "fund_moves", "SELECT sum(amount) FROM {} WHERE filename LIKE '%370784%'"
    )
    assert total == sum(row["amount"] for row in ledgers["fund_moves"])  # type: ignore[misc]
