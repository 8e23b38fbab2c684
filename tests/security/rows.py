"""Rows of an invented county: one pupil, one of the staff, one class, one hardship at a time."""

from datetime import date

from tests.programme.yunxi import STONE
from zhuji.kernel.codes import id_check_digit

SINCE = date(2015, 9, 1)


def id_number(serial: int) -> str:
    body = f"990301{2013 - serial // 1000}0101{serial % 1000:03}"
    return body + id_check_digit(body)


def pupil_no(serial: int) -> str:
    return f"G{id_number(serial)}"


def phone(serial: int) -> str:
    return f"139{serial:08}"


def staff_no(number: int) -> str:
    return f"S{number:06}"


def staff(org: str, number: int) -> dict[str, object]:
    return {
        "org": org, "staff_no": staff_no(number), "name": f"教师{number}号",
        "born_on": date(1985, 3, 12), "id_number": id_number(500 + number),
        "phone": phone(500 + number), "employment": "established", "hired_on": SINCE,
    }  # fmt: skip


def pupil(org: str, number: int) -> dict[str, object]:
    return {
        "org": org, "pupil_no": pupil_no(number), "name": f"学生{number}号", "sex": "male",
        "born_on": date(2013, 1, 1), "id_number": id_number(number), "hukou_town": STONE,
        "guardian": f"家长{number}号", "guardian_phone": phone(number),
        "address": f"青石路{number}号",
    }  # fmt: skip


def enrolment(org: str, number: int, class_no: int) -> dict[str, object]:
    return {
        "org": org, "pupil_no": pupil_no(number), "stage": "primary", "grade": 3,
        "class_no": class_no, "valid_from": SINCE,
    }  # fmt: skip


def hardship(org: str, number: int) -> dict[str, object]:
    return {
        "org": org, "pupil_no": pupil_no(number), "category": "poor",
        "basis": f"民政认定{number}号", "helped": True, "valid_from": SINCE,
    }  # fmt: skip


def a_class(org: str, class_no: int, head: str) -> dict[str, object]:
    return {
        "org": org, "stage": "primary", "grade": 3, "class_no": class_no, "interactive": True,
        "head_teacher": head, "valid_from": SINCE,
    }  # fmt: skip


def pasted(org: str, number: int) -> str:
    """A pupil as a clerk's sheet has them."""
    heads = ("学籍所在学校标识码", "学籍号", "姓名", "性别", "出生日期", "身份证件号",
             "户籍所在镇街代码", "监护人手机号")  # fmt: skip
    row = (org, pupil_no(number), f"学生{number}号", "男", "2013-01-01", id_number(number), STONE,
           phone(number))  # fmt: skip
    return "\t".join(heads) + "\n" + "\t".join(row) + "\n"
