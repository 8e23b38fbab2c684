"""Two counties, and in each relation to whoever knocks one of everything that has an address."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from tests.programme import judgings, yunxi
from tests.programme.yunxi import COUNTY, FIRST, NINE, OFFICE, SAND, STONE, VILLAGE
from tests.security.rows import (
    SINCE,
    a_class,
    enrolment,
    hardship,
    pasted,
    pupil,
    pupil_no,
    staff,
    staff_no,
)
from zhuji.jobs import places
from zhuji.jobs.models import Job, State
from zhuji.ledgers import actions as ledgers
from zhuji.ledgers import desk, guardian, uploads
from zhuji.ledgers.models import Change, rows_of
from zhuji.orgs import accounts, actions, county, links, maintenance
from zhuji.orgs.accounts import Newcomer
from zhuji.orgs.clock import database_now
from zhuji.orgs.idempotency import Act
from zhuji.orgs.models import Person
from zhuji.orgs.roles import CLERK, ROLES
from zhuji.orgs.rules import Seat
from zhuji.orgs.scope import Grant, Reader
from zhuji.returns.models import Return, Round, Submission
from zhuji.tasks.models import Feedback, Notice

PASSWORD = "云溪的春天来得早2025"  # noqa: S105  # of invented people
FAR_COUNTY, FAR_TOWN, FAR = "990400", "990400101", "2199040001"
LONG_AGO = datetime(2025, 3, 3, 2, tzinfo=UTC)  # ten in the morning: notices arrive at once
NOWHERE = 10**12
RELATIONS = ("own", "same_school", "same_town", "other_town", "other_county")
LEDGERS = ("pupils", "staff", "classes", "special_pupils")
# relation -> school and class of the one whom a row is about
PLACES: Mapping[str, tuple[str, int]] = {
    "own": (FIRST, 1),
    "same_school": (FIRST, 2),
    "same_town": (VILLAGE, 1),
    "other_town": (NINE, 1),
    "other_county": (FAR, 1),
}
KINDS = {
    COUNTY: "county", OFFICE: "office", STONE: "town", SAND: "town",
    FIRST: "school", VILLAGE: "school", NINE: "school",
    FAR_COUNTY: "county", FAR_TOWN: "town", FAR: "school",
}  # fmt: skip
PARENTS = {
    OFFICE: COUNTY, STONE: COUNTY, SAND: COUNTY, FIRST: STONE, VILLAGE: STONE, NINE: SAND,
    FAR_TOWN: FAR_COUNTY, FAR: FAR_TOWN,
}  # fmt: skip
SEATS = {
    "director": COUNTY, "officer": OFFICE, "town_officer": STONE, "principal": FIRST,
    "clerk": FIRST, "teacher": FIRST, "researcher": OFFICE, "care_officer": FIRST,
    "parent": FIRST, "auditor": COUNTY, "system_administrator": OFFICE,
    "security_administrator": OFFICE, "audit_administrator": OFFICE,
}  # fmt: skip
# Whoever has a role, and those who have lost, not yet shown or never had what it takes.
ACTORS = (*SEATS, "anonymous", "suspended", "expired", "no_second", "guardian")
CHIEF = "security_administrator"


@dataclass
class World:
    """What stands at each address: by ledger and relation, or by relation alone."""

    rows: dict[str, dict[str, int]] = field(default_factory=dict)
    removed: dict[str, dict[str, int]] = field(default_factory=dict)
    numbers: dict[str, dict[str, int]] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    mine: dict[str, dict[str, int]] = field(default_factory=dict)
    token: str = ""
    home: Path = Path()

    def number(self, what: str, actor: str, relation: str) -> int:
        """One's own where one has one; else that of somebody at this place."""
        if relation == "own" and actor in self.mine.get(what, {}):
            return self.mine[what][actor]
        return self.numbers[what][relation]


def build() -> World:
    made = World(home=Path(settings.ZHUJI_HOME))
    _county()
    for number, relation in enumerate(RELATIONS, start=1):
        _rows(relation, number)
    for ledger in LEDGERS:
        made.rows[ledger] = {one: _row(ledger, number) for number, one in _numbered()}
    _people(made)
    judgings.keep(yunxi.county())
    for number, relation in _numbered():
        _deeds(made, relation, number)
    _own(made)
    _rounds(made)
    _notices(made)
    _opinions(made)
    _guardian(made)
    made.numbers["proposal"] = dict.fromkeys(RELATIONS, NOWHERE)
    return made


def _numbered() -> list[tuple[int, str]]:
    return list(enumerate(RELATIONS, start=1))


def put(ledger: str, *rows: dict[str, object]) -> None:
    ledgers.put(ledger, rows, actor="测试", now=LONG_AGO, cause="示例县")


def _county() -> None:
    put("orgs", *({"org": org, "name": f"机构{org}", "kind": kind, "valid_from": SINCE}
                  for org, kind in KINDS.items()))  # fmt: skip
    put("org_edges", *({"org": org, "hierarchy": "administration", "parent": parent,
                        "valid_from": SINCE} for org, parent in PARENTS.items()))  # fmt: skip


