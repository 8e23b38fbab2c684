"""The cockpit as a workbook: every figure on the screen, zone by zone."""

from django.http import HttpResponse

from zhuji.cockpit.faces import Point
from zhuji.cockpit.screen import Screen, Trend
from zhuji.cockpit.tiles import Cockpit
from zhuji.kernel.messages import Label, say
from zhuji.web.files import Sheet, workbook
from zhuji.web.plan.sheets import about
from zhuji.web.templatetags.figures import unit


def cockpit(tiles: Cockpit, screen: Screen) -> HttpResponse:
    return workbook(
        say("驾驶舱 {org} {day}", org=tiles.standing.org.name, day=tiles.standing.on),
        _tiles(tiles),
        _progress(screen),
        _towns(tiles),
        _warnings(screen),
        _money(screen),
        _trends(screen),
        about=about(tiles.standing),
    )


def _tiles(found: Cockpit) -> Sheet:
    heads = (
        Label("名称", "Name"), Label("责任", "Owner"), Label("截至", "As of"),
        Label("灯", "Light"), Label("数值", "Value"), Label("单位", "Unit"),
        Label("说的是", "What it is of"), Label("要求", "Goal"),
    )  # fmt: skip
    rows = [
        (one.title, one.owner, one.as_of, one.light, one.value, unit(one.unit), one.what, one.goal)
        for one in found.tiles
    ]
    return Sheet(Label("总览", "Overview"), heads, rows)


def _progress(found: Screen) -> Sheet:
    heads = (Label("行动", "Action"), Label("编号", "Id"), Label("名称", "Name"),
             Label("灯", "Light"), Label("责任", "Owner"))  # fmt: skip
    rows = [
        (one.face.label, each.id, each.label, each.light, each.owner)
        for one in found.progress
        for each in (one.measures or (one.face,))
    ]
    return Sheet(Label("规划进展", "Progress of the plan"), heads, rows)


def _towns(found: Cockpit) -> Sheet:
    heads = [Label("镇街", "Town"), *(one.label for one in found.towns.targets)]
    rows = [(row.org.name, *row.lights) for row in found.towns.rows]
    return Sheet(Label("镇街", "Towns"), heads, rows)


def _warnings(found: Screen) -> Sheet:
    heads = (
        Label("编号", "Id"), Label("条款", "Clause"), Label("灯", "Light"),
        Label("责任", "Owner"), Label("欠单位", "Owing"), Label("已过期", "Overdue"),
        Label("最早期限", "Earliest due"),
    )  # fmt: skip
    rows = [
        (one.face.id, one.face.label, one.face.light, one.face.owner, one.orgs, one.overdue,
         one.due)
        for one in found.warnings
    ]  # fmt: skip
    return Sheet(Label("预警", "Warnings"), heads, rows)


def _money(found: Screen) -> Sheet:
    heads = (
        Label("资金", "Line"), Label("单位", "Organisation"), Label("条款", "Clause"),
        Label("计划（元）", "Planned (yuan)"), Label("预算（元）", "Budget (yuan)"),
        Label("下达（元）", "Allotted (yuan)"), Label("拨付（元）", "Paid (yuan)"),
        Label("支出（元）", "Spent (yuan)"),
    )  # fmt: skip
    rows = [
        (one.label, one.org.name, one.clause, one.planned, one.budget, one.allotted, one.paid,
         one.spent)
        for one in found.money
    ]  # fmt: skip
    return Sheet(Label("资金", "Money"), heads, rows)


def _trends(found: Screen) -> Sheet:
    heads = (Label("指标", "Indicator"), Label("责任", "Owner"), Label("时期", "Period"),
             Label("数值", "Value"), Label("单位", "Unit"))  # fmt: skip
    rows = [
        (one.label, one.owner, point.label, point.figure.value, unit(one.unit))
        for one in (*found.satisfaction, *found.staffing)
        for point in _known(one)
    ]
    return Sheet(Label("趋势", "Trends"), heads, rows)


def _known(one: Trend) -> tuple[Point, ...]:
    return one.points
