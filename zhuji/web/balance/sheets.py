"""The balance page as a workbook: for each stage the schools, the ways, the coefficients."""

from collections.abc import Iterator

from django.http import HttpResponse

from zhuji.cockpit.balance import BalancePage, BalanceStage
from zhuji.cockpit.ways import way
from zhuji.kernel.messages import Label, say
from zhuji.web.balance.matrix import LOOKS, relief, verdict
from zhuji.web.files import Sheet, workbook
from zhuji.web.plan.sheets import about
from zhuji.web.templatetags.figures import unit

_AIMS = {
    "standard": Label("达到标准", "reach the standard"),
    "floor": Label("到 85%", "reach 85 %"),
    "report": Label("先补报数据", "report the data first"),
}


def balance(found: BalancePage) -> HttpResponse:
    tables = [table for stage in found.stages for table in _of_stage(stage)]
    return workbook(
        say("优质均衡 {day}", day=found.standing.on),
        *tables,
        _exemptions(found),
        about=about(found.standing),
    )


def _of_stage(stage: BalanceStage) -> Iterator[Sheet]:
    name = stage.label
    yield _schools(stage, say("{stage} 各校", stage=name))
    yield _ways(stage, say("{stage} 怎样过线", stage=name))
    yield _coefficients(stage, say("{stage} 差异系数", stage=name))


def _schools(stage: BalanceStage, title: object) -> Sheet:
    heads = [
        Label("代码", "Code"), Label("学校", "School"), Label("镇街", "Town"),
        Label("在校生", "Pupils"), Label("结论", "Verdict"), Label("达标项数", "Standards met"),
    ]  # fmt: skip
    for one in stage.resources:
        heads += [one.label, Label("状态", "State")]
    rows: list[list[object]] = [
        [None, Label("标准", "Standard"), None, None, None, stage.least,
         *(item for one in stage.resources for item in (one.standard, unit(one.unit)))],
        [None, Label("85% 底线", "85 % floor"), None, None, None, None,
         *(item for one in stage.resources for item in (one.floor, unit(one.unit)))],
    ]  # fmt: skip
    for school in stage.schools:
        row: list[object] = [
            school.org.code, school.org.name, school.town.name if school.town else "",
            school.pupils, verdict(school).word, school.met,
        ]  # fmt: skip
        for cell in school.cells:
            row += [cell.value, _state(cell.state, exempt=cell.exemption is not None)]
        rows.append(row)
    return Sheet(title, heads, rows)  # type: ignore[arg-type]


def _state(state: str, *, exempt: bool) -> Label:
    word = LOOKS[state].word
    return Label(f"{word.zh}（豁免）", f"{word.en} (relief)") if exempt else word


def _ways(stage: BalanceStage, title: object) -> Sheet:
    heads = (
        Label("代码", "Code"), Label("学校", "School"), Label("资源", "Resource"),
        Label("要做到", "To do"), Label("还差", "Still needed"), Label("单位", "Unit"),
        Label("占标准的 %", "% of the standard"),
    )  # fmt: skip
    rows = [
        (
            school.org.code, school.org.name, step.label, _AIMS[step.aim], step.short,
            unit(step.unit), None if step.share is None else step.share * 100,
        )
        for school in stage.schools for step in way(school, stage.resources)
    ]  # fmt: skip
    return Sheet(title, heads, rows)  # type: ignore[arg-type]


def _coefficients(stage: BalanceStage, title: object) -> Sheet:
    heads = (
        Label("编号", "Id"), Label("指标", "Indicator"), Label("差异系数", "Coefficient"),
        Label("上限", "Limit"), Label("结论", "Verdict"),
        Label("偶然值", "By chance"), Label("偶然上限", "Upper bound by chance"),
    )  # fmt: skip
    rows = [
        (
            one.id, one.label, one.value, one.limit, one.light,
            one.noise.expected if one.noise else None, one.noise.upper if one.noise else None,
        )
        for one in (resource.coefficient for resource in stage.resources) if one is not None
    ]  # fmt: skip
    return Sheet(title, heads, rows)  # type: ignore[arg-type]


def _exemptions(found: BalancePage) -> Sheet:
    heads = (
        Label("代码", "Code"), Label("学校", "School"), Label("指标", "Indicator"),
        Label("豁免种类", "Kind of relief"), Label("依据", "Basis"),
        Label("佐证编号", "Evidence"), Label("批准", "Approved by"),
        Label("起", "From"), Label("止", "Until"),
    )  # fmt: skip
    names = {one.org.code: one.org.name for stage in found.stages for one in stage.schools}
    labels = {one.id: one.label for stage in found.stages for one in stage.resources}
    rows = [
        (
            one.org, names.get(one.org, one.org), labels.get(one.item, one.item), relief(one),
            one.basis, one.evidence, one.approver, one.valid_from, one.valid_to,
        )
        for one in found.exemptions
    ]  # fmt: skip
    return Sheet(Label("豁免", "Reliefs"), heads, rows)
