"""Every write from a face bears a key: repeated, it is answered as before and not done again."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from zhuji.kernel.errors import BadInput, Refused
from zhuji.kernel.messages import say
from zhuji.orgs import audit
from zhuji.orgs.models import Done

KEPT_DAYS = 7
LONGEST_KEY = 100
Answer = dict[str, Any]


@dataclass(frozen=True)
class Act:
    """Who does something, when, why, through which face; `once` is the key against repetition."""

    actor: str
    now: datetime
    once: str = ""
    why: str = ""
    source: str = ""


def once(act: Act, verb: str, content: object, do: Callable[[], Answer]) -> tuple[Answer, bool]:
    """Do it in one transaction, or give the first answer again; and whether it was the latter.

    The key is claimed before anything is done: of two at the same moment one waits for the other.
    An attempt that fails leaves no key behind, so that it can be mended and repeated.
    """
    if not act.once:
        with transaction.atomic():
            return do(), False
    if len(act.once) > LONGEST_KEY:
        raise BadInput(say("幂等键超过 {most} 个字符。", most=LONGEST_KEY))
    digest = audit.digest_of("once", json.dumps([verb, content], sort_keys=True, default=str))
    with transaction.atomic():
        claimed = _claim(act, verb, digest)
        if claimed is None:
            return _first_answer(act, digest), True
        answer = do()
        claimed.answer = answer
        claimed.save(update_fields=["answer"])
        return answer, False


def forget(*, now: datetime) -> int:
    """Take away keys past their week; how many."""
    return Done.objects.filter(at__lte=now - timedelta(days=KEPT_DAYS)).delete()[0]


def _claim(act: Act, verb: str, digest: str) -> Done | None:
    """A key past its week is as good as new."""
    mine = Done.objects.filter(actor=act.actor, key=act.once)
    mine.filter(at__lte=act.now - timedelta(days=KEPT_DAYS)).delete()
    try:
        with transaction.atomic():
            return Done.objects.create(
                actor=act.actor, key=act.once, verb=verb, digest=digest, at=act.now
            )
    except IntegrityError:
        return None


def _first_answer(act: Act, digest: str) -> Answer:
    kept = Done.objects.get(actor=act.actor, key=act.once)
    if kept.digest != digest:
        raise Refused(say("这个幂等键已经用于另一次写入，请换一个新的。"))
    if kept.answer is None:
        raise Refused(say("同样的请求正在处理，请稍后再试。"))
    return dict(kept.answer)
