"""Everything that happens to a round: kept as a draft, opened, chased, closed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from zhuji.kernel.errors import BadInput, Issue, Level, NotAllowed, Refused
from zhuji.kernel.messages import Message, say
from zhuji.orgs import audit
from zhuji.orgs.scope import Reader
from zhuji.returns import forms, proposing, queries, rules
from zhuji.returns.forms import Measure
from zhuji.returns.models import Return, Round
from zhuji.tasks import actions as tasks
from zhuji.tasks import rules as notices
from zhuji.tasks.actions import Debtors, Matter, Sent, Words

TITLE_LENGTH = 100
STATE = Round.State


@dataclass(frozen=True)
class Wish:
    """What the person who asks has chosen so far; a draft may still lack most of it."""

    title: str
    ledger: str
    columns: Collection[str]
    scope: Collection[str]
    due: date | None
    item: str = ""
    where: Mapping[str, str] | None = None
    since: date | None = None


@transaction.atomic
def draft(
    reader: Reader, wish: Wish, *, now: datetime, once: str, number: int | None = None
) -> Round:
    """Keep what was chosen. What nobody may choose is refused at once, what is open can wait."""
    if not rules.may_ask(reader):
        raise NotAllowed(say("您没有下级单位，不能发起填报。"))
    proposing.must_be_askable(reader, wish.ledger)
    kept = _draft_of(reader, number, notices.once(once))
    kept.title = " ".join(wish.title.split())[:TITLE_LENGTH]
    kept.ledger, kept.item = wish.ledger, wish.item
    kept.columns = _allowed_columns(reader, wish)
    kept.where, kept.since, kept.on = _allowed_where(reader, wish), wish.since, reader.today
    kept.scope = _allowed_scope(reader, wish)
    kept.due, kept.changed_at = wish.due, now
    kept.from_org = _desk(reader, kept.scope)
    try:
        with transaction.atomic():
            kept.save()
    except IntegrityError:
        raise Refused(say("这一页已经保存过，请从填报列表里打开草稿。")) from None
    return kept


@transaction.atomic
def drop(reader: Reader, number: int) -> None:
    """Throw a draft of one's own away."""
    queries.own_draft(reader, number).delete()


@transaction.atomic
def open_round(reader: Reader, number: int, *, now: datetime) -> Round:
    """Ask: every org of the scope owes a return, but those of which all is known already."""
    kept = queries.own_draft(reader, number, lock=True)
    if kept.state == STATE.OPEN:
        return kept  # the button was pressed twice
    measure = check(reader, kept)
    kept.state, kept.opened_at, kept.on = STATE.OPEN, now, reader.today
    kept.save(update_fields=["state", "opened_at", "on"])
    lacking = set(measure.lacking)
    Return.objects.bulk_create(
        Return(round=kept, org=org, asked=org in lacking) for org in kept.scope
    )
    new = {"ledger": kept.ledger, "columns": kept.columns, "asked": sorted(lacking)}
    _record("return.open", reader, kept, now, new | {"due": kept.due})
    return kept


def check(reader: Reader, kept: Round) -> Measure:
    """Everything that keeps a draft from being sent, at once; else how much of it is known."""
    form = queries.form_of(kept)
    issues = tuple(_open_ends(kept, reader.today))
    if issues:
        raise BadInput(say("还有 {count} 处没有填好，不能发起。", count=len(issues)), issues)
    proposing.must_be_askable(reader, kept.ledger)
    _must_reach(reader, kept.ledger, kept.scope)  # the post may be another one by now
    notices.clean(reader, kept.title)
    measure = forms.measure(reader, form, kept.scope)
    if not measure.lacking:
        raise Refused(
            say(
                "“{ledger}”里这些列已经全部填好，不必再向下级要。请直接查看或导出台账。",
                ledger=form.declared.label,
            )
        )
    return measure