def _rows(relation: str, number: int) -> None:
    """One pupil, one of the staff, one class, one hardship; and each once more, to be removed."""
    org, class_no = PLACES[relation]
    put("staff", staff(org, number), staff(org, 100 + number))
    put("pupils", pupil(org, number), pupil(org, 100 + number))
    put("enrolments", enrolment(org, number, class_no), enrolment(org, 100 + number, class_no))
    put("special_pupils", hardship(org, number), hardship(org, 100 + number))
    put("classes", a_class(org, class_no, staff_no(number)), a_class(org, class_no + 50, ""))


def _row(ledger: str, number: int) -> int:
    org, class_no = PLACES[RELATIONS[number - 1]]
    by: dict[str, dict[str, Any]] = {
        "pupils": {"pupil_no": pupil_no(number)},
        "staff": {"staff_no": staff_no(number)},
        "classes": {"org": org, "class_no": class_no},
        "special_pupils": {"pupil_no": pupil_no(number)},
    }
    return int(rows_of(ledger).get(**by[ledger]).pk)


# --- people -----------------------------------------------------------------------------------


def seat(role: str, org: str, until: date | None = None) -> Seat:
    return Seat(role, org, KINDS[org], SINCE, until)


def person(username: str, held: Seat | None, staff_number: str = "") -> Person:
    now = database_now()
    newcomer = Newcomer(username, f"{username}某", staff_number)
    chief = Person.objects.filter(username=CHIEF).first()
    if chief is None:
        assert held is not None
        return accounts.found(newcomer, PASSWORD, held, now=now)
    made = accounts.add_person(newcomer, PASSWORD, actor=chief, now=now)
    made.password_given_at = None
    made.save(update_fields=["password_given_at"])
    if held is not None:
        actions.appoint(username, held, actor=chief, now=now, why="任免文件")
    return made


def _people(made: World) -> None:
    person(CHIEF, seat(CHIEF, SEATS[CHIEF]))
    for role in ROLES:
        if role.key != CHIEF:
            number = staff_no(1) if role.key == "teacher" else ""
            person(role.key, seat(role.key, SEATS[role.key]), number)
    today = county.today(database_now())
    person("expired", seat("principal", FIRST, today))
    person("suspended", seat("principal", FIRST))
    person("no_second", seat("principal", FIRST))
    for relation, (org, _class) in PLACES.items():
        made.owners[relation] = f"clerk_{relation}"
        person(made.owners[relation], seat("clerk", org))


def clerk(made: World, relation: str) -> Reader:
    """A reader at this place who may enter everything there."""
    org, _class = PLACES[relation]
    today = county.today(database_now())
    return Reader(made.owners[relation], today, (Grant(CLERK, org, frozenset({org})),))


# --- what people have done --------------------------------------------------------------------


def _deeds(made: World, relation: str, number: int) -> None:
    org, _class = PLACES[relation]
    reader, now = clerk(made, relation), database_now()
    for ledger in ("special_pupils", "staff", "classes"):
        _remove(made, reader, ledger, relation, now)
    rows_of("enrolments").filter(pupil_no=pupil_no(100 + number)).delete()
    _remove(made, reader, "pupils", relation, now)
    keep = made.numbers.setdefault
    keep("upload", {})[relation] = _upload(reader, org, 300 + number, now)
    keep("import", {})[relation] = _import(reader, org, 200 + number)
    keep("job", {})[relation] = _job(reader.username)
    keep("view", {})[relation] = desk.save_view(
        reader.username, "pupils", "本校", [("sex", "male")], now=now
    ).id


def _remove(made: World, reader: Reader, ledger: str, relation: str, now: datetime) -> None:
    org, class_no = PLACES[relation]
    number = RELATIONS.index(relation) + 1
    by: dict[str, dict[str, Any]] = {
        "pupils": {"pupil_no": pupil_no(100 + number)},
        "special_pupils": {"pupil_no": pupil_no(100 + number)},
        "staff": {"staff_no": staff_no(100 + number)},
        "classes": {"org": org, "class_no": class_no + 50},
    }
    row = rows_of(ledger).get(**by[ledger])
    act = Act(reader.username, now, f"remove-{ledger}-{relation}", "重复", "test")
    ledgers.remove_row(reader, ledger, row.pk, row.version, act)
    last = Change.objects.filter(ledger=ledger).order_by("-pk").first()
    assert last is not None
    made.removed.setdefault(ledger, {})[relation] = int(last.pk)


def _upload(reader: Reader, org: str, number: int, now: datetime) -> int:
    return uploads.paste(reader, "pupils", pasted(org, number), now=now)


def _import(reader: Reader, org: str, number: int) -> int:
    now = database_now()
    upload = uploads.paste(reader, "pupils", pasted(org, number), now=now)
    done = uploads.commit(reader, upload, now=now)
    assert done is not None
    return done


def _job(username: str) -> int:
    """An export that is done, its file beside it."""
    now = database_now()
    job = Job.objects.create(
        kind="export", title={"say": "导出", "with": {}}, asked_by=username,
        arguments={"ledger": "pupils"}, state=State.DONE, asked_at=now, finished_at=now,
        result_file="1/学生台账.xlsx", result_type="application/octet-stream", attempts=1,
    )  # fmt: skip
    place = places.folder(job.pk) / "1"
    place.mkdir(parents=True)
    (place / "学生台账.xlsx").write_bytes(b"PK")
    return int(job.pk)


