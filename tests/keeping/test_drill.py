"""A drill proves a backup; a restored place that differs anywhere fails it."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.keeping.small import KEY, NOW
from tests.lengths import choose, report
from zhuji.kernel.errors import BadInput, Refused
from zhuji.programme.keeping import lights, shelf
from zhuji.programme.keeping.backup import Made, Plan, Wanted, make
from zhuji.programme.keeping.compare import points
from zhuji.programme.keeping.drill import Trial, drill
from zhuji.programme.keeping.place import Place
from zhuji.programme.keeping.restore import restore
from zhuji.programme.keeping.secret import Secret

PLANS = Path(__file__).resolve().parents[1] / "programme" / "plans"
LATER = NOW + timedelta(hours=1)
IN_A_ROW = choose(1, 20)


def differing(made: Made, restored: Place) -> list[str]:
    assert made.manifest.facts is not None
    found = points(made.manifest, restored, None)
    return [str(point.name) for point in found if point.same is False]


@pytest.fixture(scope="module")
def made(tiny: Place, tmp_path_factory: pytest.TempPathFactory) -> Made:
    out = tmp_path_factory.mktemp("out") / "county.backup"
    return make(tiny, Wanted(KEY, NOW, out=out, plan=Plan("yunxi-2025", PLANS)))


@pytest.mark.proof
def test_a_drill_compares_everything_and_leaves_nothing_behind(tiny: Place, made: Made) -> None:
    judged = made.manifest.lights
    assert judged is not None
    assert sum(judged.counts["target"].values()) == 3, "T1, T2, T3"
    for _ in range(IN_A_ROW):
        compared_and_gone(tiny, made)
    report("drills passed in a row", count=IN_A_ROW)


def compared_and_gone(tiny: Place, made: Made) -> None:
    outcome = drill(tiny, Trial(made.path, KEY, LATER, PLANS))
    assert outcome.drilled.passed
    assert outcome.drilled.differing == ()
    names = [str(point.name) for point in outcome.points]
    assert {"ledger_staff", "表结构、索引、触发器", "外键", "文件", "判定合计"} <= set(names)
    assert all(point.same for point in outcome.points)
    assert outcome.drilled.compared == len(outcome.points) > 85
    assert not (tiny.backups / shelf.WORK).exists()
    proven = shelf.last_proven(tiny.backups)
    assert proven is not None
    assert (proven.file, proven.when) == ("county.backup", LATER)


def sql(statement: str) -> Callable[[Place], None]:
    def run(place: Place) -> None:
        with closing(sqlite3.connect(place.home / "zhuji.sqlite3")) as database:
            database.execute(statement)
            database.commit()

    return run


def lose_object(place: Place) -> None:
    next((place.snapshots / "objects").iterdir()).unlink()


def alter_object(place: Place) -> None:
    path = max((place.snapshots / "objects").iterdir(), key=lambda path: path.stat().st_size)
    path.chmod(0o600)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def lose_marker(place: Place) -> None:
    (place.home / "invented.json").unlink()


@pytest.mark.parametrize(
    ("tamper", "told"),
    [
        (sql("UPDATE given SET sum = sum + 1 WHERE id = 7"), "given"),
        (sql("UPDATE given SET name = 'x' WHERE id = 7"), "given"),
        (sql("INSERT INTO given VALUES (99, 'x', 0)"), "given"),
        (sql("DROP TRIGGER keep"), "表结构、索引、触发器"),
        (sql("CREATE INDEX extra ON given (name)"), "表结构、索引、触发器"),
        (sql("UPDATE taken SET given = 12345 WHERE id = 7"), "外键"),
        (sql("DROP TABLE filler"), "filler"),
        (lose_marker, "文件"),
    ],
    ids=["a number", "a text", "a row more", "a trigger", "an index", "a key", "a table", "a file"],
)
def test_a_tampered_restore_is_found(
    source: Place, target: Place, tamper: Callable[[Place], None], told: str
) -> None:
    made = make(source, Wanted(KEY, NOW))
    restore(made.path, KEY, target)
    assert differing(made, target) == []
    tamper(target)
    assert told in differing(made, target)


@pytest.mark.parametrize("tamper", [lose_object, alter_object])
def test_a_tampered_snapshot_is_found(
    made: Made, target: Place, tamper: Callable[[Place], None]
) -> None:
    restore(made.path, KEY, target)
    tamper(target)
    assert [name for name in differing(made, target) if name.startswith("快照")]


def test_the_lights_of_other_rows_are_other_lights(made: Made, target: Place) -> None:
    """The totals compared are made of the restored snapshot, not taken from the manifest."""
    restore(made.path, KEY, target)
    shutil.rmtree(target.snapshots)
    assert lights.count(target.snapshots, "yunxi-2025", PLANS) is None
    found = points(made.manifest, target, Plan("yunxi-2025", PLANS))
    assert [point.same for point in found if str(point.name) == "判定合计"] == [False]


def test_a_damaged_backup_is_a_failed_drill(source: Place, kept: Path) -> None:
    content = bytearray(kept.read_bytes())
    content[len(content) // 2] ^= 1
    kept.write_bytes(content)
    with pytest.raises(Refused, match=r"备份文件不完整|第 \d+ 块被改动"):
        drill(source, Trial(kept, KEY, LATER))
    [drilled] = shelf.drills(source.backups)
    assert not drilled.passed
    assert shelf.last_proven(source.backups) is None


def test_a_wrong_secret_says_nothing_about_the_backup(source: Place, kept: Path) -> None:
    with pytest.raises(BadInput, match="密钥文件不对"):
        drill(source, Trial(kept, Secret("key-file", b"\0" * 32), LATER))
    assert shelf.drills(source.backups) == ()


def test_damage_in_the_source_is_told_when_it_is_backed_up(source: Place) -> None:
    sql("UPDATE taken SET given = 12345 WHERE id = 7")(source)
    made = make(source, Wanted(KEY, NOW))
    assert made.faults == 1
    assert drill(source, Trial(made.path, KEY, LATER)).drilled.passed, "kept as it was"
