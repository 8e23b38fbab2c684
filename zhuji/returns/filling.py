"""What an org does to its return: fill gaps, say what does not apply, prepare, hand in."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from zhuji.kernel.errors import BadInput, DomainError, Issue, Level, NotAllowed, Refused
from zhuji.kernel.messages import Message, say
from zhuji.ledgers import actions as ledgers
from zhuji.ledgers.declare import Column
from zhuji.ledgers.tables import Sheet
from zhuji.orgs import audit
from zhuji.orgs.scope import Reader
from zhuji.returns import forms, queries, rules
from zhuji.returns.forms import Form
from zhuji.returns.models import Round, Submission
from zhuji.returns.queries import Paper, Stage

_FIRST_ROW = 2


@dataclass(frozen=True)
class Answers:
    """By cell name (see `forms.cell_name`): what was typed, and which cells do not apply.

    `typed` has every cell that the page showed, with nothing in those left empty.
    """

    typed: Mapping[str, str]
    excused: frozenset[str] = frozenset()
    nil: bool = False


@transaction.atomic
def fill(reader: Reader, number: int, org: str, answers: Answers, *, now: datetime) -> int:
    """Write what was typed into the ledger, all or nothing, and say how many cells that were."""
    paper = _fillable(reader, number, org)
    rows = {str(row["id"]): row for row in paper.rows}
    typed = {name: text.strip() for name, text in answers.typed.items() if text.strip()}
    asked = {column.key: column for column in paper.form.asked}
    wanted: dict[str, dict[str, str]] = {}
    for name, text in typed.items():
        row_id, _, column = name.partition(".")
        if row_id not in rows or column not in asked:
            raise Refused(say("填报的行或列已经变了，请刷新后再填。"))
        wanted.setdefault(row_id, {})[column] = text
    _must_be_empty(paper.form, rows, wanted)
    if wanted:
        _write(reader, paper, [(rows[key], cells) for key, cells in wanted.items()], now)
    _keep(paper, answers, typed.keys(), now)
    return len(typed)


@transaction.atomic
def prepare(reader: Reader, number: int, org: str, *, seen: str, now: datetime) -> None:
    """Say that everything is filled in and right; somebody else hands it in."""
    paper = _fillable(reader, number, org)
    _must_be_complete(paper)
    _must_be_as_seen(paper, seen)
    made = paper.made
    made.prepared_by, made.prepared_at = reader.username, now
    made.prepared_digest = paper.digest
    made.save(update_fields=["prepared_by", "prepared_at", "prepared_digest"])
    _record("return.prepare", reader, paper, now)


@transaction.atomic
def submit(reader: Reader, number: int, org: str, *, seen: str, now: datetime) -> Submission:
    """Hand in what was prepared by another, with its digest. The same content twice is once."""
    paper = queries.paper(reader, number, org, lock=True)
    if paper.stage is Stage.SUBMITTED and paper.submission and paper.digest == seen:
        return paper.submission
    made = paper.made
    if paper.stage is not Stage.PREPARED:
        raise Refused(say("还没有人送审，或者送审之后内容又改过。请先由填报员核对送审。"))
    if not rules.may_submit(reader, made.round.ledger, org, made.prepared_by):
        raise NotAllowed(say("上报由本单位负责人办理，并且不能是填报人自己。"))
    _must_be_open(made.round)
    _must_be_as_seen(paper, seen)
    submission = Submission.objects.create(
        made=made,
        prepared_by=made.prepared_by,
        submitted_by=reader.username,
        at=now,
        digest=paper.digest,
        rows=len(paper.rows),
    )
    _record("return.submit", reader, paper, now)
    return submission


def _fillable(reader: Reader, number: int, org: str) -> Paper:
    paper = queries.paper(reader, number, org, lock=True)
    if not rules.may_fill(reader, paper.made.round.ledger, org):
        raise NotAllowed(say("填报由本单位填报员办理，您的岗位不能填。"))
    _must_be_open(paper.made.round)
    return paper


def _must_be_open(kept: Round) -> None:
    if kept.state != Round.State.OPEN:
        raise Refused(say("这次填报已经结束。"))


def _must_be_complete(paper: Paper) -> None:
    if not paper.rows and not paper.made.nil:
        raise Refused(say("台账里一行也没有。请先在台账里登记，或者勾选“确无此项”。"))
    if paper.open_cells:
        raise Refused(say("还有 {count} 格没有填。", count=paper.open_cells))


def _must_be_as_seen(paper: Paper, seen: str) -> None:
    if paper.digest != seen:
        raise Refused(say("内容在您核对时被改过，请重新核对后再办。"))


def _must_be_empty(
    form: Form,
    rows: Mapping[str, Mapping[str, object]],
    wanted: Mapping[str, Mapping[str, str]],
) -> None:
    """Only gaps are asked for; what somebody else filled meanwhile is not overwritten."""
    issues = [
        _issue(
            forms.cell_name(row_id, column),
            form.declared.by_key[column],
            say("刚刚有人填了“{value}”，没有覆盖。", value=rows[row_id][column]),
        )
        for row_id, cells in wanted.items()
        for column in cells
        if rows[row_id][column] is not None
    ]
    if issues:
        raise BadInput(say("有 {count} 格刚被别人填过。", count=len(issues)), tuple(issues))


def _write(
    reader: Reader,
    paper: Paper,
    rows: list[tuple[dict[str, object], dict[str, str]]],
    now: datetime,
) -> None:
    """By the rules of an import: one act for all rows, with a number by which it can be undone."""
    declared = paper.form.declared
    needed = [column for column in declared.columns if column.required]
    columns = tuple(dict.fromkeys([*needed, *paper.form.asked]))
    found = forms.rows(reader, paper.form, [paper.made.org])
    whole = {row["id"]: row for row in found.values("id", *(column.key for column in columns))}
    lines = [
        [cells.get(column.key, _as_typed(whole[row["id"]][column.key])) for column in columns]
        for row, cells in rows
    ]
    headings: list[object] = [column.label.zh for column in columns]
    numbered = tuple(enumerate([headings, *lines], start=_FIRST_ROW - 1))
    sheet = Sheet(str(say("填报 {number}", number=paper.made.round_id)), numbered)
    receipt = ledgers.import_sheets([sheet], ledgers.Pasted(declared.key, reader.username, now))
    if receipt.error_count or not receipt.stored:
        raise _faults(receipt.issues, rows, columns)


def _faults(
    issues: tuple[Issue, ...],
    rows: list[tuple[dict[str, object], dict[str, str]]],
    columns: tuple[Column, ...],
) -> DomainError:
    """The same findings, under the names of the cells on the page."""
    by_heading = {column.label.zh: column for column in columns}
    found = []
    for issue in issues:
        column = by_heading.get(issue.column or "")
        if issue.level is not Level.ERROR or issue.row is None or column is None:
            continue
        row, _cells = rows[issue.row - _FIRST_ROW]
        name = forms.cell_name(row["id"], column.key)
        found.append(_issue(name, column, issue.message, issue.proposal))
    return BadInput(say("有 {count} 格填得不对，都没有保存。", count=len(found)), tuple(found))


def _issue(name: str, column: Column, message: Message, proposal: Message | None = None) -> Issue:
    told = say("“{column}”：{finding}", column=column.label, finding=message)
    return Issue(Level.ERROR, told, proposal=proposal, code=name)


def _as_typed(value: object) -> object:
    """Reading it back gives the same value."""
    if isinstance(value, bool):
        return "是" if value else "否"
    return "" if value is None else value if isinstance(value, date) else str(value)


def _keep(paper: Paper, answers: Answers, typed: Collection[str], now: datetime) -> None:
    """What does not apply, and that work has begun."""
    made = paper.made
    known = {
        forms.cell_name(row["id"], column.key)
        for row in paper.rows
        for column in paper.form.asked
        if row[column.key] is None
    }
    elsewhere = set(made.excused) - answers.typed.keys()  # on another page of the form
    excused = sorted(((answers.excused | elsewhere) & known) - set(typed))
    nil = answers.nil and not paper.rows
    if (excused, nil) != (made.excused, made.nil):
        made.changed_at = now
    made.excused, made.nil = excused, nil
    made.begun_at = made.begun_at or now
    made.save(update_fields=["excused", "nil", "begun_at", "changed_at"])


def _record(verb: str, reader: Reader, paper: Paper, now: datetime) -> None:
    about = audit.About("return", str(paper.made.pk), paper.made.org)
    change = audit.Change(new={"digest": paper.digest, "rows": len(paper.rows)})
    audit.record(verb, about, actor=reader.username, now=now, change=change)
