"""Official codes: their shape, their check digit, and the sentence for each fault."""

from __future__ import annotations

import re
from datetime import date
from typing import Literal

from zhuji.kernel.errors import bad_value
from zhuji.kernel.messages import Label, Message, say

Sex = Literal["male", "female"]

# GB 11643-1999.
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_ID_SHAPE = re.compile(r"[0-9]{17}[0-9X]")

# Older than any living person, so that 0001 is not taken for a year.
_FIRST_BIRTH_YEAR = 1800

# GB 32100-2015: no I, O, S, V, Z.
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_CREDIT_SHAPE = re.compile(r"[0-9A-HJ-NP-RTUW-Y]{2}[0-9]{6}[0-9A-HJ-NP-RTUW-Y]{10}")

# GB/T 2260, first two digits.
PROVINCES = frozenset(
    [
        *("11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37"),
        *("41", "42", "43", "44", "45", "46", "50", "51", "52", "53", "54"),
        *("61", "62", "63", "64", "65", "71", "81", "82", "83"),
    ]
)
# No region of the country begins with 99: what does belongs to an invented person or place.
INVENTED = "99"

# 学校（机构）标识码的办学类型。
SCHOOL_TYPES = {
    "11": Label("幼儿园", "kindergarten"),
    "21": Label("小学", "primary school"),
    "22": Label("成人小学", "adult primary school"),
    "31": Label("普通初中", "lower secondary school"),
    "32": Label("职业初中", "vocational lower secondary school"),
    "33": Label("成人初中", "adult lower secondary school"),
    "34": Label("普通高中", "upper secondary school"),
    "35": Label("成人高中", "adult upper secondary school"),
    "36": Label("中等职业学校", "secondary vocational school"),
    "37": Label("专门学校", "specialised school"),
    "41": Label("普通高等学校", "university or college"),
    "42": Label("成人高等学校", "adult higher education"),
    "51": Label("特殊教育学校", "special education school"),
    "91": Label("其他", "other"),
    "92": Label("其他", "other"),
    "93": Label("其他", "other"),
}
_PUPIL_KINDS = "GJL"
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
# Between signs that belong to no longer number or code.
_IN_TEXT = re.compile(r"(?<![0-9A-Za-z])(?:[GJL]?[0-9]{17}[0-9Xx]|1[3-9][0-9]{9})(?![0-9A-Za-z])")
_LANDLINE = re.compile(r"0[0-9]{2,3}-?[2-9][0-9]{6,7}(?:-[0-9]{1,5})?")


def check_id_number(text: str) -> Message | None:
    """Shape, region, birth date and check digit of an 18-character ID number."""
    if not _ID_SHAPE.fullmatch(text):
        return _misshapen_id(text)
    if not _known_region(text):
        return say("身份证号码开头的 {region} 不是行政区划代码。", region=text[:6])
    if _date_at(text, 6) is None:
        return say("身份证号码第 7 至 14 位 {birth} 不是日期。", birth=text[6:14])
    if id_check_digit(text[:17]) != text[17]:
        return say("身份证号码校验不通过，请对照证件检查是否有错位或错字。")
    return None


def id_check_digit(body: str) -> str:
    """The 18th character for the first seventeen digits."""
    total = sum(int(digit) * weight for digit, weight in zip(body, _ID_WEIGHTS, strict=True))
    return _ID_CHECKS[total % 11]


def birth_date_of(id_number: str) -> date:
    """Only of a number that passes `check_id_number`."""
    _must_pass(id_number)
    born = _date_at(id_number, 6)
    assert born is not None
    return born


def sex_of(id_number: str) -> Sex:
    """Only of a number that passes `check_id_number`: odd is male."""
    _must_pass(id_number)
    return "male" if int(id_number[16]) % 2 else "female"


def check_credit_code(text: str) -> Message | None:
    """统一社会信用代码: shape and check character."""
    if len(text) != 18:
        return say("统一社会信用代码应为 18 位，现在是 {length} 位。", length=len(text))
    if not _CREDIT_SHAPE.fullmatch(text):
        return say("统一社会信用代码只含数字和大写字母，不含 I、O、S、V、Z，第 3 至 8 位是数字。")
    if credit_check_digit(text[:17]) != text[17]:
        return say("统一社会信用代码校验不通过，请对照证书检查。")
    return None


