"""Whatever statement of an action fails, the state is the one before it or the one after it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from tests import databases
from tests.faults import posts, state
from tests.faults.acts import ACTS
from tests.faults.acts.form import Act
from tests.faults.breaking import Broken, breaking
from tests.faults.conftest import DATABASE, Standing
from tests.faults.posts import People
from tests.lengths import choose, report

pytestmark = pytest.mark.proof

MOST = 2_000  # statements; no action has as many
SHORT = frozenset(
    {"add a row", "take in a file", "undo an import", "ask for a job", "appoint", "open a round",
     "fill a return", "seal the trail"}
)  # fmt: skip
WHOLE = [one for one in ACTS if one.told is None]
CHOSEN = choose([one for one in WHOLE if one.name in SHORT], WHOLE)
IN_STEPS = [one for one in ACTS if one.told is not None]
EVERY = choose(7, 1)  # which statements of an action in steps are tried


@pytest.fixture
def county(standing: Standing) -> People:
    return posts.people()


def attempt(act: Act, people: People, given: object, at: int, *, lasting: bool) -> bool:
    """Whether it came to its end, the fault having been beyond it."""
    try:
        with breaking(at, lasting=lasting) as made:
            act.do(people, given)
    except Broken:
        return False
    except Exception as error:  # our fault in another's clothes
        if not isinstance(error.__cause__ or error.__context__, Broken):
            raise
        return False
    return made.seen < at


@contextmanager
def copied(source: Path, home: Path, blocker: DjangoDbBlocker) -> Iterator[None]:
    """The data directory and database of `source`, to be spoilt."""
    shutil.rmtree(home)
    shutil.copytree(source, home)
    databases.copy(source / DATABASE, home / DATABASE)
    try:
        with databases.opened(home / DATABASE, blocker), override_settings(ZHUJI_HOME=home):
            yield
    finally:
        databases.drop(home / DATABASE)


@pytest.mark.parametrize("act", IN_STEPS, ids=lambda act: act.name)
def test_an_action_of_several_steps_comes_to_its_end_when_it_is_done_again(
    act: Act, template: Path, zhuji_home: Path, tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> None:
    assert act.told is not None
    ready = tmp_path / "ready"
    ready.mkdir()
    with copied(template, ready, django_db_blocker):
        people = posts.people()
        given = act.prepare(people)
        connection.close()
        databases.copy(ready / DATABASE, tmp_path / "kept.db")
    databases.copy(tmp_path / "kept.db", ready / DATABASE)
    wanted: object = None
    for at in range(0, MOST, EVERY):
        with copied(ready, zhuji_home, django_db_blocker):
            ended = attempt(act, people, given, at or MOST, lasting=False)
            if not ended:
                act.do(people, given)
            found = act.told(people, given)
        wanted = wanted or found
        assert found == wanted, f"statement {at}"
        if ended and at:
            break
    report("nth statement, in steps", action=act.name, statements=at)


@pytest.mark.parametrize("lasting", [False, True], ids=["once", "from then on"])
@pytest.mark.parametrize("act", CHOSEN, ids=lambda act: act.name)
def test_the_state_is_before_or_after_and_never_between(
    act: Act, county: People, zhuji_home: Path, lasting: bool
) -> None:
    given = act.prepare(county)
    before = state.state(zhuji_home)
    for at in range(1, MOST):
        ended = attempt(act, county, given, at, lasting=lasting)
        assert not connection.in_atomic_block
        if ended:
            break
        found = state.state(zhuji_home)
        assert state.differences(before, found) == [], f"statement {at}"
    else:
        pytest.fail(f"{act.name} never came to its end")
    assert state.differences(before, state.state(zhuji_home)), "the action itself does something"
    report("nth statement", action=act.name, lasting=lasting, statements=at - 1)
