"""The board and one clause as workbooks."""

from collections.abc import Iterable

from django.http import HttpResponse

from zhuji.bulletins.words import KINDS
from zhuji.cockpit.board import Board
from zhuji.cockpit.faces import Change, Face, Owing, Standing
from zhuji.cockpit.node import DutyBoard, MoneyRow, NodePage
from zhuji.kernel.lights import LABELS
from zhuji.kernel.messages import Label, say
from zhuji.web.files import Said, Sheet, workbook
from zhuji.web.pages import language
from zhuji.web.templatetags.figures import unit

_FACES = (
    Label("类别", "Kind"),
    Label("编号", "Id"),
    Label("名称", "Name"),
    Label("灯", "Light"),
    Label("数值", "Value"),
    Label("单位", "Unit"),
    Label("要求", "Goal"),
    Label("负责单位", "Owner"),
    Label("条款", "Clause"),
    Label("截至", "As of"),
)


def about(standing: Standing) -> list[tuple[Said, object]]:
    """What stands above every table: of whom, of which day, upon which facts."""
    told: list[tuple[Said, object]] = [
        (Label("方案", "Plan"), standing.title),
        (Label("范围", "Organisation"), standing.org.name),
        (Label("判定日", "Judged on"), standing.on),
        (Label("依据快照", "Snapshot"), standing.snapshot),
    ]
    return (
        [*told, (Label("说明", "Remarks"), Label("虚构县", "Invented county"))]
        if standing.invented
        else told
    )


def board(found: Board) -> HttpResponse:
    items = [*found.targets]
    for one in found.actions:
        items += [one.face, *one.measures]
    title = Label("规划看板", "Plan board")
    return workbook(
        say("规划看板 {org} {day}", org=found.standing.org.name, day=found.standing.on),
        faces(title, [*items, *found.safeguards]),
        changes(found.changes),
        about=about(found.standing),
    )


def node(found: NodePage) -> HttpResponse:
    tables = [
        faces(
            Label("判定", "Judged"), [*found.above, found.face, *found.children, *found.indicators]
        )
    ]
    tables += [dots(one) for one in (*found.duties, *found.milestones)]
    if found.money:
        tables.append(_money(found.money))
    tables += [owing(found.owing), changes(found.changes)]
    return workbook(
        say(
            "{id} {org} {day}", id=found.face.id, org=found.standing.org.name, day=found.standing.on
        ),
        *tables,
        about=about(found.standing),
    )


def faces(title: Said, items: Iterable[Face]) -> Sheet:
    rows = [
        (
            KINDS.get(one.kind, Label(one.kind, one.kind)), one.id, one.label, one.light,
            one.value, unit(one.unit), one.goal, one.owner, one.clause, one.as_of,
        )
        for one in items
    ]  # fmt: skip
    return Sheet(title, _FACES, rows)


def owing(found: Iterable[Owing]) -> Sheet:
    heads = (
        Label("单位", "Organisation"),
        Label("欠什么", "What is owed"),
        Label("条款", "Clause"),
        Label("责任", "Owner"),
        Label("期限", "Due"),
        Label("数量", "Count"),
    )
    rows = [(one.org.name, one.what, one.label, one.owner, one.due, one.count) for one in found]
    return Sheet(Label("谁还欠什么", "Who owes what"), heads, rows)


def changes(found: Iterable[Change]) -> Sheet:
    heads = (
        Label("单位", "Organisation"),
        Label("编号", "Id"),
        Label("名称", "Name"),
        Label("原来", "Before"),
        Label("现在", "Now"),
    )
    rows = [
        (one.org.name, one.id, one.label, LABELS[one.before], LABELS[one.after]) for one in found
    ]
    return Sheet(Label("与上次判定相比", "Since the judging before"), heads, rows)


def dots(found: DutyBoard) -> Sheet:
    heads = [Label("单位", "Organisation"), *(one.label for one in found.columns)]
    rows = [
        [row.org.name, *(dot.label if dot.state else "" for dot in row.dots)] for row in found.rows
    ]
    return Sheet(found.face.label.get(language()), heads, rows)


def _money(found: Iterable[MoneyRow]) -> Sheet:
    heads = (
        Label("项目", "Line"),
        Label("单位", "Organisation"),
        Label("计划（元）", "Planned (yuan)"),
        Label("预算（元）", "Budget (yuan)"),
        Label("下达（元）", "Allotted (yuan)"),
        Label("拨付（元）", "Paid (yuan)"),
        Label("支出（元）", "Spent (yuan)"),
        Label("未按用途支出（元）", "Spent off purpose (yuan)"),
        Label("迟拨天数", "Days late"),
    )
    rows = [
        (
            one.label, one.org.name, one.planned, one.budget, one.allotted,
            one.paid, one.spent, one.misused, one.late_days,
        )
        for one in found
    ]  # fmt: skip
    return Sheet(Label("资金", "Money"), heads, rows)
