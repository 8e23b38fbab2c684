"""Cells as Chinese offices fill them: what each must be read as, or which error it must get."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from tests.ledgers.county import OTHER_SCHOOL, PUPILS, SCHOOL, id_number


@dataclass(frozen=True)
class Cell:
    """`expected` is the value kept, or the code of the error if it is a `Fault`."""

    ledger: str
    column: str
    given: object
    expected: object


@dataclass(frozen=True)
class Fault:
    code: str


def pupil(column: str, given: object, expected: object) -> Cell:
    return Cell("pupils", column, given, expected)


def staff(column: str, given: object, expected: object) -> Cell:
    return Cell("staff", column, given, expected)


def fund(column: str, given: object, expected: object) -> Cell:
    return Cell("funds", column, given, expected)


DAY = date(2021, 5, 20)
NUMBER = id_number(7)
CELLS = (
    # Days
    *(
        staff("hired_on", given, DAY)
        for given in (
            "2021-05-20",
            "2021.5.20",
            "2021/5/20",
            "2021年5月20日",
            "二〇二一年五月二十日",
            "二零二一年五月廿日",
            "２０２１－０５－２０",
            "20210520",
            20210520,
            44336,
            "44336",
            DAY,
            datetime(2021, 5, 20, 14, 30),  # noqa: DTZ001  # a cell has no time zone
            " 2021 年 5 月 20 日 ",
            "2021-05-20 00:00:00",
        )
    ),
    staff("hired_on", "2021年5月", Fault("date.month_only")),
    staff("hired_on", "2021", Fault("date.year_only")),
    staff("hired_on", "21.5.20", Fault("date.short_year")),
    staff("hired_on", "2021-02-30", Fault("date")),
    staff("hired_on", "去年", Fault("date")),
    staff("hired_on", "", Fault("required")),
    staff("hired_on", "=ERR #N/A", Fault("cell.error")),
    staff("left_on", "无", None),
    staff("left_on", "—", None),
    staff("left_on", "=ERR #REF!", Fault("cell.error")),
    staff("hired_on", time(8, 20), Fault("date")),
    # Codes that Excel takes for numbers
    staff("id_number", NUMBER, NUMBER),
    staff("id_number", NUMBER.lower(), NUMBER),
    staff("id_number", f" {NUMBER[:6]} {NUMBER[6:14]} {NUMBER[14:]}", NUMBER),
    staff("id_number", f"'{NUMBER}", NUMBER),
    staff("id_number", "3.70784E+17", Fault("number.damaged")),
    staff("id_number", 990101201301010017, Fault("number.damaged")),
    staff("id_number", f"{NUMBER[:-1]}{(int(NUMBER[-1], 36) + 1) % 10}", Fault("code.id_number")),
    staff("id_number", "990101851203123", Fault("code.id_number")),
    staff("id_number", "无", None),
    staff("phone", 13900000000, "13900000000"),
    staff("phone", "１３９００００００００", "13900000000"),
    staff("phone", "139-0000-0000", "13900000000"),
    staff("phone", "+86 139 0000 0000", "13900000000"),
    staff("phone", "1390000000", Fault("code.phone")),
    staff("staff_no", 12345, "12345"),
    staff("staff_no", "s000123", "S000123"),
    staff("staff_no", date(2021, 3, 1), Fault("text.altered")),
    pupil("pupil_no", PUPILS[0].replace("G", "Ｇ"), PUPILS[0]),
    pupil("pupil_no", "G123", Fault("code.pupil_number")),
    # Organisations by code and by name
    staff("org", SCHOOL, SCHOOL),
    staff("org", int(SCHOOL), SCHOOL),
    staff("org", "第二小学", OTHER_SCHOOL),
    staff("org", "第二 小学", OTHER_SCHOOL),
    staff("org", "同名小学", Fault("org.same_name")),
    staff("org", "第三小学", Fault("org.unknown")),
    staff("org", "9999999999", Fault("org.unknown")),
    # Names
    pupil("name", "阿依古丽·买买提", "阿依古丽·买买提"),
    pupil("name", "张𬎆", "张𬎆"),
    pupil("name", "张　三", "张三"),
    pupil("name", " 欧阳 修 ", "欧阳修"),
    pupil("name", "Ann Lee", "Ann Lee"),
    pupil("name", "\u200b李四\ufeff", "李四"),
    pupil("address", "幸福路1号\r\n2单元", "幸福路1号\n2单元"),
    pupil("address", "=1+1", "=1+1"),
    pupil("address", "路" * 501, Fault("text.long")),
    pupil("address", 101, "101"),
    # Choices and flags
    *(pupil("sex", given, "male") for given in ("男", "male", "Male", " 男 ", "男*")),
    pupil("sex", "男性", Fault("choice")),
    pupil("sex", "", Fault("required")),
    *(pupil("hukou_rural", given, True) for given in ("是", "√", 1, True, "Y", "有", "Ｙ")),
    *(pupil("hukou_rural", given, False) for given in ("否", "×", 0, False, "N", "无")),
    pupil("hukou_rural", "", None),
    pupil("hukou_rural", "也许", Fault("boolean")),
    # Numbers
    *(
        Cell("child_census", "children", given, 820)
        for given in (820, 820.0, "820", "８２０", "820人", " 820 ", "八百二十", "820名")
    ),
    Cell("child_census", "children", "1,820", 1820),
    Cell("child_census", "children", 820.5, Fault("number.whole")),
    Cell("child_census", "children", -1, Fault("number.negative")),
    Cell("child_census", "children", "约820", Fault("number.unreadable")),
    Cell("child_census", "children", 0, 0),
    Cell("child_census", "enrolled", "无", Fault("number.nothing")),
    Cell("child_census", "enrolled", "", None),
    Cell("enrolments", "grade", "三年级", 3),
    Cell("enrolments", "grade", "初一", 7),
    Cell("enrolments", "class_no", "2班", 2),
    fund("budget", "587万元", Decimal(5_870_000)),
    fund("budget", "15.2万", Decimal(152_000)),
    fund("budget", "￥1,234.50", Decimal("1234.50")),
    fund("budget", 0.1 + 0.2, Decimal("0.30")),
    fund("budget", 3.14159, Fault("number.places")),
    fund("budget", 1e15, Fault("number.damaged")),
    fund("budget", -500, Decimal(-500)),
    Cell("post_structures", "set_ratio", "55%", Decimal(55)),
    Cell("post_structures", "set_ratio", 55, Decimal(55)),
    Cell("post_structures", "set_ratio", 0.55, Fault("number.percent")),
    # Texts that Excel turns into times and days
    Cell("five_checks", "start_time", time(8, 20), "08:20"),
    Cell("five_checks", "start_time", "8:20", "8:20"),
    Cell("digital_lessons", "class_ref", date(2022, 3, 1), Fault("text.altered")),
    Cell("digital_lessons", "class_ref", "3-1", "3-1"),
)
BASE: dict[str, dict[str, object]] = {
    "staff": {"org": SCHOOL, "name": "张三", "employment": "在编", "hired_on": "2010-09-01"},
    "pupils": {
        "org": SCHOOL,
        "name": "李小明",
        "sex": "男",
        "born_on": "2013-01-01",
        "hukou_town": "大盛镇",
    },
    "child_census": {"org": "大盛镇", "stage": "小学", "children": 820, "local": 640},
    "enrolments": {
        "org": SCHOOL,
        "pupil_no": PUPILS[0],
        "stage": "小学",
        "grade": 3,
        "class_no": 1,
    },
    "funds": {
        "org": SCHOOL,
        "plan_line": "m2",
        "source": "县级",
        "earmark": "校舍建设",
        "budgeted_on": "2021-01-01",
        "budget": 100,
    },
    "post_structures": {
        "org": SCHOOL,
        "establishment": 60,
        "posts": 56,
        "middle_senior_posts": 32,
        "set_ratio": 55,
    },
    "five_checks": {
        "org": SCHOOL,
        "stage": "小学",
        "homework_minutes": 55,
        "sleep_hours": 9.8,
        "phones_ruled": "是",
        "reading_screened": "是",
        "exercise_minutes": 75,
    },
    "digital_lessons": {
        "org": SCHOOL,
        "kind": "双师课堂",
        "stage": "小学",
        "class_ref": "3-1",
    },
}
# The column that makes each row of a ledger another row.
UNIQUE = {
    "staff": "staff_no",
    "pupils": "pupil_no",
    "child_census": "counted_on",
    "enrolments": "valid_from",
    "funds": "line_no",
    "post_structures": "counted_on",
    "five_checks": "checked_on",
    "digital_lessons": "taught_on",
}


def row(case: Cell, serial: int) -> dict[str, object]:
    """A whole row around the cell, unlike every other row of its ledger."""
    key = UNIQUE[case.ledger]
    marks = {
        "staff_no": f"T{serial:05}",
        "pupil_no": f"G{id_number(100 + serial)}",
        "line_no": f"ZJ{serial}",
    }
    unique = marks.get(key, date(2015, 1, 1) + timedelta(serial))
    return {**BASE[case.ledger], key: unique, case.column: case.given}