def credit_check_digit(body: str) -> str:
    """The 18th character for the first seventeen."""
    places = (_CREDIT_ALPHABET.index(char) for char in body)
    total = sum(place * weight for place, weight in zip(places, _CREDIT_WEIGHTS, strict=True))
    return _CREDIT_ALPHABET[-total % 31]


def check_school_code(text: str) -> Message | None:
    """学校标识码 has no check digit: type of school, province, serial."""
    if not re.fullmatch(r"[0-9]{10}", text):
        return say("学校标识码应为 10 位数字。")
    if text[:2] not in SCHOOL_TYPES:
        return say("学校标识码开头的 {kind} 不是办学类型代码。", kind=text[:2])
    if not _known_region(text[2:]):
        return say("学校标识码第 3、4 位 {province} 不是省级代码。", province=text[2:4])
    return None


def check_pupil_number(text: str) -> Message | None:
    """学籍号: G and an ID number; J and a code of the same build; L is temporary, with no check."""
    if len(text) != 19:
        return say("学籍号应为 19 位，现在是 {length} 位。", length=len(text))
    kind, body = text[0], text[1:]
    if kind not in _PUPIL_KINDS:
        return say("学籍号应以 G、J 或 L 开头。")
    if kind == "L":
        return _check_temporary(body)
    problem = check_id_number(body)
    return problem and say("学籍号后 18 位有误：{problem}", problem=problem)


def check_division(text: str) -> Message | None:
    """行政区划代码 of a county (6), a town (9) or a village (12)."""
    if not re.fullmatch(r"[0-9]{6}|[0-9]{9}|[0-9]{12}", text):
        return say("行政区划代码应为 6 位、9 位或 12 位数字。")
    if not _known_region(text):
        return say("行政区划代码开头的 {province} 不是省级代码。", province=text[:2])
    return None


def check_phone(text: str) -> Message | None:
    if _MOBILE.fullmatch(text) or _LANDLINE.fullmatch(text):
        return None
    return say("电话应为 11 位手机号，或带区号的固定电话，如 0536-4261234。")


def masked(text: str) -> str:
    """370784********1234, 139****0000; anything shorter or unknown is hidden whole."""
    if len(text) in (18, 19):
        return text[:-12] + "*" * 8 + text[-4:]
    if _MOBILE.fullmatch(text):
        return text[:3] + "****" + text[-4:]
    return "*" * len(text)


def names_person(text: str) -> bool:
    """Whether an identity, pupil's or mobile number stands in free text."""
    return veiled(text) != text


def veiled(text: str) -> str:
    """Free text with the identity, pupils' and mobile numbers in it masked."""
    return _IN_TEXT.sub(_veil, text)


def _veil(found: re.Match[str]) -> str:
    number = found[0]
    is_person = len(number) == 11 or check_id_number(number[-18:].upper()) is None
    return masked(number) if is_person else number


def _misshapen_id(text: str) -> Message:
    if re.fullmatch(r"[0-9]{15}", text):
        return say("15 位的一代身份证号码已停用，请填写 18 位号码。")
    if len(text) != 18:
        return say("身份证号码应为 18 位，现在是 {length} 位。", length=len(text))
    return say("身份证号码前 17 位应为数字，末位为数字或大写 X。")


def _check_temporary(body: str) -> Message | None:
    if not re.fullmatch(r"[0-9]{18}", body) or not _known_region(body):
        return say("临时学籍号应为 L 加 6 位区划、8 位出生日期和 4 位数字。")
    if _date_at(body, 6) is None:
        return say("学籍号里的 {birth} 不是日期。", birth=body[6:14])
    return None


def _known_region(text: str) -> bool:
    return text[:2] in PROVINCES or text[:2] == INVENTED


def _date_at(text: str, start: int) -> date | None:
    year, month, day = (
        text[start : start + 4],
        text[start + 4 : start + 6],
        text[start + 6 : start + 8],
    )
    try:
        born = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return born if born.year >= _FIRST_BIRTH_YEAR else None


def _must_pass(id_number: str) -> None:
    problem = check_id_number(id_number)
    if problem is not None:
        raise bad_value(problem, value=masked(id_number), code="id_number")
