"""Rounds and returns as their asker and those who fill them in see them. States are derived."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import Prefetch, QuerySet

from zhuji.kernel.errors import NotFound
from zhuji.kernel.messages import Label, say
from zhuji.ledgers.registry import ledger as ledger_of
from zhuji.orgs.scope import Reader
from zhuji.returns import forms, rules
from zhuji.returns.forms import Form, Holding
from zhuji.returns.models import Return, Round, Submission
from zhuji.tasks.queries import State as TaskState
from zhuji.tasks.queries import Todo
from zhuji.tasks.rules import REMINDING

MOST = 200


class Stage(StrEnum):
    """How far a return is; `changed`: handed in, and then a row was changed."""

    KNOWN = "known"
    NOT_BEGUN = "not_begun"
    FILLING = "filling"
    PREPARED = "prepared"
    SUBMITTED = "submitted"
    CHANGED = "changed"


STAGES: Mapping[Stage, Label] = {
    Stage.KNOWN: Label("台账已齐，不必填", "All known, nothing asked"),
    Stage.NOT_BEGUN: Label("未开始", "Not begun"),
    Stage.FILLING: Label("填写中", "Being filled in"),
    Stage.PREPARED: Label("待审核上报", "Waits for approval"),
    Stage.SUBMITTED: Label("已上报", "Handed in"),
    Stage.CHANGED: Label("上报后有改动，需重新上报", "Changed since, to be handed in again"),
}
_DONE = (Stage.KNOWN, Stage.SUBMITTED)
_STATES: Mapping[str, Label] = {
    Round.State.DRAFT: Label("草稿", "Draft"),
    Round.State.OPEN: Label("填报中", "Open"),
    Round.State.CLOSED: Label("已结束", "Closed"),
}


@dataclass(frozen=True)
class OrgState:
    """One line of a round: an org, how far it is, and what it last handed in."""

    number: int
    org: str
    stage: Stage
    lacks: int
    prepared_by: str = ""
    submission: Submission | None = None

    @property
    def owes(self) -> bool:
        return self.stage not in _DONE

    @property
    def label(self) -> Label:
        return STAGES[self.stage]


@dataclass(frozen=True)
class Paper:
    """A return as it stands: the rows as the reader may read them, and the digest to sign."""

    made: Return
    form: Form
    rows: tuple[dict[str, Any], ...]
    stage: Stage
    digest: str
    submission: Submission | None

    @property
    def lacking(self) -> tuple[dict[str, Any], ...]:
        """Rows with a cell still to be filled."""
        return tuple(row for row in self.rows if forms.missing(self.form, row, self.made.excused))

    @property
    def open_cells(self) -> int:
        if not self.rows:
            return 0 if self.made.nil else 1
        return sum(len(forms.missing(self.form, row, self.made.excused)) for row in self.rows)


def form_of(kept: Round) -> Form:
    return Form(kept.ledger, tuple(kept.columns), kept.where, kept.on, kept.since)


def own_draft(reader: Reader, number: int, *, lock: bool = False) -> Round:
    """A round that this person made; another's draft does not exist for anybody else."""
    found = Round.objects.filter(pk=number, owner=reader.username)
    kept = (found.select_for_update() if lock else found).first()
    if kept is None:
        raise _nothing()
    return kept


def overseen(reader: Reader, number: int, *, lock: bool = False) -> Round:
    """A round that asks some org below one of the reader's posts; drafts are their owner's."""
    found = Round.objects.filter(pk=number).exclude(state=Round.State.DRAFT)
    kept = (found.select_for_update() if lock else found).first()
    if kept is None or not any(rules.stands_above(reader, org) for org in kept.scope):
        raise _nothing()
    return kept


def is_asker(reader: Reader, kept: Round) -> bool:
    """Whether some post of the reader's stands above the desk that asked, or is it."""
    return any(
        REMINDING & grant.role.verbs
        and kept.from_org in grant.orgs
        and set(kept.scope) <= grant.orgs
        for grant in reader.grants
    )


def rounds(reader: Reader) -> tuple[Round, ...]:
    """One's own drafts first, then what was asked, the newest first."""
    newest = Round.objects.order_by("-pk")
    drafts = newest.filter(owner=reader.username, state=Round.State.DRAFT)
    below = sorted(org for org in reader.orgs if rules.stands_above(reader, org))
    asked = newest.filter(returns__org__in=below).distinct()
    return (*drafts[:MOST], *asked[:MOST])


def states(reader: Reader, kept: Round) -> tuple[OrgState, ...]:
    """The orgs of a round below the reader, each with how far it is; a few statements for all."""
    form = form_of(kept)
    every = _with_submissions(Return.objects.filter(round=kept)).order_by("org")
    returns = [one for one in every if rules.stands_above(reader, one.org)]
    held = forms.measure(reader, form, [one.org for one in returns])
    return tuple(
        OrgState(
            one.pk,
            one.org,
            _stage(reader, form, one, held.orgs[one.org]),
            max(held.lacks(one.org) - len(one.excused), 0) if not one.nil else 0,
            one.prepared_by,
            last(one),
        )
        for one in returns
    )


