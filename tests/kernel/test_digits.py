"""Numbers typed in offices are read exactly; damaged ones are recognised."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhuji.kernel.digits import chinese_number, identifier, is_damaged, narrow, number
from zhuji.kernel.errors import BadInput

_ONES = "零一二三四五六七八九"


def spelt(value: int) -> str:
    """Write a number below 10^12 the way the textbook does, as an oracle."""
    if value == 0:
        return "零"
    parts: list[str] = []
    for scale, name in ((10**8, "亿"), (10**4, "万"), (1, "")):
        section = value // scale % 10**4
        if section:
            gap = "零" if parts and section < 1000 else ""
            parts.append(gap + _spelt_section(section) + name)
    return "".join(parts)


def _spelt_section(section: int) -> str:
    text, pending = "", False
    for scale, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = section // scale % 10
        if digit:
            text += ("零" if pending and text else "") + _ONES[digit] + name
            pending = False
        else:
            pending = True
    return text


@given(st.integers(0, 10**12 - 1))
def test_chinese_numerals_read_as_the_textbook_writes_them(value: int) -> None:
    assert chinese_number(spelt(value)) == value


@given(st.integers(-(10**12), 10**12))
def test_thousands_separators_and_full_width_change_nothing(value: int) -> None:
    text = f"{value:,}"
    assert number(text) == value
    assert number(text.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})) == value


@given(st.decimals(-(10**9), 10**9, places=4))
def test_decimals_keep_every_digit(value: Decimal) -> None:
    assert number(f"{value:,f}") == value


@pytest.mark.parametrize(
    ("given_value", "expected"),
    [
        ("15.2万", 152000),
        ("85%", Decimal("0.85")),
        ("１２．５％", Decimal("0.125")),
        ("百分之八十五", Decimal("0.85")),
        ("十五", 15),
        ("两百", 200),
        ("壹拾伍", 15),
        ("二〇二一", 2021),
        ("一千零五十", 1050),
        ("三千二百万", 32_000_000),
        (0.1, Decimal("0.1")),
        (3.0, 3),
        (
            "1.234567890123456789012345678901234567",
            Decimal("1.234567890123456789012345678901234567"),
        ),
    ],
)
def test_reading_numbers(given_value: object, expected: int | Decimal) -> None:
    read = number(given_value)
    assert read == expected
    assert isinstance(read, type(expected))


@pytest.mark.parametrize(
    "given_value",
    [
        "",
        "1,08",
        "一百五",
        "三万五",
        "一百二三",
        "十百",
        "百",
        "1.2.3",
        "12人",
        True,
        None,
        "1" * 61,
        float("nan"),
        float("inf"),
        Decimal("NaN"),
        "٣",
        "零万",
    ],
)
def test_what_could_mean_two_things_or_nothing_is_refused(given_value: object) -> None:
    with pytest.raises(BadInput, match="不是能读懂的数字"):
        number(given_value)


@pytest.mark.parametrize("given_value", ["3.70784E+17", "３.７E+17", "3E17", 3.70784e17])
def test_a_number_excel_has_shortened_is_refused_with_the_remedy(given_value: object) -> None:
    for read in (number, identifier):
        with pytest.raises(BadInput, match="科学计数") as caught:
            read(given_value)
        assert "文本" in str(caught.value.proposal)


def test_an_integer_of_eighteen_digits_cannot_be_trusted_as_a_name() -> None:
    with pytest.raises(BadInput, match="科学计数"):
        identifier(370784201001010000)


@pytest.mark.parametrize(
    ("given_value", "expected"),
    [
        ("'99078420100101123x", "99078420100101123X"),
        ("９９０７８４ 20100101 1234", "990784201001011234"),
        (13900000000.0, "13900000000"),
        (3137000001, "3137000001"),
        ("0536", "0536"),
    ],
)
def test_reading_identifiers(given_value: object, expected: str) -> None:
    assert identifier(given_value) == expected


@pytest.mark.parametrize("given_value", [1.5, -3, None, True])
def test_what_cannot_be_an_identifier_is_refused(given_value: object) -> None:
    with pytest.raises(BadInput):
        identifier(given_value)


def test_narrowing_spares_names() -> None:
    assert narrow("　买买提·阿不都\u200b ") == "买买提·阿不都"
    assert narrow("𬎆㎡") == "𬎆㎡"


def test_damage_is_told_from_ordinary_numbers() -> None:
    assert is_damaged("3.70784E+17")
    assert not is_damaged("370784201001011234")
