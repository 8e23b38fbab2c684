"""To seal the trail, to change keys, to keep what was judged."""

from contextlib import ExitStack
from typing import Any

from django.conf import settings

from tests.faults.acts.form import LATER, Act
from tests.faults.acts.ledgers import new_row
from tests.faults.posts import People
from tests.orgs.cast import NOW
from tests.programme import yunxi
from zhuji.ledgers import queries as ledger_queries
from zhuji.ledgers import rotating
from zhuji.orgs import audit, keyring, sealing
from zhuji.programme import judge, kept
from zhuji.programme.judge import Run
from zhuji.warehouse.engine import engine_from_rows


def _trail(people: People) -> None:
    for number in range(5):
        audit.record("x", audit.About("y", str(number)), actor="a", now=NOW)


def seal_audit(people: People, _: Any) -> object:
    return sealing.seal(now=LATER)


def _second_key(people: People) -> None:
    new_row(people)
    keyring.add_key(settings.ZHUJI_HOME)


def rotate_keys(people: People, _: Any) -> object:
    return rotating.rotate_all(batch=2)


def opened(people: People, _: Any) -> object:
    """Every value opens, and all of them with the new key."""
    phones = {row["staff_no"]: row["phone"] for row in ledger_queries.rows("staff")}
    return phones["S900002"], sorted(rotating.left_under())


_runs: list[Run] = []
_engines = ExitStack()


def _judged(people: People) -> Run:
    if not _runs:
        given = yunxi.given(yunxi.county())
        made = engine_from_rows(given, ledger_queries.warehouse_tables())
        engine = _engines.enter_context(made)  # what is kept is computed as it is asked for
        run = judge.run(yunxi.package(), engine, on=yunxi.JUNE, snapshot="one", invented=True)
        _runs.append(run)
    return _runs[0]


def keep_judgement(people: People, run: Run) -> object:
    return kept.keep(run, yunxi.package(), facts_until=yunxi.JUNE)


ACTS = (
    Act("seal the trail", seal_audit, _trail),
    Act("rotate keys", rotate_keys, _second_key, told=opened),
    Act("keep a judgement", keep_judgement, _judged),
)
