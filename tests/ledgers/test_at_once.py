"""Two at the same moment, on connections of their own: nothing lost, nothing twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from tests.ledgers.people import act, reader
from tests.orgs import cast
from zhuji.kernel.errors import DomainError
from zhuji.ledgers import actions
from zhuji.ledgers.entering import Edit
from zhuji.ledgers.merging import Conflict
from zhuji.ledgers.models import Change, rows_of
from zhuji.orgs.scope import Reader

pytestmark = pytest.mark.django_db(transaction=True)
CLASSES = "classes"
Work = Callable[[], object]


@pytest.fixture
def clerk(db: None) -> Reader:
    if connection.vendor == "sqlite" and connection.is_in_memory_db():  # type: ignore[attr-defined]
        pytest.skip("one connection alone can see a database in memory; runs on PostgreSQL")
    cast.build_county()
    return reader("clerk", "clerk")


def at_once(*works: Work) -> list[object]:
    """What each came to: its answer or its refusal."""
    gate = Barrier(len(works))

    def run(work: Work) -> object:
        try:
            gate.wait(10)
            return work()
        except DomainError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def the_class() -> dict[str, object]:
    [row] = rows_of(CLASSES).filter(class_no=1, org=cast.SCHOOL).values()
    return dict(row)


def saving(who: Reader, row_id: int, once: str = "", **values: str) -> Work:
    edit = Edit(values, 1)
    return lambda: actions.save(who, CLASSES, row_id, edit, act(once=once))


def test_different_fields_are_both_kept(clerk: Reader) -> None:
    number = int(str(the_class()["id"]))
    at_once(saving(clerk, number, head_teacher="S000002"), saving(clerk, number, interactive="否"))
    row = the_class()
    assert (row["head_teacher"], row["interactive"], row["version"]) == ("S000002", False, 3)


def test_of_the_same_field_one_is_shown_the_other(clerk: Reader) -> None:
    number = int(str(the_class()["id"]))
    found = at_once(*(saving(clerk, number, head_teacher=f"S00000{n}") for n in (2, 3, 4, 5)))
    assert sum(isinstance(one, Conflict) for one in found) == 3
    assert the_class()["version"] == 2


def test_one_key_at_the_same_moment_writes_once(clerk: Reader) -> None:
    number = int(str(the_class()["id"]))
    before = Change.objects.count()
    found = at_once(*(saving(clerk, number, "k", head_teacher="S000002") for _ in range(6)))
    assert sorted(bool(getattr(one, "replayed", None)) for one in found) == [False, *[True] * 5]
    assert Change.objects.count() == before + 1


def test_the_same_new_row_at_the_same_moment_is_there_once(clerk: Reader) -> None:
    edit = Edit({**cast.headed(9, ""), "valid_to": ""})
    works = [lambda: actions.save(clerk, CLASSES, None, edit, act()) for _ in range(4)]
    found = at_once(*works)
    assert sum(isinstance(one, DomainError) for one in found) == 3
    assert rows_of(CLASSES).filter(class_no=9).count() == 1
