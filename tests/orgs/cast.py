"""One county and its people: 局长, 科员, 教管办, 校长, 填报员, 教师, 外校人员, 三员."""

from datetime import UTC, date, datetime

from tests import once
from zhuji.kernel.codes import id_check_digit
from zhuji.ledgers import actions as ledgers
from zhuji.ledgers import visibility
from zhuji.orgs import accounts, actions
from zhuji.orgs.accounts import Newcomer
from zhuji.orgs.models import Appointment, Person
from zhuji.orgs.rules import Seat
from zhuji.orgs.scope import Reader

TODAY = date(2022, 3, 1)
NOW = datetime(2022, 3, 1, 1, tzinfo=UTC)  # nine in the morning in Shanghai
SINCE = date(2015, 9, 1)
MOVED_ON = date(2022, 2, 1)
COUNTY, OFFICE = "990101", "990101900"
TOWN, OTHER_TOWN = "990101101", "990101102"
SCHOOL, OTHER_SCHOOL, MOVING = "2199000101", "2199000102", "2199000103"
KINDS = {
    COUNTY: "county",
    OFFICE: "office",
    TOWN: "town",
    OTHER_TOWN: "town",
    SCHOOL: "school",
    OTHER_SCHOOL: "school",
    MOVING: "school",
}
PASSWORD = "大盛镇的春天来了2022"  # noqa: S105  # of invented people
CHIEF = "security"


def pupil_no(serial: int) -> str:
    body = f"99010120130101{serial:03}"
    return f"G{body}{id_check_digit(body)}"


IN_ONE, IN_TWO, IN_THREE, ELSEWHERE, MOVER = (pupil_no(serial) for serial in range(1, 6))
# pupil -> school, class
ROLL = {
    IN_ONE: (SCHOOL, 1),
    IN_TWO: (SCHOOL, 2),
    IN_THREE: (SCHOOL, 3),
    ELSEWHERE: (OTHER_SCHOOL, 1),
    MOVER: (MOVING, 1),
}


def put(ledger: str, *rows: dict[str, object]) -> None:
    ledgers.put(ledger, rows, actor="测试", now=NOW, cause="示例县")


@once.built
def build_county() -> None:
    put(
        "orgs",
        *(
            {"org": org, "name": f"机构{org}", "kind": kind, "valid_from": SINCE}
            for org, kind in KINDS.items()
        ),
    )
    put(
        "org_edges",
        edge(OFFICE, COUNTY),
        edge(TOWN, COUNTY),
        edge(OTHER_TOWN, COUNTY),
        edge(SCHOOL, TOWN),
        edge(OTHER_SCHOOL, OTHER_TOWN),
        edge(MOVING, TOWN, end=MOVED_ON),
        edge(MOVING, OTHER_TOWN, start=MOVED_ON),
        {**edge(SCHOOL, OTHER_SCHOOL, start=date(2021, 9, 1)), "hierarchy": "urban_rural"},
    )
    put("staff", *(staff(no, SCHOOL) for no in ("S000001", "S000002")), staff("S000003"))
    put("pupils", *(pupil(number, school) for number, (school, _) in ROLL.items()))
    put("enrolments", *(enrolment(number, *place) for number, place in ROLL.items()))
    put("classes", headed(1, "S000001"), headed(2, ""), headed(3, ""))
    put(
        "special_pupils",
        *(
            {
                "org": school,
                "pupil_no": number,
                "category": "poor",
                "basis": "民政认定",
                "valid_from": SINCE,
            }
            for number, (school, _) in ROLL.items()
        ),
    )


def edge(org: str, parent: str, start: date = SINCE, end: date | None = None) -> dict[str, object]:
    return {
        "org": org,
        "hierarchy": "administration",
        "parent": parent,
        "valid_from": start,
        "valid_to": end,
    }


def staff(number: str, org: str = OTHER_SCHOOL) -> dict[str, object]:
    return {
        "org": org,
        "staff_no": number,
        "name": "张三",
        "employment": "established",
        "hired_on": SINCE,
    }


def pupil(number: str, org: str) -> dict[str, object]:
    return {
        "org": org,
        "pupil_no": number,
        "name": "李小明",
        "sex": "male",
        "born_on": date(2013, 1, 1),
        "hukou_town": TOWN,
        "guardian_phone": "13900000000",
    }


def enrolment(number: str, org: str, class_no: int) -> dict[str, object]:
    return {
        "org": org,
        "pupil_no": number,
        "stage": "primary",
        "grade": 3,
        "class_no": class_no,
        "valid_from": date(2021, 9, 1),
        "valid_to": None,
    }


def headed(class_no: int, head: str) -> dict[str, object]:
    return {
        "org": SCHOOL,
        "stage": "primary",
        "grade": 3,
        "class_no": class_no,
        "interactive": True,
        "head_teacher": head,
        "valid_from": date(2021, 9, 1),
        "valid_to": date(2022, 9, 1),
    }


def seat(role: str, org: str, start: date = SINCE, end: date | None = None, kind: str = "") -> Seat:
    return Seat(role, org, kind or KINDS[org], start, end)


def chief() -> Person:
    """The security administrator, who lets in and appoints everybody else."""
    known = Person.objects.filter(username=CHIEF).first()
    first = Newcomer(CHIEF, "安全管理员")
    administrator = seat("security_administrator", COUNTY)
    return known or accounts.found(first, PASSWORD, administrator, now=NOW)


def person(username: str, staff_no: str = "") -> Person:
    """With a password of their own."""
    made = accounts.add_person(
        Newcomer(username, f"{username}某", staff_no), PASSWORD, actor=chief(), now=NOW
    )
    made.password_given_at = None
    made.save(update_fields=["password_given_at"])
    return made


def hold(who: Person, held: Seat) -> Appointment:
    return actions.appoint(who.username, held, actor=chief(), now=NOW, why="任免文件")


def reader(who: Person, today: date = TODAY) -> Reader:
    who.refresh_from_db()
    return visibility.reader_of(who, now=NOW, today=today)


def seen(reading: Reader, ledger: str, column: str) -> set[str]:
    return set(visibility.visible_to(reading, ledger).values_list(column, flat=True))
