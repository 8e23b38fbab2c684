"""Everything that sends a notice or marks it read. Each leaves one entry in the audit trail."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from zhuji.kernel.errors import BadInput, Refused
from zhuji.kernel.messages import Message, say
from zhuji.ledgers import visibility
from zhuji.orgs import audit
from zhuji.orgs.scope import Reader
from zhuji.tasks import queries, rules
from zhuji.tasks.models import Notice, Reading
from zhuji.tasks.sentences import BY_KEY

Kind = Notice.Kind
SYSTEM = ""
_SCHOOLS = ("school", "kindergarten", "teaching_point")
LEADERS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(_SCHOOLS, ("principal",)),
    "town": ("town_officer",),
    "office": ("officer",),
    "county": ("officer",),
}
WORKERS = {**LEADERS, **dict.fromkeys(_SCHOOLS, ("principal", "clerk"))}


@dataclass(frozen=True)
class Matter:
    """What a notice is about: a node of the plan, a round of returns, an import, a job."""

    kind: str
    key: str


@dataclass(frozen=True)
class Words:
    """A prepared sentence by its key, or a typed one; and by when."""

    ready: str = ""
    text: str = ""
    due: date | None = None


@dataclass(frozen=True)
class Debtors:
    """Those that the sender means, and all who owe as the facts stand: only both are reminded."""

    meant: Collection[str]
    owing: Collection[str]


@dataclass(frozen=True)
class Sent:
    """Whom it reached, whom it passed over and why, and when it arrives."""

    once: str
    orgs: tuple[str, ...]
    arrives_at: datetime
    skipped: Mapping[str, Message] = field(default_factory=dict)


@dataclass(frozen=True)
class _Letter:
    kind: str
    matter: Matter
    words: Words
    sender: str
    once: str
    sent_at: datetime
    shown_from: datetime
    params: Mapping[str, object] | None = None


def instruct(
    reader: Reader,
    matter: Matter,
    orgs: Collection[str],
    words: Words,
    *,
    now: datetime,
    once: str,
) -> Sent:
    """Tell the heads of some orgs what to do about one matter. They see it at once."""
    rules.must_instruct(reader, orgs)
    chosen = _chosen(reader, words)
    letter = _Letter(Kind.INSTRUCTION, matter, chosen, reader.username, rules.once(once), now, now)
    before = queries.sent_with(reader.username, letter.once)
    if before:
        return _again(before, matter, orgs)
    return _send(reader, letter, sorted(set(orgs)), LEADERS)


def remind(
    reader: Reader,
    matter: Matter,
    those: Debtors,
    words: Words,
    *,
    now: datetime,
    once: str,
) -> Sent:
    """Remind those of the orgs that still owe, each at most once a day, never at night."""
    orgs, owing = those.meant, those.owing
    rules.must_remind(reader, orgs)
    chosen, arrives = _chosen(reader, words), rules.arrival(now)
    letter = _Letter(Kind.REMINDER, matter, chosen, reader.username, rules.once(once), now, arrives)
    before = queries.sent_with(reader.username, letter.once)
    if before:
        return _again(before, matter, orgs)
    day = timezone.localdate(arrives)
    reminded = queries.reminded(matter.kind, matter.key, day)
    skipped = {
        org: say("已经完成，不用催") if org not in owing else say("这一天已经催过一次")
        for org in orgs
        if org not in owing or org in reminded
    }
    wanted = sorted(set(orgs) - skipped.keys())
    if not wanted:
        raise Refused(say("没有要催的单位：都已完成，或者这一天已经催过一次。"))
    return _send(reader, letter, wanted, WORKERS, skipped)


@transaction.atomic
def tell(username: str, matter: Matter, message: Message, *, now: datetime, once: str) -> None:
    """The system tells one person something once, in their own language when they read it."""
    Notice.objects.get_or_create(
        sender=SYSTEM,
        once=rules.once(once),
        org="",
        person=username,
        defaults={
            "kind": Kind.TOLD,
            "about_kind": matter.kind,
            "about_key": matter.key,
            "text": message.template,
            "params": {name: _plain(value) for name, value in message.params.items()},
            "sent_at": now,
            "shown_from": now,
            "day": timezone.localdate(now),
        },
    )


@transaction.atomic
def read(reader: Reader, number: int, *, now: datetime) -> queries.Received:
    """Open one notice; the first time is kept as 已读."""
    found = queries.received(reader, number, now=now)
    if found.read_at is None:
        _made, is_new = Reading.objects.get_or_create(
            notice_id=number,
            person=queries.person(reader),
            defaults={"read_at": now},
        )
        if is_new:
            about = audit.About("notice", str(number), found.org)
            audit.record("notice.read", about, actor=reader.username, now=now)
        return queries.received(reader, number, now=now)
    return found


def _chosen(reader: Reader, words: Words) -> Words:
    """What was typed wins over what was chosen, and is checked."""
    if words.text.strip():
        return Words("", rules.clean(reader, words.text), words.due)
    if words.ready not in BY_KEY:
        raise BadInput(say("请选一句话，或者写一句话。"))
    return Words(words.ready, BY_KEY[words.ready].label.zh, words.due)


def _again(before: list[Notice], matter: Matter, orgs: Collection[str]) -> Sent:
    """The same form once more: what it did then, and nothing new."""
    same = all((one.about_kind, one.about_key) == (matter.kind, matter.key) for one in before)
    if not same or not {one.org for one in before} <= set(orgs):
        raise Refused(say("这一页已经用来发过另一条通知，请刷新后再发。"))
    return Sent(before[0].once, tuple(one.org for one in before), before[0].shown_from)


@transaction.atomic
def _send(
    reader: Reader,
    letter: _Letter,
    orgs: Iterable[str],
    roles: Mapping[str, tuple[str, ...]],
    skipped: Mapping[str, Message] | None = None,
) -> Sent:
    wanted = tuple(orgs)
    kinds = dict(
        visibility.visible_to(reader, "orgs").filter(org__in=wanted).values_list("org", "kind")
    )
    made = [_notice(reader, letter, org, roles.get(kinds.get(org, ""), ())) for org in wanted]
    try:
        with transaction.atomic():
            Notice.objects.bulk_create(made)
    except IntegrityError:
        raise Refused(say("刚刚有人发过同样的通知，请刷新后再看。")) from None
    about = audit.About("notice", f"{letter.matter.kind}:{letter.matter.key}", made[0].sender_org)
    change = audit.Change(new={"orgs": wanted, "text": letter.words.text, "due": letter.words.due})
    audit.record(
        f"notice.{letter.kind}", about, actor=letter.sender, now=letter.sent_at, change=change
    )
    return Sent(letter.once, wanted, letter.shown_from, dict(skipped or {}))


def _notice(reader: Reader, letter: _Letter, org: str, roles: Iterable[str]) -> Notice:
    return Notice(
        kind=letter.kind,
        about_kind=letter.matter.kind,
        about_key=letter.matter.key,
        org=org,
        roles="".join(f" {role} " for role in roles),
        text=letter.words.text,
        ready=letter.words.ready,
        due=letter.words.due,
        sender=letter.sender,
        sender_org=_desk(reader, org),
        once=letter.once,
        sent_at=letter.sent_at,
        shown_from=letter.shown_from,
        day=timezone.localdate(letter.shown_from),
    )


def _desk(reader: Reader, org: str) -> str:
    """At which of their posts the sender speaks to this org."""
    posts = (grant.at for grant in reader.grants if org in grant.orgs and grant.role.verbs)
    return next(posts, "")


def _plain(value: object) -> object:
    """What a JSON field keeps; everything else by its words."""
    return value if value is None or isinstance(value, int | str) else str(value)
