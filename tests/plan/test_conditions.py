"""Conditions over one row: what is let in, what is kept out, and that meaning survives."""

import pytest

from zhuji.kernel.errors import BadInput
from zhuji.plan.conditions import columns_of, parse_condition, qualified


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("kind = 'visit'", ("kind",)),
        ("kind IN ('a', 'b') AND NOT (hours < 3 OR hours IS NULL)", ("kind", "hours")),
        ("full_time_teacher", ("full_time_teacher",)),
        ("hours BETWEEN 1 AND 2.5", ("hours",)),
        ("present * 3 >= expected * 2 - 1", ("present", "expected")),
        ("COALESCE(hours, 0) > -1", ("hours",)),
        ("held_on >= DATE '2021-09-01'", ("held_on",)),
        ("approved IS NOT TRUE", ("approved",)),
        ("TRUE", ()),
    ],
)
def test_a_condition_is_read_with_its_columns(text: str, columns: tuple[str, ...]) -> None:
    assert columns_of(parse_condition(text)) == columns


@pytest.mark.parametrize(
    "text",
    [
        "hours + 1",
        "'x'",
        "COUNT(*) > 1",
        "kind IN (SELECT kind FROM staff)",
        "EXISTS (SELECT 1)",
        "kind = (SELECT 1)",
        "CAST(hours AS VARCHAR) = '3'",
        "CAST('x' AS INTEGER) = 3",
        "CAST(kind AS DATE) > DATE '2021-01-01'",
        "ROW_NUMBER() OVER () = 1",
        "read_csv('a.csv') = 1",
        "staff.name = 'x'",
        "kind LIKE '%x%'",
        "kind = ?",
        "kind = :name",
        "kind = 'a'; DROP TABLE staff",
        "SELECT 1",
        "x -> x + 1",
        "kind = [1, 2]",
        "CASE WHEN a THEN b END",
        "(" * 2000 + "a" + ")" * 2000,
        "* = 1",
        "",
        "kind =",
    ],
)
def test_anything_else_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(BadInput, match="不能用"):
        parse_condition(text)


def test_comments_do_not_pass_through() -> None:
    tree = parse_condition("kind = 'a' /* x */ AND hours > 1 -- y")
    assert tree.sql("duckdb") == "kind = 'a' AND hours > 1"


def test_columns_are_taken_from_the_named_relation_and_quoted() -> None:
    tree = parse_condition("Kind = 'a' AND NOT hours > 1")
    assert qualified(tree, "e").sql("duckdb") == '"e"."kind" = \'a\' AND NOT "e"."hours" > 1'
    assert tree.sql("duckdb") == "Kind = 'a' AND NOT hours > 1"
