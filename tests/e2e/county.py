"""The county of the stories: invented, judged, with something of each kind lying on the desks.

Made in a process of its own, `python -m tests.e2e.build`, in the data directory of ZHUJI_HOME;
leaves `samples.json` there: what stands in addresses that need a number or a code.
"""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Q

from zhuji.cli import main
from zhuji.jobs import actions as jobs
from zhuji.ledgers import guardian, uploads, visibility
from zhuji.ledgers.models import rows_of
from zhuji.orgs import people
from zhuji.orgs.clock import database_now
from zhuji.orgs.idempotency import Act
from zhuji.orgs.models import Person
from zhuji.orgs.scope import Reader
from zhuji.programme import kept, packages
from zhuji.returns import actions as returns
from zhuji.returns import proposing
from zhuji.returns import queries as rounds
from zhuji.returns.actions import Wish
from zhuji.tasks import feedback
from zhuji.tasks import queries as notices
from zhuji.tasks.feedback import Said

ON = date(2023, 6, 30)
PLAN = "anqiu-2021"
SAMPLES = "samples.json"
_HOLDS = Q(valid_from__lte=ON) & (Q(valid_to=None) | Q(valid_to__gt=ON))
# A clerk pastes these; the second row is wrong in one cell.
PASTED = (
    "学校标识码\t社团名称\t类别\t学段\t统计日期\t参加人数\n"
    "{org}\t合唱团\t艺术\t小学\t2022.3.1\t24\n"
    "{org}\t篮球队\t体操\t小学\t2022.3.1\t18\n"
)


def build() -> None:
    for words in (
        ("invent", "--size", "tiny", "--load"),
        ("snapshot", "create", "--as-of", ON.isoformat()),
    ):
        if main.run(list(words)):
            raise SystemExit(f"zhuji {' '.join(words)} failed")
    kept.judge(packages.load_for(PLAN, settings.ZHUJI_PLANS, ON), on=ON)
    path = Path(settings.ZHUJI_HOME) / SAMPLES
    path.write_text(json.dumps(_samples(), ensure_ascii=False), encoding="utf-8")


def _samples() -> dict[str, Any]:
    """One of each thing that has an address, as the invented people made it."""
    clerk, officer = _reader("clerk"), _reader("officer")
    school = clerk.grants[0].at
    enrolled = rows_of("enrolments").filter(_HOLDS, org=school).order_by("pk")
    pupil = rows_of("pupils").get(pupil_no=enrolled[0].pupil_no)
    return {
        "school": school,
        "pupil": pupil.pk,
        "pupil_no": pupil.pupil_no,
        "pupil_name": pupil.name,
        **_class_of_teacher(school),
        "staff": rows_of("staff").filter(org=school).values_list("pk", flat=True)[0],
        "round": rounds.rounds(officer)[0].pk,
        "draft_round": _draft_round(officer),
        "job": _job("officer"),
        "notice": notices.mine(_reader("town_officer"), now=database_now())[0].number,
        "feedback": _opinion(officer),
        "token": _token(pupil.pupil_no),
        "held": _held("clerk"),
        **_uploads(clerk, school),
    }


def _class_of_teacher(school: str) -> dict[str, Any]:
    """Worked out from the rows themselves, not by what decides who sees whom."""
    number = _person("teacher").staff_no
    headed = rows_of("classes").filter(_HOLDS, org=school, head_teacher=number)
    mine, others = set[str](), set[str]()
    for row in rows_of("enrolments").filter(_HOLDS, org=school):
        place = {"stage": row.stage, "grade": row.grade, "class_no": row.class_no}
        (mine if headed.filter(**place).exists() else others).add(row.pupil_no)
    pupils = rows_of("pupils").filter(pupil_no__in=mine | others)
    of_class = [one.pk for one in pupils if one.pupil_no in mine]
    other = next(one.pk for one in pupils if one.pupil_no not in mine)
    assert of_class, "the teacher heads no class"
    return {"class": of_class, "other_pupil": other}


def _person(username: str) -> Person:
    found = people.invented_named(username)
    assert found is not None, username
    return found


def _reader(username: str) -> Reader:
    return visibility.reader_of(_person(username), now=database_now(), today=ON)


def _uploads(clerk: Reader, school: str) -> dict[str, int]:
    text = PASTED.format(org=school)
    wrong = uploads.paste(clerk, "clubs", text, now=database_now())
    right = uploads.paste(clerk, "clubs", text.replace("体操", "体育"), now=database_now())
    taken = uploads.commit(clerk, right, now=database_now())
    assert taken is not None
    club = rows_of("clubs").filter(org=school, name="合唱团").values_list("pk", flat=True)[0]
    return {"upload": wrong, "import": taken, "club": club}


def _draft_round(officer: Reader) -> int:
    proposal = proposing.propose(officer, proposing.Source("activities"), ON)
    wish = Wish(
        "活动台账再补录", proposal.ledger.key, proposal.form.columns, proposal.orgs,
        ON + timedelta(days=7), "M11", since=proposal.form.since,
    )  # fmt: skip
    return int(returns.draft(officer, wish, now=database_now(), once="e2e-draft").pk)


def _job(username: str) -> int:
    arguments = {"ledger": "clubs", "query": [], "language": "zh-hans"}
    return int(jobs.ask("export", arguments, Act(username, database_now())).pk)


def _held(username: str) -> int:
    """What waits for the head's consent."""
    act = Act(username, database_now(), why="核对 2023 年春季资助名册")
    return int(jobs.ask("export", {"ledger": "special_pupils", "query": []}, act).pk)


def _opinion(officer: Reader) -> int:
    said = Said("problem", "看板上的灯看不清。", "/plan/")
    return int(feedback.send(officer, said, now=database_now(), once="e2e-opinion").pk)


def _token(pupil_no: str) -> str:
    """The link of a guardian who asks to see what is held about their child."""
    by = next(name for name in ("clerk", "principal") if _keeps(name))
    reader, actor = _reader(by), _person(by)
    return guardian.issue(pupil_no, reader, actor=actor, now=database_now(), why="家长查阅")


def _keeps(username: str) -> bool:
    reader = _reader(username)
    return bool(visibility.visible_to(reader, "pupils").exists())