def paper(reader: Reader, number: int, org: str, *, lock: bool = False) -> Paper:
    """One org's return, for those who fill it in, hand it in, or asked for it."""
    found = _with_submissions(Return.objects.filter(round_id=number, org=org))
    made = (found.select_for_update(of=("self",)) if lock else found).first()
    if made is None or not _reads(reader, made):
        raise _nothing()
    form = form_of(made.round)
    rows = tuple(forms.values(form, forms.rows(reader, form, [org])))
    signed = forms.digest(form, org, rows, made.excused, made.nil)
    return Paper(made, form, rows, _stage_of(made, signed), signed, last(made))


def mine(reader: Reader) -> tuple[tuple[Round, OrgState], ...]:
    """The open returns that this person fills in or hands in, by due date."""
    found = _with_submissions(
        Return.objects.filter(round__state=Round.State.OPEN, org__in=_own_orgs(reader), asked=True)
    )
    result = []
    for one in found.order_by("round__due", "pk")[:MOST]:
        form = form_of(one.round)
        signs = rules.may_submit(reader, form.ledger, one.org, one.prepared_by)
        if signs or rules.may_fill(reader, form.ledger, one.org):
            held = forms.measure(reader, form, [one.org])
            stage = _stage(reader, form, one, held.orgs[one.org])
            lacks = max(held.lacks(one.org) - len(one.excused), 0)
            state = OrgState(one.pk, one.org, stage, lacks, one.prepared_by, last(one))
            result.append((one.round, state))
    return tuple(result)


def todo(reader: Reader) -> tuple[Todo, ...]:
    """Returns to fill in or to hand in, and drafts of rounds: for `tasks.queries.todo(also=…)`."""
    drafts = Round.objects.filter(owner=reader.username, state=Round.State.DRAFT).order_by("-pk")
    unsent = (
        Todo(
            "round-draft",
            str(one.pk),
            say("继续编辑填报草稿“{title}”", title=one.title),
            one.due,
            TaskState.IN_WORK,
        )
        for one in drafts[:MOST]
    )
    return (*_owed(reader), *unsent)


def _owed(reader: Reader) -> Iterator[Todo]:
    for kept, one in mine(reader):
        key = f"{kept.pk}/{one.org}"
        if one.stage is Stage.PREPARED:
            if rules.may_submit(reader, kept.ledger, one.org, one.prepared_by):
                title = say("审核并上报“{title}”", title=kept.title)
                yield Todo("return-check", key, title, kept.due, TaskState.NOT_BEGUN, one.org)
        elif one.owes and rules.may_fill(reader, kept.ledger, one.org):
            begun = one.stage is not Stage.NOT_BEGUN
            faulty = one.stage is Stage.CHANGED
            state = TaskState.IN_WORK if begun else TaskState.NOT_BEGUN
            title = say("填报“{title}”：还差 {count} 格", title=kept.title, count=one.lacks)
            yield Todo(
                "return", key, title, kept.due, TaskState.FAULTY if faulty else state, one.org
            )


def last(made: Return) -> Submission | None:
    """The newest handing in; `submissions` was fetched in their order."""
    every = list(made.submissions.all())
    return every[-1] if every else None


def is_draft(kept: Round) -> bool:
    return kept.state == Round.State.DRAFT


def is_open(kept: Round) -> bool:
    return kept.state == Round.State.OPEN


def state_of(kept: Round) -> Label:
    return _STATES[kept.state]


def label(kept: Round) -> Label:
    return ledger_of(kept.ledger).label


def _with_submissions(found: QuerySet[Return]) -> QuerySet[Return]:
    ordered = Prefetch("submissions", queryset=Submission.objects.order_by("pk"))
    return found.select_related("round").prefetch_related(ordered)


def _stage(reader: Reader, form: Form, made: Return, held: Holding) -> Stage:
    """The rows are read only where something was changed after it was signed."""
    submission = last(made)
    signed_at = submission.at if submission else made.prepared_at
    digest = submission.digest if submission else made.prepared_digest
    if signed_at is None or not digest:
        return _stage_of(made, "")
    same_count = submission is None or submission.rows == held.rows
    if same_count and submission and _untouched(made, held, signed_at):
        return _stage_of(made, digest)
    rows = forms.values(form, forms.rows(reader, form, [made.org]))
    return _stage_of(made, forms.digest(form, made.org, rows, made.excused, made.nil))


def _untouched(made: Return, held: Holding, since: datetime) -> bool:
    changes = [at for at in (held.changed_at, made.changed_at) if at is not None]
    return all(at < since for at in changes)


def _stage_of(made: Return, digest: str) -> Stage:
    submission = last(made)
    if not made.asked and submission is None:
        return Stage.KNOWN
    if submission is not None and submission.digest == digest:
        return Stage.SUBMITTED
    if made.prepared_digest and made.prepared_digest == digest:
        return Stage.PREPARED
    if submission is not None:
        return Stage.CHANGED
    return Stage.FILLING if made.begun_at else Stage.NOT_BEGUN


def _reads(reader: Reader, made: Return) -> bool:
    if made.round.state == Round.State.DRAFT:
        return False
    ledger = made.round.ledger
    filling = rules.may_fill(reader, ledger, made.org)
    signing = rules.may_submit(reader, ledger, made.org, "")
    own = rules.is_own(reader, made.org) and (filling or signing)
    return own or rules.stands_above(reader, made.org)


def _own_orgs(reader: Reader) -> list[str]:
    return sorted({grant.at for grant in reader.grants})


def _nothing() -> NotFound:
    return NotFound(say("没有这次填报，或者它不在您的可见范围内。"))
