"""A duty that would not run is refused with a sentence that says why."""

from decimal import Decimal
from typing import Any

import pytest
import sqlglot
from sqlglot import ErrorLevel, exp

from tests.duties.test_trees import DUTIES
from zhuji.duties.check import check
from zhuji.duties.evidence import signatures
from zhuji.duties.lacking import lacking
from zhuji.kernel.calendar import PeriodKind
from zhuji.kernel.messages import Label
from zhuji.plan.model import Batches, Duty, Evidence, Floor, Quota, Window

TABLES = {
    "deeds": {
        "org": "text",
        "who": "text",
        "on_day": "date",
        "to_day": "date",
        "kind": "text",
        "hours": "decimal",
        "batch_no": "integer",
    },
    "spread": {"org": "text", "on_day": "date", "period_kind": "text"},
}
NAME = Label("责任", "Duty")


def duty(**more: Any) -> Duty:
    given: dict[str, Any] = {
        "cadence": Window(form="window", every=PeriodKind.TERM),
        "evidence": Evidence(ledger="deeds", on="on_day"),
        **more,
    }
    return Duty(id="d", label=NAME, clauses=("M1",), owner="school", among="g", **given)


@pytest.mark.parametrize("asked", DUTIES.values(), ids=DUTIES.keys())
def test_a_sound_duty_passes(asked: Duty) -> None:
    assert check(asked, TABLES) == ()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (duty(evidence=Evidence(ledger="none", on="on_day")), "“d”的佐证台账“none”不存在。"),
        (duty(evidence=Evidence(ledger="deeds", on="day")), "“d”用到的“day”列不存在。"),
        (duty(evidence=Evidence(ledger="deeds", on="kind")), "“d”的“kind”列应当是日期。"),
        (
            duty(evidence=Evidence(ledger="deeds", on="on_day", subject="hours")),
            "“d”的“hours”列应当是文字。",
        ),
        (
            duty(evidence=Evidence(ledger="deeds", on="on_day", where="role = 'x'")),
            "“d”用到的“role”列不存在。",
        ),
        (
            duty(evidence=Evidence(ledger="deeds", on="on_day", where="COUNT(*) > 1")),
            "“d”：条件“COUNT(*) > 1”不能用：条件里不能用“COUNT(*)”。",
        ),
        (
            duty(cadence=Batches(form="batches", batches=2, batch="batch_no", ends="kind")),
            "“d”的“kind”列应当是日期。",
        ),
        (
            duty(cadence=Quota(form="quota", measure="kind", total=Decimal(3))),
            "“d”的“kind”列应当是数。",
        ),
        (
            duty(
                cadence=Quota(
                    form="quota",
                    measure="hours",
                    total=Decimal(3),
                    floors=(Floor(label=NAME, where="form = 'x'", at_least=Decimal(1)),),
                )
            ),
            "“d”用到的“form”列不存在。",
        ),
        (duty(subject="staff"), "“d”由个人承担，佐证却按单位登记。"),
        (
            duty(
                subject="staff",
                population="certified",
                evidence=Evidence(ledger="deeds", on="on_day", subject="who"),
            ),
            "“d”用到的“certified”列不存在。",
        ),
        (
            duty(evidence=Evidence(ledger="spread", on="on_day")),
            "“d”的佐证“spread”按时期展开，同一件事会出现多次。",
        ),
    ],
)
def test_what_would_not_run_is_said(asked: Duty, said: str) -> None:
    [issue] = check(asked, TABLES)
    assert str(issue.message) == said
    assert issue.proposal is not None


@pytest.mark.parametrize("asked", DUTIES.values(), ids=DUTIES.keys())
@pytest.mark.parametrize("dialect", ["duckdb", "spark"])
def test_each_tree_is_spelt_in_both_dialects(asked: Duty, dialect: str) -> None:
    for tree in (signatures(asked), lacking(asked, key="k", org="S1")):
        text = tree.sql(dialect=dialect, unsupported_level=ErrorLevel.RAISE)
        for word in ("FILTER", "QUALIFY", "LIST", "ARRAY", "STRUCT"):
            assert word not in text
        assert isinstance(sqlglot.parse_one(text, dialect=dialect), exp.Select)


def test_spark_adds_days_and_months_by_its_own_functions() -> None:
    asked = DUTIES["a school, three batches of a month"]
    text = signatures(asked).sql(dialect="spark")
    assert "INTERVAL" not in text
