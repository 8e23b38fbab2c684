"""Days typed in offices are read, or refused with what may be meant."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhuji.kernel.dates import read_date
from zhuji.kernel.errors import BadInput

DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))
MAY_20 = date(2021, 5, 20)


@pytest.mark.parametrize(
    "given_value",
    [
        "2021.5.20",
        "2021-5-20",
        "2021/05/20",
        "20210520",
        20210520,
        20210520.0,
        "二〇二一年五月二十日",
        "二零二一年五月二十日",
        "二○二一年五月二十号",
        "二O二一年五月廿日",
        "2021年5月20日",
        "2021 年 5 月 20 日",
        "2021年五月20日",
        "２０２１．５．２０",
        "2021-05-20 00:00:00",
        "2021-05-20T08:30:00Z",
        "2021年5月20日 8:30",
        44336,
        44336.75,
        "44336",
        "４４３３６",
        date(2021, 5, 20),
        datetime(2021, 5, 20, 23, 59, tzinfo=UTC),
    ],
)
def test_one_day_in_many_spellings(given_value: object) -> None:
    assert read_date(given_value) == MAY_20


@given(DAYS)
def test_every_day_survives_every_spelling(day: date) -> None:
    y, m, d = day.year, day.month, day.day
    for text in (f"{y}.{m}.{d}", f"{y}-{m:02}-{d:02}", f"{y}年{m}月{d}日", f"{day:%Y%m%d}"):
        assert read_date(text) == day


@given(st.dates(date(1927, 5, 18), date(2099, 12, 31)))
def test_excel_serials_count_from_the_1900_system(day: date) -> None:
    assert read_date((day - date(1900, 3, 1)) // timedelta(days=1) + 61) == day


@pytest.mark.parametrize(
    ("given_value", "problem", "proposal"),
    [
        ("2021年5月", "只有年月", "2021-05-01"),
        ("2021.5", "只有年月", "2021-05-01"),
        ("202105", "只有年月", "2021-05-01"),
        ("二〇二一年五月", "只有年月", "2021-05-01"),
        (2021.1, "分不清是 1 月还是 10 月", "2021-10-01"),
        ("2021", "只有年份", "2021-09-01"),
        (2021, "只有年份", "2021-09-01"),
        ("21.5.20", "只有两位", "2021-05-20"),
        ("20/5/2021", "最后", "2021-05-20"),
        ("5/20/2021", "最后", "2021-05-20"),
        ("2021-2-30", "2 月没有 30 日", "2021-02-28"),
        ("20210230", "2 月没有 30 日", "2021-02-28"),
        ("2021-13-1", "没有 13 月", "2021-05-20"),
        ("1021-1-1", "不在 1900 至 2099", "2021-05-20"),
        (80000, "不在 1900 至 2099", "2021-05-20"),
        (date(3021, 1, 1), "不在 1900 至 2099", "2021-05-20"),
        ("2021-05.20", "不是能读懂的日期", "2021-05-20"),
        ("昨天", "不是能读懂的日期", "2021-05-20"),
        ("", "不是能读懂的日期", "2021-05-20"),
        (None, "不是能读懂的日期", "2021-05-20"),
        (True, "不是能读懂的日期", "2021-05-20"),
        (float("nan"), "不是能读懂的日期", "2021-05-20"),
        (float("inf"), "不是能读懂的日期", "2021-05-20"),
        (-5, "不是能读懂的日期", "2021-05-20"),
    ],
)
def test_what_is_not_a_day_is_refused_with_a_proposal(
    given_value: object, problem: str, proposal: str
) -> None:
    with pytest.raises(BadInput, match=problem) as caught:
        read_date(given_value)
    assert proposal in str(caught.value.proposal)
    assert caught.value.issues[0].code.startswith("date")


@pytest.mark.parametrize(
    "given_value", ["2021年5月", "2021-05", "2021.5", "202105", "二〇二一年五月份"]
)
def test_a_month_alone_is_read_where_it_is_allowed(given_value: str) -> None:
    assert read_date(given_value, allow_month=True) == date(2021, 5, 1)


@given(st.text(max_size=12))
def test_any_text_is_read_or_refused_but_never_breaks(text: str) -> None:
    with suppress(BadInput):
        assert isinstance(read_date(text), date)