@transaction.atomic
def close(reader: Reader, number: int, *, now: datetime) -> None:
    """No return is owed any longer; what was handed in stays."""
    kept = queries.overseen(reader, number, lock=True)
    if not queries.is_asker(reader, kept):
        raise NotAllowed(say("这次填报由发起的单位结束。"))
    if kept.state != STATE.OPEN:
        raise Refused(say("这次填报不在进行中。"))
    kept.state, kept.closed_at = STATE.CLOSED, now
    kept.save(update_fields=["state", "closed_at"])
    _record("return.close", reader, kept, now, {})


def remind(reader: Reader, number: int, *, now: datetime, once: str) -> Sent:
    """Remind, once a day, exactly those who have not handed in what stands in the ledger now."""
    kept = queries.overseen(reader, number)
    if kept.state != STATE.OPEN:
        raise Refused(say("这次填报不在进行中。"))
    owing = [one.org for one in queries.states(reader, kept) if one.owes]
    if not owing:
        raise Refused(say("没有要催的单位：都已上报。"))
    words = Words("reminder", "", kept.due)
    matter = Matter("round", str(number))
    return tasks.remind(reader, matter, Debtors(owing, owing), words, now=now, once=once)


def _draft_of(reader: Reader, number: int | None, once: str) -> Round:
    if number is not None:
        found = queries.own_draft(reader, number, lock=True)
        if found.state != STATE.DRAFT:
            raise Refused(say("这次填报已经发起，不能再改。"))
        return found
    again = Round.objects.filter(owner=reader.username, once=once, state=STATE.DRAFT).first()
    return again or Round(owner=reader.username, once=once)


def _allowed_columns(reader: Reader, wish: Wish) -> list[str]:
    allowed = [column.key for column in forms.open_columns(reader, wish.ledger)]
    strange = set(wish.columns) - set(allowed)
    if strange:
        raise BadInput(say("这些列不能要：{columns}。", columns=sorted(strange)))
    return [key for key in allowed if key in set(wish.columns)]


def _allowed_where(reader: Reader, wish: Wish) -> dict[str, str]:
    options = {
        column.key: {option.value for option in column.options}
        for column in forms.choices(reader, wish.ledger)
    }
    where = dict(wish.where or {})
    if any(value not in options.get(column, ()) for column, value in where.items()):
        raise BadInput(say("筛选条件里有台账没有的列或选项。"))
    return where


def _allowed_scope(reader: Reader, wish: Wish) -> list[str]:
    _must_reach(reader, wish.ledger, wish.scope)
    return sorted(set(wish.scope))


def _must_reach(reader: Reader, ledger: str, scope: Collection[str]) -> None:
    declared = forms.Form(ledger, ()).declared
    strange = set(scope) - set(proposing.within_reach(reader, declared))
    if strange:
        raise BadInput(say("范围里有 {count} 个您不能要数的单位。", count=len(strange)))


def _open_ends(kept: Round, today: date) -> list[Issue]:
    found = []
    if not kept.title:
        found.append(_issue("title", say("请写一个标题。")))
    if not kept.columns:
        found.append(_issue("columns", say("请至少选一列。")))
    if not kept.scope:
        found.append(_issue("scope", say("请至少选一个单位。")))
    if kept.due is None:
        found.append(_issue("due", say("请填上报期限。")))
    elif kept.due < today:
        found.append(_issue("due", say("上报期限不能早于今天 {today}。", today=today)))
    return found


def _issue(field: str, message: Message) -> Issue:
    return Issue(Level.ERROR, message, code=field)


def _desk(reader: Reader, scope: Collection[str]) -> str:
    """The post by which the reader stands above all of the scope."""
    above = (grant.at for grant in reader.grants if set(scope) <= grant.orgs - {grant.at})
    first = next((grant.at for grant in reader.grants if notices.REMINDING & grant.role.verbs), "")
    return next(above, first)


def _record(
    verb: str, reader: Reader, kept: Round, now: datetime, new: Mapping[str, object]
) -> None:
    about = audit.About("round", str(kept.pk), kept.from_org)
    audit.record(verb, about, actor=reader.username, now=now, change=audit.Change(new=new))