def _own(made: World) -> None:
    """What each of the people has of their own."""
    now = database_now()
    for name in ("upload", "job", "view"):
        made.mine[name] = {}
    for actor in (*SEATS, "expired", "suspended", "no_second"):
        org = SEATS.get(actor, FIRST)
        made.mine["job"][actor] = _job(actor)
        kept = desk.save_view(actor, "pupils", "常用", [("sex", "male")], now=now)
        made.mine["view"][actor] = kept.id
        school = org if org in (FIRST, VILLAGE, NINE) else FIRST
        by = Reader(actor, county.today(now), (Grant(CLERK, school, frozenset({school})),))
        made.mine["upload"][actor] = _upload(by, school, 400, now)
    reader = Reader("clerk", county.today(now), clerk(made, "own").grants)
    made.mine["import"] = {"clerk": _import(reader, FIRST, 250)}


def _rounds(made: World) -> None:
    now, today = database_now(), county.today(database_now())
    made.numbers["round"], made.numbers["draft_round"] = {}, {}
    made.mine["draft_round"] = {}
    common: dict[str, Any] = {
        "title": "补全班级", "ledger": "classes", "columns": ["mixed_age"], "where": {},
        "on": today, "due": today + timedelta(days=9), "changed_at": now,
    }  # fmt: skip
    for relation, (org, _class) in PLACES.items():
        above = FAR_COUNTY if org == FAR else OFFICE
        owner = "far_officer" if org == FAR else "officer"
        kept = Round.objects.create(
            **common, scope=[org], state="open", owner=owner, from_org=above,
            once=f"open-{relation}", opened_at=now,
        )  # fmt: skip
        owed = Return.objects.create(
            round=kept, org=org, asked=True, prepared_by="someone", prepared_at=now,
            prepared_digest="0" * 64,
        )  # fmt: skip
        Submission.objects.create(
            made=owed, prepared_by="someone", submitted_by="another", at=now, digest="0" * 64,
            rows=99,
        )  # fmt: skip
        made.numbers["round"][relation] = kept.pk
        draft = Round.objects.create(
            **common, scope=[org], owner=made.owners[relation], from_org=org,
            once=f"draft-{relation}",
        )  # fmt: skip
        made.numbers["draft_round"][relation] = draft.pk
    for actor in SEATS:
        draft = Round.objects.create(
            **common, scope=[FIRST, VILLAGE], owner=actor, from_org=SEATS[actor], once="mine"
        )
        made.mine["draft_round"][actor] = draft.pk


def _notices(made: World) -> None:
    made.numbers["notice"], made.mine["notice"] = {}, {}
    for relation, (org, _class) in PLACES.items():
        made.numbers["notice"][relation] = _notice(made.owners[relation], org)
    for actor in SEATS:
        made.mine["notice"][actor] = _notice(actor, SEATS[actor])


def _notice(to: str, org: str) -> int:
    made = Notice.objects.create(
        kind="told", about_kind="item", about_key="M1", org=org, person=to, text="请看台账",
        sender="director", sender_org=COUNTY, once=f"to-{to}", sent_at=LONG_AGO,
        shown_from=LONG_AGO, day=LONG_AGO.date(),
    )  # fmt: skip
    return int(made.pk)


def _opinions(made: World) -> None:
    made.numbers["feedback"], made.mine["feedback"] = {}, {}
    for relation, (org, _class) in PLACES.items():
        made.numbers["feedback"][relation] = _opinion(made.owners[relation], org)
    for actor in SEATS:
        made.mine["feedback"][actor] = _opinion(actor, SEATS[actor])


def _opinion(sender: str, org: str) -> int:
    made = Feedback.objects.create(
        kind="problem", text="页面打不开", sender=sender, once="one", org=org, sent_at=LONG_AGO
    )
    return int(made.pk)


def _guardian(made: World) -> None:
    """A link that was used is a visit; another one still waits to be opened."""
    now = database_now()
    actor = Person.objects.get(username="clerk_own")
    reader = clerk(made, "own")
    for name in ("visit", "token"):
        token = guardian.issue(pupil_no(1), reader, actor=actor, now=now, why="家长申请")
        made.token = token if name == "token" else made.token
        if name == "visit":
            made.owners["visit"] = links.redeem(token, now=now, source="test")
    made.numbers["link"] = {}
    for relation in RELATIONS:
        who = Person.objects.get(username=made.owners[relation])
        number = RELATIONS.index(relation) + 1
        guardian.issue(pupil_no(number), clerk(made, relation), actor=who, now=now, why="家长申请")
        last = links.issued_by(who)[0]
        made.numbers["link"][relation] = int(last.pk)


def open_maintenance(actor: str = "system_administrator") -> None:
    who = Person.objects.get(username=actor)
    maintenance.open_session(actor=who, now=database_now(), minutes=30, why="查看故障")
