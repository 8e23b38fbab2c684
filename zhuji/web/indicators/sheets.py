"""An indicator as a workbook: trend, towns, schools, thresholds."""

from collections.abc import Iterable

from django.http import HttpResponse

from zhuji.cockpit.indicator import IndicatorPage
from zhuji.cockpit.spread import PlaceFigure
from zhuji.kernel.lights import LABELS
from zhuji.kernel.messages import Label, say
from zhuji.web.files import Said, Sheet, workbook
from zhuji.web.plan.sheets import about
from zhuji.web.templatetags.figures import unit

_VALUE = Label("数值", "Value")
_PARTS = (Label("分子", "Numerator"), Label("分母", "Denominator"))
_WHY = Label("没有数值的原因", "Why there is no value")


def book(found: IndicatorPage) -> HttpResponse:
    tables = [_trend(found)]
    if found.towns:
        tables.append(_places(Label("各镇街", "Towns"), found.towns))
    if found.distribution is not None:
        tables.append(_places(Label("各学校", "Schools"), found.distribution.schools))
    tables.append(_thresholds(found))
    told: list[tuple[Said, object]] = [
        (Label("指标", "Indicator"), found.label),
        (Label("编号", "Id"), found.id),
        (Label("单位", "Unit"), unit(found.unit)),
        (Label("算法", "Formula"), found.explain.words),
        *about(found.standing),
    ]
    name = say("{label} {org} {day}", label=found.label, org=found.standing.org.name,
               day=found.standing.on)  # fmt: skip
    return workbook(name, *tables, about=told)


def _trend(found: IndicatorPage) -> Sheet:
    heads = (Label("时段", "Period"), Label("截至", "As of"), _VALUE, *_PARTS, _WHY)
    rows = [
        (
            one.label, one.on, one.figure.value, one.figure.numerator, one.figure.denominator,
            one.figure.reason if one.figure.value is None else "",
        )
        for one in found.trend
    ]  # fmt: skip
    return Sheet(Label("历年", "Over time"), heads, rows)


def _places(title: Label, places: Iterable[PlaceFigure]) -> Sheet:
    heads = (Label("单位", "Organisation"), _VALUE, *_PARTS, Label("灯", "Light"), _WHY)
    rows = [
        (
            one.org.name, one.figure.value, one.figure.numerator, one.figure.denominator,
            LABELS[one.figure.light] if one.figure.light else "",
            one.figure.reason if one.figure.value is None else "",
        )
        for one in places
    ]  # fmt: skip
    return Sheet(title, heads, rows)


def _thresholds(found: IndicatorPage) -> Sheet:
    heads = (
        Label("标准", "Threshold"), Label("从", "From"), Label("到", "Until"),
        Label("出处", "Source"), Label("是否核实", "Verified"),
    )  # fmt: skip
    yes, no = Label("已核实", "verified"), Label("未核实", "not verified")
    rows = [
        (one.value, one.since, one.until, one.source, yes if one.verified else no)
        for one in found.explain.thresholds
    ]
    return Sheet(Label("标准和出处", "Thresholds"), heads, rows)
