"""What holds for every notice: who may send it where, when it arrives, what it may not say."""

import re
import unicodedata
from collections.abc import Collection
from datetime import datetime, time, timedelta

from django.utils import timezone

from zhuji.kernel.errors import BadInput, NotAllowed, NotFound
from zhuji.kernel.messages import say
from zhuji.ledgers import visibility
from zhuji.orgs.roles import Verb
from zhuji.orgs.scope import Reader
from zhuji.tasks.models import LONGEST

QUIET_FROM, QUIET_TO = time(20), time(7)
MOST_ONCE = 60
REMINDING = frozenset({Verb.REVIEW, Verb.PUBLISH})
# Pupil and identity numbers, mobile phones, then landlines, wherever separators were put.
_NUMBERS = re.compile(r"[0-9]{17}[0-9Xx]|(?<![0-9])1[3-9][0-9]{9}(?![0-9])")
_LANDLINE = re.compile(r"(?<![0-9])0[0-9]{2,3}[-\u2010-\u2015 (){}]?[0-9]{7,8}(?![0-9])")
_SEPARATORS = re.compile(r"(?<=[0-9])[\s\-\u2010-\u2015._·、]+(?=[0-9Xx])")
_HAN = re.compile(r"[\u3400-\u9fff·]+")
_NAME_LENGTHS = (2, 3, 4)


def arrival(now: datetime) -> datetime:
    """Nobody is reminded between eight in the evening and seven in the morning, local time."""
    local = timezone.localtime(now)
    if QUIET_TO <= local.time() < QUIET_FROM:
        return now
    day = local.date() + timedelta(days=1 if local.time() >= QUIET_FROM else 0)
    return timezone.make_aware(datetime.combine(day, QUIET_TO))


def must_instruct(reader: Reader, orgs: Collection[str]) -> None:
    _must_see(reader, orgs)
    if not orgs or not all(reader.may(Verb.INSTRUCT, org) for org in orgs):
        raise NotAllowed(say("您的岗位不能对这些单位作批示。"))


def must_remind(reader: Reader, orgs: Collection[str]) -> None:
    """Only from above: an office does not remind itself."""
    _must_see(reader, orgs)
    if not orgs or not all(stands_above(reader, org) for org in orgs):
        raise NotAllowed(say("只能催办下级单位，您的岗位不能催办这些单位。"))


def stands_above(reader: Reader, org: str) -> bool:
    return any(
        REMINDING & grant.role.verbs and org in grant.orgs and grant.at != org
        for grant in reader.grants
    )


def _must_see(reader: Reader, orgs: Collection[str]) -> None:
    if not set(orgs) <= reader.orgs:
        raise NotFound(say("没有这个单位，或者它不在您的可见范围内。"))


def clean(reader: Reader, text: str) -> str:
    """One line that names no child; which words were found is not said."""
    line = " ".join(text.split())
    if not line:
        raise BadInput(say("请选一句话，或者写一句话。"))
    if len(line) > LONGEST:
        raise BadInput(
            say("一句话最多 {most} 个字，现在有 {length} 个。", most=LONGEST, length=len(line))
        )
    if speaks_of_a_child(reader, line):
        raise BadInput(
            say("通知里不能有身份证号、学籍号、电话或学生姓名，请只写事情，让对方到台账里看。")
        )
    return line


def speaks_of_a_child(reader: Reader, text: str) -> bool:
    """A number of a person, or the name of a pupil whom the writer can see."""
    return _has_number(text) or _names_pupil(reader, text)


def _has_number(line: str) -> bool:
    plain = unicodedata.normalize("NFKC", line)
    joined = _SEPARATORS.sub("", plain)
    return bool(_NUMBERS.search(joined) or _LANDLINE.search(plain))


def _names_pupil(reader: Reader, line: str) -> bool:
    """Among the pupils in the sender's reach: what is said of others would tell that they exist."""
    plain = unicodedata.normalize("NFKC", line)
    runs = _HAN.findall(re.sub(r"(?<=[\u3400-\u9fff])\s+", "", plain))
    parts = {
        run[start : start + length]
        for run in runs
        for length in _NAME_LENGTHS
        for start in range(len(run) - length + 1)
    }
    return visibility.visible_to(reader, "pupils").filter(name__in=sorted(parts)).exists()


def once(given: str) -> str:
    """Made when a form is shown: sending the same form again sends nothing twice."""
    if not given or len(given) > MOST_ONCE:
        raise BadInput(say("页面已经过期，请刷新后再发。"))
    return given
