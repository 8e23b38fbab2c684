"""Official codes: the published vectors pass, one changed character fails."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhuji.kernel import codes
from zhuji.kernel.errors import BadInput


def invented_id(born: date, serial: int) -> str:
    body = f"990784{born:%Y%m%d}{serial:03}"
    return body + codes.id_check_digit(body)


IDS = st.builds(invented_id, st.dates(date(1900, 1, 1), date(2030, 1, 1)), st.integers(0, 999))


@pytest.mark.parametrize("text", ["11010519491231002X", "440524188001010014"])
def test_the_standards_own_examples_pass(text: str) -> None:
    assert codes.check_id_number(text) is None


@given(IDS)
def test_an_invented_number_gives_back_its_birth_date(text: str) -> None:
    assert codes.check_id_number(text) is None
    assert f"{codes.birth_date_of(text):%Y%m%d}" == text[6:14]
    assert codes.sex_of(text) == ("male" if int(text[16]) % 2 else "female")


@given(IDS, st.integers(0, 16), st.integers(1, 9))
def test_any_one_wrong_digit_is_noticed(text: str, place: int, shift: int) -> None:
    wrong = text[:place] + str((int(text[place]) + shift) % 10) + text[place + 1 :]
    assert codes.check_id_number(wrong) is not None


@given(IDS, st.integers(0, 15))
def test_two_neighbours_swapped_are_noticed(text: str, place: int) -> None:
    swapped = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    assert swapped == text or codes.check_id_number(swapped) is not None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("110105194912310021", "校验不通过"),
        ("110105491231002", "15 位的一代"),
        ("11010519491231002", "现在是 17 位"),
        ("11010519491231002x", "大写 X"),
        ("000105194912310021", "不是行政区划"),
        ("110105194902310021", "不是日期"),
        ("110105000102310021", "不是日期"),
        ("１１０１０５１９４９１２３１００２", "现在是 17 位"),
    ],
)
def test_each_fault_of_an_id_number_has_its_sentence(text: str, problem: str) -> None:
    assert problem in str(codes.check_id_number(text))


def test_nothing_is_read_from_a_wrong_number_and_the_error_does_not_repeat_it() -> None:
    with pytest.raises(BadInput, match="校验") as caught:
        codes.birth_date_of("110105194912310021")
    assert caught.value.issues[0].value == "110105********0021"
    with pytest.raises(BadInput):
        codes.sex_of("")


def test_the_notices_own_credit_code_passes() -> None:
    assert codes.check_credit_code("113707840042950377") is None
    assert codes.credit_check_digit("11370784004295037") == "7"


@given(st.integers(0, 16), st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"))
def test_one_wrong_character_of_a_credit_code_is_noticed(place: int, char: str) -> None:
    good = "113707840042950377"
    wrong = good[:place] + char + good[place + 1 :]
    assert (codes.check_credit_code(wrong) is None) is (wrong == good)


@pytest.mark.parametrize("text", ["11370784004295037", "11370784004295037I", "11A70784004295037X"])
def test_a_misshapen_credit_code_is_refused(text: str) -> None:
    assert "统一社会信用代码" in str(codes.check_credit_code(text))


@pytest.mark.parametrize("text", ["1137000001", "2137000001", "3137000001", "5199000001"])
def test_school_codes(text: str) -> None:
    assert codes.check_school_code(text) is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [("213700000", "10 位"), ("2337000001", "办学类型"), ("2138000001", "省级")],
)
def test_wrong_school_codes(text: str, problem: str) -> None:
    assert problem in str(codes.check_school_code(text))


def test_the_types_of_school_are_those_of_the_published_pattern() -> None:
    pattern = re.compile(r"11|21|22|31|32|33|34|35|36|37|41|42|51|91|92|93")
    assert {f"{n:02}" for n in range(100) if pattern.fullmatch(f"{n:02}")} == set(
        codes.SCHOOL_TYPES
    )


@given(IDS)
def test_pupil_numbers_wrap_an_id_number(text: str) -> None:
    assert codes.check_pupil_number("G" + text) is None
    assert codes.check_pupil_number("J" + text) is None
    assert "以 G、J 或 L 开头" in str(codes.check_pupil_number("X" + text))


def test_a_temporary_pupil_number_has_no_check_digit() -> None:
    assert codes.check_pupil_number("L990784201001010000") is None
    assert "校验" in str(codes.check_pupil_number("G990784201001010000"))
    assert "不是日期" in str(codes.check_pupil_number("L990784201013010000"))
    assert "临时" in str(codes.check_pupil_number("L99078420100101000X"))
    assert "19 位" in str(codes.check_pupil_number("G"))


@pytest.mark.parametrize("text", ["370784", "370784101", "370784101001", "990784"])
def test_divisions(text: str) -> None:
    assert codes.check_division(text) is None


@pytest.mark.parametrize("text", ["3707", "3707841", "090784", "37078A", ""])
def test_wrong_divisions(text: str) -> None:
    assert codes.check_division(text) is not None


@pytest.mark.parametrize("text", ["13900000000", "0536-4261234", "05364261234", "010-62345678-12"])
def test_phones(text: str) -> None:
    assert codes.check_phone(text) is None


@pytest.mark.parametrize("text", ["12900000000", "1390000000", "4261234", "139 0000 0000", ""])
def test_wrong_phones(text: str) -> None:
    assert "手机号" in str(codes.check_phone(text))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("990784201001011234", "990784********1234"),
        ("G990784201001011234", "G990784********1234"),
        ("13900000000", "139****0000"),
        ("4261234", "*******"),
        ("9907842010010112345678", "*" * 22),
        ("", ""),
    ],
)
def test_masking(text: str, shown: str) -> None:
    assert codes.masked(text) == shown


def test_numbers_of_persons_in_free_text_are_masked_and_others_are_left() -> None:
    number = invented_id(date(2010, 1, 1), 123)
    told = f"请联系 13912345678，学籍号 G{number}，证号{number}。"
    assert codes.veiled(told) == (
        f"请联系 139****5678，学籍号 G{number[:6]}********{number[-4:]}，"
        f"证号{number[:6]}********{number[-4:]}。"
    )
    assert codes.names_person(told)
    wrong = number[:-1] + ("0" if number[-1] != "0" else "1")
    for harmless in (wrong, "2199000101", f"a{number}", "139123456789", "2021-09-01", ""):
        assert codes.veiled(harmless) == harmless
        assert not codes.names_person(harmless)
