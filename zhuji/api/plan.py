"""The plan as it stands: lights of an organisation on a day, one number explained."""

from datetime import date
from fractions import Fraction
from typing import Any, cast

from django.http import HttpRequest
from ninja import Router

from zhuji.api.doors import Asked
from zhuji.api.problems import PROBLEMS, words
from zhuji.api.shapes import (
    ClauseShape,
    FigureShape,
    GoalShape,
    IndicatorShape,
    JudgementShape,
    PointShape,
    Text,
    ThresholdShape,
)
from zhuji.cockpit import indicator as indicators
from zhuji.cockpit import lights
from zhuji.cockpit.faces import Exact, Figure
from zhuji.cockpit.indicator import Explain, GoalNote

router = Router(tags=["plan"])


@router.get("/judgement", response={200: JudgementShape, **PROBLEMS})
def judgement(request: HttpRequest, org: str | None = None, on: date | None = None) -> Any:
    """Every node of the plan with its light, as `zhuji judge --format json` gives it."""
    reader = cast(Asked, request).moment.reader
    return lights.judgement(reader, on=on, org=org).as_json()


@router.get("/indicators/{key}", response={200: IndicatorShape, **PROBLEMS})
def indicator(
    request: HttpRequest, key: str, org: str | None = None, on: date | None = None
) -> IndicatorShape:
    """One number with its trend, and how it comes about down to the source of its threshold."""
    reader = cast(Asked, request).moment.reader
    found = indicators.indicator(reader, key, on=on, org=org)
    explain = found.explain
    return IndicatorShape(
        plan=found.standing.plan,
        version=found.standing.version,
        on=found.standing.on,
        org=found.standing.org.code,
        snapshot=explain.snapshot,
        id=found.id,
        label=Text.of(found.label),
        unit=found.unit,
        figure=_figure(found.figure),
        goal=None if found.goal is None else _goal(found.goal),
        trend=[
            PointShape(period=one.period, on=one.on, figure=_figure(one.figure))
            for one in found.trend
        ],
        words=Text.of(explain.words),
        sql=explain.sql,
        source=explain.source,
        formula_version=explain.version,
        verified=explain.verified,
        parts=[one.id for one in explain.parts],
        clauses=[ClauseShape(id=one.id, clause=one.clause, label=Text.of(one.label))
                 for one in explain.clauses],
        thresholds=_thresholds(explain),
    )  # fmt: skip


def _exact(value: Exact | None) -> str | None:
    """As text, for a number of JSON would lose what is exact: 2/3 stays 2/3."""
    return None if value is None else str(value)


def _figure(figure: Figure) -> FigureShape:
    value = figure.value
    return FigureShape(
        state=figure.state,
        light=None if figure.light is None else figure.light.value,
        value=float(value) if isinstance(value, Fraction) else value,
        exact=_exact(value),
        numerator=_exact(figure.numerator),
        denominator=_exact(figure.denominator),
        n=figure.n,
        reported=figure.reported,
        expected=figure.expected,
        reason=None if figure.reason is None else words(figure.reason),
    )


def _goal(goal: GoalNote) -> GoalShape:
    target, pace = _exact(goal.target), _exact(goal.pace)
    return GoalShape(
        label=Text.of(goal.label), comparator=goal.comparator, target=target, pace=pace, by=goal.by
    )


def _thresholds(explain: Explain) -> list[ThresholdShape]:
    return [
        ThresholdShape(
            value=one.value, since=one.since, until=one.until, source=one.source,
            verified=one.verified,
        )
        for one in explain.thresholds
    ]  # fmt: skip
