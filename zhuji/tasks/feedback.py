"""投诉与建议: sent from any page, answered by who publishes for the org, read by the sender."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet

from zhuji.kernel.errors import BadInput, NotFound, Refused
from zhuji.kernel.messages import Label, say
from zhuji.orgs import audit
from zhuji.orgs.roles import Verb
from zhuji.orgs.scope import Reader
from zhuji.tasks import actions, rules
from zhuji.tasks.actions import Matter
from zhuji.tasks.models import LONGEST_SAID, Feedback

KINDS = {
    Feedback.Kind.PROBLEM: Label("有问题", "Something is wrong"),
    Feedback.Kind.SUGGESTION: Label("建议", "Suggestion"),
    Feedback.Kind.COMPLAINT: Label("投诉", "Complaint"),
}
ANSWERING = Verb.PUBLISH
MOST = 200
_PAGE = re.compile(r"/[A-Za-z0-9_./-]{0,199}")


@dataclass(frozen=True)
class Said:
    """What somebody wrote; `page`: where they were, without what they had searched for."""

    kind: str
    text: str
    page: str = ""


@transaction.atomic
def send(reader: Reader, said: Said, *, now: datetime, once: str) -> Feedback:
    """Once, however often the form is sent."""
    if said.kind not in KINDS:
        raise BadInput(say("请选一类：有问题、建议或投诉。"))
    made, is_new = Feedback.objects.get_or_create(
        sender=reader.username,
        once=rules.once(once),
        defaults={
            "kind": said.kind,
            "page": page_of(said.page),
            "text": _clean(reader, said.text),
            "org": next((grant.at.partition("#")[0] for grant in reader.grants), ""),
            "sent_at": now,
        },
    )
    if is_new:
        about = audit.About("feedback", str(made.pk), made.org)
        audit.record("feedback.send", about, actor=reader.username, now=now)
    return made


@transaction.atomic
def answer(reader: Reader, number: int, text: str, *, now: datetime) -> Feedback:
    """Once and for all; the sender is told, and reads it where they asked."""
    kept = _open_to(reader).select_for_update().filter(pk=number).first()
    if kept is None:
        raise NotFound(say("没有这条意见，或者它不归您答复。"))
    if kept.answered_at is not None:
        raise Refused(say("这条意见已经答复过了。"))
    kept.answer, kept.answered_by, kept.answered_at = _clean(reader, text), reader.username, now
    kept.save(update_fields=["answer", "answered_by", "answered_at"])
    about = audit.About("feedback", str(kept.pk), kept.org)
    audit.record("feedback.answer", about, actor=reader.username, now=now)
    told = say("您提的意见已经答复。")
    matter = Matter("feedback", str(kept.pk))
    actions.tell(kept.sender, matter, told, now=now, once=f"feedback-{kept.pk}")
    return kept


def mine(reader: Reader) -> list[Feedback]:
    return list(Feedback.objects.filter(sender=reader.username).order_by("-pk")[:MOST])


def received(reader: Reader) -> list[Feedback]:
    """What this reader may answer: the unanswered first, the longest waiting on top."""
    waiting = F("answered_at").asc(nulls_first=True)
    return list(_open_to(reader).order_by(waiting, "pk")[:MOST])


def one(reader: Reader, number: int) -> Feedback:
    """For its sender, and for who may answer it."""
    mine_or_open = Q(sender=reader.username) | Q(pk__in=_open_to(reader).values("pk"))
    found = Feedback.objects.filter(mine_or_open, pk=number).first()
    if found is None:
        raise NotFound(say("没有这条意见，或者它不归您答复。"))
    return found


def may_answer(reader: Reader, kept: Feedback) -> bool:
    return kept.answered_at is None and _open_to(reader).filter(pk=kept.pk).exists()


def page_of(address: str) -> str:
    """The path alone: what stood behind the question mark may name somebody."""
    path = address.partition("?")[0].partition("#")[0]
    plain = _PAGE.fullmatch(path) and not path.startswith("//")
    return path if plain else ""


def _open_to(reader: Reader) -> QuerySet[Feedback]:
    orgs: Iterable[str] = (
        org for grant in reader.grants if ANSWERING in grant.role.verbs for org in grant.orgs
    )
    return Feedback.objects.filter(org__in=sorted(set(orgs)))


def _clean(reader: Reader, text: str) -> str:
    kept = "\n".join(" ".join(line.split()) for line in text.strip().splitlines())
    if not kept:
        raise BadInput(say("请写内容。"))
    if len(kept) > LONGEST_SAID:
        raise BadInput(
            say("最多写 {most} 个字，现在有 {length} 个。", most=LONGEST_SAID, length=len(kept))
        )
    if rules.speaks_of_a_child(reader, kept):
        raise BadInput(say("这里不能有身份证号、学籍号、电话或学生姓名，请只写事情。"))
    return kept
