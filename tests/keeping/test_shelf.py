"""What stands in the folder of backups, which of it is proven, and which may go."""

from datetime import timedelta
from pathlib import Path

from tests.keeping.small import KEY, NOW
from zhuji.programme.keeping import shelf
from zhuji.programme.keeping.backup import Wanted, make
from zhuji.programme.keeping.drill import Trial, drill
from zhuji.programme.keeping.place import Place


def days(source: Place, count: int) -> list[Path]:
    """A backup a day, the oldest first."""
    wanted = (Wanted(KEY, NOW + timedelta(days=day), with_keys=True) for day in range(count))
    return [make(source, one).path for one in wanted]


def names(folder: Path) -> list[str]:
    return [one.path.name for one in shelf.listed(folder)]


def test_the_newest_stands_first_and_what_is_no_backup_does_not_stand_there(source: Place) -> None:
    made = days(source, 3)
    (source.backups / "notes.backup").write_text("not one")
    assert names(source.backups) == [path.name for path in reversed(made)]
    assert shelf.newest(source.backups) == made[-1]


def test_nothing_is_pruned_before_one_is_proven(source: Place) -> None:
    made = days(source, 4)
    assert shelf.prune(source.backups, 2) == ()
    assert all(path.exists() for path in made)


def test_a_failed_drill_proves_nothing(source: Place) -> None:
    made = days(source, 3)
    drilled = drill(source, Trial(made[-1], KEY, NOW)).drilled
    record = source.backups / "drills.jsonl"
    text = record.read_text(encoding="utf-8")
    record.write_text(text.replace('"passed": true', '"passed": false'), encoding="utf-8")
    assert drilled.passed
    assert shelf.last_proven(source.backups) is None
    assert shelf.prune(source.backups, 1) == ()


def test_old_ones_go_with_their_keys_once_a_new_one_is_proven(source: Place) -> None:
    made = days(source, 4)
    drill(source, Trial(made[3], KEY, NOW))
    assert sorted(shelf.prune(source.backups, 2)) == made[:2]
    assert names(source.backups) == [made[3].name, made[2].name]
    assert sorted(path.name for path in source.backups.glob("*.keys")) == [
        path.with_suffix(".keys").name for path in made[2:]
    ]


def test_the_one_proven_last_stays_however_old_it_is(source: Place) -> None:
    made = days(source, 4)
    drill(source, Trial(made[0], KEY, NOW))
    assert shelf.prune(source.backups, 1) == (made[2], made[1])
    assert names(source.backups) == [made[3].name, made[0].name]


def test_a_proof_is_of_one_archive_and_not_of_its_name(source: Place) -> None:
    first = make(source, Wanted(KEY, NOW)).path
    drill(source, Trial(first, KEY, NOW))
    first.unlink()
    make(source, Wanted(KEY, NOW, out=first))
    [backup] = shelf.listed(source.backups)
    assert backup.proven is None


def test_the_record_only_grows_and_survives_a_line_cut_off(source: Place) -> None:
    [path] = days(source, 1)
    drill(source, Trial(path, KEY, NOW))
    record = source.backups / "drills.jsonl"
    before = record.read_bytes()
    with record.open("ab") as file:
        file.write(b'{"backup": "cut o\n')
    drill(source, Trial(path, KEY, NOW + timedelta(days=1)))
    assert record.read_bytes().startswith(before)
    assert [one.when for one in shelf.drills(source.backups)] == [NOW, NOW + timedelta(days=1)]
