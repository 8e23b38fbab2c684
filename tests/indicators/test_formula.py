"""What a formula may say, and that everything else is refused with a sentence."""

import pytest
from sqlglot import exp

from zhuji.indicators.formula import Allow, parse_formula
from zhuji.kernel.errors import BadInput

HOSTILE = {
    "a file": "(SELECT COUNT(*) FROM read_csv('/etc/passwd'))",
    "a file function": "COUNT_IF(read_text('/etc/passwd') = 'x')",
    "a subquery": "(SELECT 1)",
    "a bare select": "SELECT 1",
    "a query in IN": "COUNT_IF(x IN (SELECT y FROM t))",
    "exists": "COUNT_IF(EXISTS(SELECT 1))",
    "an attach": "ATTACH 'x.db'",
    "a copy": "COPY t TO 'x'",
    "a pragma": "PRAGMA version",
    "a drop": "DROP TABLE orgs",
    "a second statement": "COUNT(*); DROP TABLE orgs",
    "a trailing semicolon": "COUNT(*);",
    "a cast": "SUM(CAST(x AS DOUBLE))",
    "a short cast": "SUM(x::INT)",
    "a cast to a day of a column": "COUNT_IF(CAST(x AS DATE) > DATE '2021-09-01')",
    "a window": "SUM(x) OVER (PARTITION BY org)",
    "a filter": "COUNT(*) FILTER (WHERE x)",
    "an ordered sum": "SUM(x ORDER BY y)",
    "a lambda": "SUM(list_sum(list_filter(x, y -> y > 1)))",
    "a list": "SUM([1, 2][1])",
    "a struct": "COUNT_IF(x = {'a': 1})",
    "a variable": "@@version",
    "an at sign": "SUM(@x)",
    "a parameter": "COUNT_IF(x = $1)",
    "a question mark": "COUNT_IF(x = ?)",
    "a line comment": "COUNT(*) -- all",
    "a block comment": "COUNT(*) /* all */",
    "a comment inside": "SUM(x /* y */ + 1)",
    "brackets": "(" * 400 + "1" + ")" * 400,
    "depth": "NOT " * 90 + "TRUE",
    "length": "SUM(x) + " * 400 + "1",
    "nothing": "  ",
    "a broken bracket": "SUM(x",
    "two expressions": "SUM(x), SUM(y)",
    "an alias": "SUM(x) AS y",
    "a star": "*",
    "a distinct count": "COUNT(DISTINCT x)",
    "a table": "SUM(t.x)",
    "a quoted name": 'SUM("X y")',
    "a capital name": "SUM(X)",
    "a float": "SUM(x) * 1e3",
    "a like": "COUNT_IF(x LIKE '%')",
    "a regular expression": "COUNT_IF(x ~ '.*')",
    "a concatenation": "COUNT_IF(x || y = 'a')",
    "an unknown function": "SLEEP(10)",
    "the clock": "COUNT_IF(x < CURRENT_DATE)",
    "randomness": "SUM(x * RANDOM())",
    "an interval": "COUNT_IF(x > y + INTERVAL 1 DAY)",
    "a median": "MEDIAN(x)",
    "a list aggregate": "LIST(x)",
    "an is of columns": "COUNT_IF(x IS DISTINCT FROM y)",
    "a dispersion of rows": "GINI(x, y)",
    "bytes": "COUNT_IF(x = E'a')",
    "a bad day": "COUNT_IF(x > DATE '2021-13-01')",
    "a null byte": "COUNT_IF(x = y\x00)",
}
GOOD = (
    "COUNT(*)",
    "100 * COUNT_IF(degree_rank >= 4 AND NOT certified) / NULLIF(COUNT(*), 0)",
    "SUM(CASE WHEN kind IN ('a', 'b') THEN area ELSE 0 END) - SUM(COALESCE(x, 0))",
    "AVG(ROUND(score, 1))",
    "MAX(ABS(x)) + MIN(LEAST(x, y)) - MAX(GREATEST(x, -y))",
    "COUNT_IF(done_on BETWEEN DATE '2021-09-01' AND DATE '2022-08-31' OR x IS NOT NULL)",
    "COUNT(CASE kind WHEN 'a' THEN 1 END)",
)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=list(HOSTILE))
def test_anything_but_allowed_sql_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(BadInput) as refusal:
        parse_formula(text, allow=Allow.AGGREGATE)
    assert str(refusal.value).endswith("。")
    assert refusal.value.proposal is not None


@pytest.mark.parametrize("text", GOOD)
def test_allowed_sql_is_read_and_rendered_from_the_tree(text: str) -> None:
    tree = parse_formula(text, allow=Allow.AGGREGATE)
    again = parse_formula(tree.sql(dialect="duckdb"), allow=Allow.AGGREGATE)
    assert again.sql(dialect="duckdb") == tree.sql(dialect="duckdb")


@pytest.mark.parametrize("text", ["COUNT(*) > 1", "SUM(x) = 1"])
def test_conditions_on_rows_hold_no_aggregates(text: str) -> None:
    with pytest.raises(BadInput, match="不能使用"):
        parse_formula(text, allow=Allow.ROWS)


def test_a_refusal_names_what_and_where() -> None:
    with pytest.raises(BadInput, match="第 7 个字符处的“;”"):
        parse_formula("SUM(x);", allow=Allow.AGGREGATE)
    with pytest.raises(BadInput, match=r"“DISTINCT x”|“COUNT\(DISTINCT x\)”"):
        parse_formula("COUNT(DISTINCT x)", allow=Allow.AGGREGATE)


def test_dispersions_stand_only_over_indicators_and_never_nested() -> None:
    tree = parse_formula("gini(a, b__primary)", allow=Allow.INDICATORS)
    assert isinstance(tree, exp.Anonymous)
    assert tree.this == "GINI"
    for text in ("GINI(a)", "GINI(SHARE_OF_ORGS(a > 1), b)", "COUNT(*)", "SUM(a)", "foo(a)"):
        with pytest.raises(BadInput):
            parse_formula(text, allow=Allow.INDICATORS)


def test_quotes_in_a_text_cannot_escape_it() -> None:
    tree = parse_formula("COUNT_IF(x = 'a''; DROP TABLE t --')", allow=Allow.AGGREGATE)
    assert tree.sql(dialect="duckdb") == "COUNT_IF(x = 'a''; DROP TABLE t --')"
