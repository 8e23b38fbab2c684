"""A package as a workbook: its clauses, what each asks, and what the check found."""

from django.http import HttpResponse

from zhuji.kernel.messages import Label, say
from zhuji.programme.library import Examined, Volume
from zhuji.web.files import Sheet, workbook
from zhuji.web.workshop.outline import outline


def package(one: Volume, found: Examined) -> HttpResponse:
    tables = [_issues(found)]
    if found.loaded is not None:
        tables.insert(0, _tree(found))
    return workbook(say("方案包 {key}", key=one.key), *tables)


def _tree(found: Examined) -> Sheet:
    assert found.loaded is not None
    heads = (
        Label("条款", "Clause"), Label("编号", "Id"), Label("名称", "Name"),
        Label("类别", "Kind"), Label("要求", "What it asks"), Label("凭据", "Evidence"),
        Label("责任", "Owner"), Label("文件与行", "File and line"),
    )  # fmt: skip
    rows: list[tuple[object, ...]] = []
    for branch in outline(found.loaded):
        place = branch.spot.text if branch.spot else ""
        rows.append((branch.clause, branch.id, branch.label, "", branch.says, "", branch.owner,
                     place))  # fmt: skip
        rows += [
            (branch.clause, leaf.id, leaf.label, leaf.kind, leaf.asks, leaf.evidence, leaf.owner,
             leaf.spot.text if leaf.spot else "")
            for leaf in branch.leaves
        ]  # fmt: skip
    return Sheet(Label("内容", "Content"), heads, rows)


def _issues(found: Examined) -> Sheet:
    heads = (
        Label("级别", "Level"), Label("文件", "File"), Label("行", "Line"),
        Label("发现", "Finding"), Label("怎样改", "What to do"),
    )  # fmt: skip
    rows = [
        (one.level.value, one.file, one.line, one.message, one.proposal) for one in found.issues
    ]
    return Sheet(Label("检查结果", "Findings"), heads, rows)
