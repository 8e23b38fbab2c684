"""Sentences keep their parameters, speak two languages, and say where the fault is."""

import pickle
from datetime import date

import pytest

from zhuji.kernel.errors import (
    BadInput,
    DomainError,
    Issue,
    Level,
    NotAllowed,
    NotFound,
    Refused,
    bad_value,
)
from zhuji.kernel.messages import Label, Message, placeholders, say, translated


def test_a_message_is_its_chinese_sentence() -> None:
    assert str(say("第 {row} 行：{value} 不是日期", row=3, value="x")) == "第 3 行：x 不是日期"


def test_braces_in_what_a_user_typed_stay_as_typed() -> None:
    assert str(say("“{value}”有误", value="{row}{0}")) == "“{row}{0}”有误"


def test_a_forgotten_parameter_is_found_where_the_sentence_is_made() -> None:
    with pytest.raises(ValueError, match="value"):
        say("第 {row} 行：{value}", row=3)


def test_a_template_cannot_reach_into_a_parameter() -> None:
    with pytest.raises(ValueError, match="no value"):
        say("{error.__class__}", error=1)


def test_messages_are_equal_by_content_and_hash_even_with_lists() -> None:
    first, same, other = say("{a}", a=[1]), say("{a}", a=[1]), say("{a}", a=[2])
    assert first == same
    assert first != other
    assert len({first, same, other}) == 2


def test_a_message_cannot_be_changed_through_the_mapping_it_was_given() -> None:
    params: dict[str, object] = {"a": 1}
    message = Message("{a}", params)
    params["a"] = 2
    assert str(message) == "1"
    with pytest.raises(TypeError):
        message.params["a"] = 3  # type: ignore[index]


def test_a_message_survives_the_way_to_another_process() -> None:
    message = say("{a}：{b}", a=1, b=say("{c}", c=2))
    assert pickle.loads(pickle.dumps(message)) == message  # noqa: S301


def test_translation_reaches_nested_messages_and_labels() -> None:
    english = {"{place}：{what}": "{place}: {what}", "第 {row} 行": "row {row}"}
    message = say("{place}：{what}", place=say("第 {row} 行", row=3), what=Label("教师", "teacher"))
    assert translated(message, english.__getitem__, "en") == "row 3: teacher"
    assert str(message) == "第 3 行：教师"


def test_an_empty_message_never_asks_the_catalogue() -> None:
    # gettext answers the empty string with the catalogue's own header.
    assert translated(say(""), lambda text: "header", "en") == ""


def test_placeholders_ignore_formats() -> None:
    assert placeholders("{amount:,.2f} {{x}} {row}") == {"amount", "row"}


@pytest.mark.parametrize(
    ("language", "shown"), [("zh-hans", "教师"), ("en", "teacher"), ("en-GB", "teacher")]
)
def test_a_label_speaks_the_readers_language(language: str, shown: str) -> None:
    assert Label("教师", "teacher").get(language) == shown


def test_an_issue_names_file_sheet_row_and_column() -> None:
    issue = Issue(Level.ERROR, say("不是日期"), file="甲.xlsx", sheet="教师", row=3, column="出生")
    assert str(issue.where()) == "文件“甲.xlsx”，工作表“教师”，第 3 行，“出生”列"
    assert str(issue) == "文件“甲.xlsx”，工作表“教师”，第 3 行，“出生”列：不是日期"


def test_an_issue_without_a_place_is_only_its_sentence() -> None:
    issue = Issue(Level.INFO, say("没有变化"), proposal=say("不必处理。"))
    assert str(issue.where()) == ""
    assert str(issue) == "没有变化 不必处理。"


def test_line_zero_and_an_empty_file_name_are_still_places() -> None:
    assert str(Issue(Level.ERROR, say("x"), line=0).where()) == "第 0 行"


@pytest.mark.parametrize("kind", [NotFound, NotAllowed, BadInput, Refused])
def test_every_refusal_is_a_domain_error_with_its_sentence(kind: type[DomainError]) -> None:
    error = kind(say("“{value}”不行", value=1))
    assert isinstance(error, DomainError)
    assert str(error) == "“1”不行"
    assert error.proposal is None
    assert str(pickle.loads(pickle.dumps(error))) == "“1”不行"  # noqa: S301


def test_a_refused_value_carries_its_proposal() -> None:
    error = bad_value(say("不行"), value="x", code="a.b", proposal=say("请改成 y。"))
    assert str(error.proposal) == "请改成 y。"
    assert (error.issues[0].value, error.issues[0].code) == ("x", "a.b")


def test_what_is_in_a_list_is_joined_in_the_readers_language() -> None:
    english = {"可用的有 {known}。": "There are: {known}."}
    message = say("可用的有 {known}。", known=("a", Label("乙", "b"), 3))
    assert str(message) == "可用的有 a、乙、3。"
    assert translated(message, english.__getitem__, "en") == "There are: a, b, 3."


def test_a_day_is_written_as_its_reader_writes_days() -> None:
    message = say("{on} 截止", on=date(2023, 6, 3))
    assert str(message) == "2023-06-03 截止"
    assert translated(message, lambda text: "until {on}", "en-GB") == "until 3 June 2023"


def test_a_text_file_has_no_sheet_to_name() -> None:
    assert str(Issue(Level.ERROR, say("坏了"), sheet="", row=3).sentence()) == "第 3 行：坏了"
