"""The balance page: a matrix of schools and resources, what each school lacks, the coefficients."""

from typing import Any

from django.http import HttpResponse

from zhuji.cockpit import balance as balances
from zhuji.cockpit.balance import BalancePage, BalanceStage
from zhuji.cockpit.faces import Link, Standing
from zhuji.kernel.messages import Label, say
from zhuji.web.asked import Asked
from zhuji.web.balance import filters, sheets
from zhuji.web.balance.matrix import matrix, relief, told
from zhuji.web.doors import signed_in
from zhuji.web.files import FORMAT
from zhuji.web.links import href
from zhuji.web.lists import Head, changed, pages
from zhuji.web.pages import page
from zhuji.web.plan import asking

_A_PAGE = 60
_COEFFICIENT_HEADS = (
    Head(Label("指标", "Indicator")),
    Head(Label("差异系数", "Coefficient"), number=True),
    Head(Label("上限", "Limit"), number=True),
    Head(Label("结论", "Verdict")),
    Head(Label("单靠偶然就有的差异", "What chance alone makes")),
)
_EXEMPTION_HEADS = (
    Head(Label("学校", "School")),
    Head(Label("指标", "Indicator")),
    Head(Label("豁免种类", "Kind of relief")),
    Head(Label("依据", "Basis")),
    Head(Label("佐证编号", "Evidence")),
    Head(Label("批准", "Approved by")),
    Head(Label("有效期", "In force")),
)


@signed_in("GET")
@asking.judged
def balance(asked: Asked) -> HttpResponse:
    where = asking.where(asked)
    found = balances.balance(asked.moment.reader, on=where.on)
    if asked.GET.get("format") == FORMAT:
        return sheets.balance(found)
    stage = _stage(found, asked.GET.get("stage", ""))
    context: dict[str, Any] = {
        "found": found,
        "standing": found.standing,
        "stage": stage,
        "errors": where.errors,
        "xlsx": changed(asked.GET, format=FORMAT, page=None),
        "crumbs": [{"label": say("优质均衡")}],
    }
    if stage is not None:
        context |= _of_stage(asked, found, stage, where.typed)
    parts = {"rows": "balance/_stage.html"}
    return page(asked, "balance/page.html", context, parts=parts, status=where.status)


def _stage(found: BalancePage, wanted: str) -> BalanceStage | None:
    """The one asked for, or the first."""
    named = (one for one in found.stages if one.stage == wanted)
    return next(named, found.stages[0] if found.stages else None)


def _of_stage(
    asked: Asked, found: BalancePage, stage: BalanceStage, typed_day: str
) -> dict[str, Any]:
    narrowed = filters.narrowed(asked.GET)
    schools = filters.kept(found, stage, narrowed)
    shown = pages(asked.GET, len(schools), size=len(schools) or 1 if narrowed.whole else _A_PAGE)
    names = {one.org.code: one.org.name for one in stage.schools}
    labels = {one.id: one.label for one in stage.resources}
    return {
        "tabs": _tabs(asked, found, stage),
        "matrix": matrix(found, stage, schools[shown.slice]),
        "pages": shown,
        "whole": "" if narrowed.whole or shown.count == 1 else changed(asked.GET, all=1, page=None),
        "fields": filters.fields(found, stage, narrowed, typed_day),
        "chosen": filters.chips(found, asked.GET, narrowed),
        "counts": filters.counted(stage),
        "coefficients": [
            told(one, found.standing) for one in stage.resources if one.coefficient is not None
        ],
        "coefficient_heads": _COEFFICIENT_HEADS,
        "exemptions": [
            (one, names[one.org], labels[one.item], relief(one))
            for one in found.exemptions if one.org in names and one.item in labels
        ],
        "exemption_heads": _EXEMPTION_HEADS,
        "verdict_href": _verdict_href(stage, found.standing),
    }  # fmt: skip


def _verdict_href(stage: BalanceStage, standing: Standing) -> str:
    if stage.verdict is None:
        return ""
    return href(Link("indicator", stage.verdict.id), standing)


def _tabs(asked: Asked, found: BalancePage, chosen: BalanceStage) -> list[dict[str, Any]]:
    return [
        {
            "label": one.label,
            "href": changed(asked.GET, stage=one.stage, page=None),
            "current": one is chosen,
            "count": len(one.schools),
        }
        for one in found.stages
    ]
