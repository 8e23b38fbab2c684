"""One-time links: a guardian opens one child's record, once, for half an hour.

Only digests of the link and of the visit are kept. Who may issue one for a child is decided where
children's rows are known (`ledgers.guardian`).
"""

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from zhuji.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from zhuji.kernel.messages import say
from zhuji.orgs import attempts, audit, keyring
from zhuji.orgs.attempts import CHILD_LINK
from zhuji.orgs.audit import About, Change
from zhuji.orgs.ciphers import Place
from zhuji.orgs.models import ChildLink, Correction, Person

VIEW = "view"
LASTS = timedelta(days=7)
VISIT = timedelta(minutes=30)
LONGEST_WORDING = 1_000


@transaction.atomic
def issue(org: str, row: int, *, actor: Person, now: datetime, why: str) -> str:
    """The secret part of the link; it is told once and cannot be shown again."""
    if not why.strip():
        raise BadInput(say("请写明开具链接的事由。"))
    token = secrets.token_urlsafe(24)
    made = ChildLink.objects.create(
        link_digest=_digest(token),
        org=org,
        row=row,
        purpose=VIEW,
        made_by=actor,
        made_at=now,
        expires_at=now + LASTS,
    )
    about = About("child_link", str(made.pk), org)
    change = Change(new={"row": row, "expires_at": made.expires_at})
    audit.record("child_link.issue", about, actor=actor.username, now=now, change=change, why=why)
    return token


def redeem(token: str, *, now: datetime, source: str) -> str:
    """The key of a visit. A link that is used, over or revoked says the same as one never made."""
    _must_not_be_guessing(source, now)
    with transaction.atomic():
        rows = ChildLink.objects.select_for_update().filter(link_digest=_digest(token))
        kept = rows.first()
        if kept is not None and _is_open(kept, now):
            return _opened(kept, now, source)
    if kept is None:
        attempts.count(CHILD_LINK, source, now=now, source=source)
    raise NotFound(say("链接无效、已经用过或已过期，请向学校索取新的链接。"))


def _is_open(kept: ChildLink, now: datetime) -> bool:
    return kept.used_at is None and kept.revoked_at is None and now < kept.expires_at


def _opened(kept: ChildLink, now: datetime, source: str) -> str:
    key = secrets.token_urlsafe(32)
    kept.used_at, kept.visit_digest, kept.visit_ends_at = now, _digest(key), now + VISIT
    kept.save(update_fields=["used_at", "visit_digest", "visit_ends_at"])
    about = About("child_link", str(kept.pk), kept.org, source[:100])
    audit.record("child_link.use", about, actor=visitor(kept), now=now)
    return key


def visit(key: str, *, now: datetime) -> ChildLink | None:
    """The link whose visit this key opens, while it lasts."""
    lasting = ChildLink.objects.filter(visit_ends_at__gt=now, revoked_at=None)
    return lasting.filter(visit_digest=_digest(key)).first() if key else None


def end_visit(link: ChildLink, *, now: datetime) -> None:
    ChildLink.objects.filter(pk=link.pk).update(visit_ends_at=now)


def visitor(link: ChildLink) -> str:
    """How the trail names a guardian: by the link, for nothing else is known of them."""
    return f"guardian:{link.pk}"


@transaction.atomic
def revoke(number: int, *, actor: Person, now: datetime) -> None:
    """By who issued it; an open visit ends as well."""
    rows = ChildLink.objects.select_for_update().filter(pk=number, made_by=actor)
    kept = rows.first()
    if kept is None:
        raise NotFound(say("没有这个链接。"))
    if kept.revoked_at is not None:
        raise Refused(say("这个链接已经作废。"))
    kept.revoked_at = now
    kept.save(update_fields=["revoked_at"])
    about = About("child_link", str(kept.pk), kept.org)
    audit.record("child_link.revoke", about, actor=actor.username, now=now)


def issued_by(actor: Person) -> Sequence[ChildLink]:
    return list(ChildLink.objects.filter(made_by=actor).order_by("-pk")[:50])


@transaction.atomic
def ask_correction(link: ChildLink, wording: str, *, now: datetime) -> int:
    """Goes to the school; the words are encrypted, for they tell of a child."""
    said = wording.strip()
    if not said or len(said) > LONGEST_WORDING:
        raise BadInput(
            say("请写明哪一项有误、应当是什么，不超过 {most} 字。", most=LONGEST_WORDING)
        )
    made = Correction.objects.create(
        link=link, org=link.org, row=link.row, asked_at=now, wording=""
    )
    made.wording = keyring.held(_home()).encrypt(said, _place("wording", made))
    made.save(update_fields=["wording"])
    about = About("correction", str(made.pk), link.org)
    audit.record("correction.ask", about, actor=visitor(link), now=now)
    return made.pk


@transaction.atomic
def answer_correction(
    number: int, wording: str, orgs: Collection[str], *, actor: Person, now: datetime
) -> None:
    """By the school; `orgs` are those for which this person may answer."""
    rows = Correction.objects.select_for_update().filter(pk=number, org__in=orgs)
    kept = rows.first()
    if kept is None:
        raise NotFound(say("没有这条更正请求。"))
    if kept.answered_at is not None:
        raise Refused(say("这条更正请求已经答复。"))
    if not wording.strip() or len(wording) > LONGEST_WORDING:
        raise BadInput(say("请写明办理结果，不超过 {most} 字。", most=LONGEST_WORDING))
    kept.answer = keyring.held(_home()).encrypt(wording.strip(), _place("answer", kept))
    kept.answered_at, kept.answered_by = now, actor
    kept.save(update_fields=["answer", "answered_at", "answered_by"])
    about = About("correction", str(kept.pk), kept.org)
    audit.record("correction.answer", about, actor=actor.username, now=now)


def corrections_at(orgs: Collection[str]) -> QuerySet[Correction]:
    """The unanswered ones first, the oldest of these on top."""
    found = Correction.objects.filter(org__in=orgs).select_related("answered_by")
    return found.order_by("answered_at", "asked_at")


def corrections_of(link: ChildLink) -> QuerySet[Correction]:
    """Asked through this very link: another guardian's words are theirs."""
    return Correction.objects.filter(link=link).order_by("-asked_at")


def wording_of(one: Correction) -> str:
    return keyring.held(_home()).decrypt(one.wording, _place("wording", one))


def answer_of(one: Correction) -> str:
    return keyring.held(_home()).decrypt(one.answer, _place("answer", one)) if one.answer else ""


def _must_not_be_guessing(source: str, now: datetime) -> None:
    seconds = attempts.waits(CHILD_LINK, source, now)
    if seconds:
        raise NotAllowed(say("尝试次数过多，请 {seconds} 秒后再试。", seconds=seconds))


def _place(column: str, one: Correction) -> Place:
    return Place("orgs_correction", column, str(one.pk))


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _home() -> Path:
    return Path(settings.ZHUJI_HOME)
