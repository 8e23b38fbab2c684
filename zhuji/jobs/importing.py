"""A workbook checked or taken in: every row must be of an org that its sender may enter for."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from zhuji.jobs import said
from zhuji.jobs.kinds import Done, Kind
from zhuji.jobs.work import Work
from zhuji.kernel.messages import Label, Message, say
from zhuji.ledgers import actions, registry, uploads, writing
from zhuji.ledgers.receipts import Receipt, SheetReceipt
from zhuji.orgs.roles import Verb


def _title(arguments: Mapping[str, Any]) -> Message:
    named = str(arguments["file"])
    if arguments.get("ledger"):
        label = registry.ledger(str(arguments["ledger"])).label
        return say("导入“{name}”到“{ledger}”", name=named, ledger=label)
    return say("导入“{name}”", name=named)


def _run(work: Work) -> Done:
    """First a trial that writes nothing and tells whose rows they are; then, if wanted, for good.

    Repeating it is safe: rows that went in already are told to be unchanged.
    """
    reader = work.acting(Verb.ENTER)
    trial = _take(work, dry_run=True)
    uploads.must_be_theirs(reader, trial)
    work.check()
    if work.arguments.get("dry_run"):
        return _done(work, trial)
    return _done(work, _take(work, dry_run=False))


def _take(work: Work, *, dry_run: bool) -> Receipt:
    return actions.import_file(
        work.given,
        ledger=work.arguments.get("ledger") or None,
        actor=work.actor,
        now=work.now,
        dry_run=dry_run,
        good_rows_only=bool(work.arguments.get("good_rows")),
    )


def _done(work: Work, receipt: Receipt) -> Done:
    path = work.folder / f"{Path(receipt.file_name).stem}-退回.xlsx"
    if receipt.refused_count:
        writing.refused(receipt, path, language=work.language)
    work.progress(receipt.rows, receipt.rows)
    return Done(
        lines=(*map(_line, receipt.sheets), _verdict(work, receipt)),
        facts=_facts(receipt),
        file=path if receipt.refused_count else None,
        findings=tuple(said.findings(receipt.issues)),
    )


def _line(sheet: SheetReceipt) -> Message:
    return say(
        "{ledger}：新增 {created} 行，更新 {updated} 行，未变 {unchanged} 行，退回 {refused} 行",
        ledger=sheet.ledger.label,
        created=sheet.counts.created,
        updated=sheet.counts.updated,
        unchanged=sheet.counts.unchanged,
        refused=len(sheet.refused),
    )


def _verdict(work: Work, receipt: Receipt) -> Message:
    if work.arguments.get("dry_run"):
        return say("只做了检查，没有写入；共 {errors} 处错误", errors=receipt.error_count)
    if not receipt.stored:
        return say("有 {errors} 处错误，一行也没有写入", errors=receipt.error_count)
    if receipt.import_id is None:
        return say("没有变化，什么也没有写入")
    return say("已写入，导入编号 {id}", id=receipt.import_id)


def _facts(receipt: Receipt) -> dict[str, int | str]:
    counts = receipt.counts
    facts: dict[str, int | str] = {
        "created": counts.created,
        "updated": counts.updated,
        "unchanged": counts.unchanged,
        "refused": receipt.refused_count,
        "errors": receipt.error_count,
    }
    if receipt.import_id is not None:
        facts["import"] = receipt.import_id
    return facts


IMPORT = Kind(
    key="import",
    label=Label("导入工作簿", "Import a workbook"),
    title=_title,
    run=_run,
    verbs=frozenset({Verb.ENTER}),
)
