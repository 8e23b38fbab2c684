"""Codes of a plan and of its ledgers in words: periods, conditions, kinds of evidence."""

import re

from zhuji.indicators.formula import Allow, parse_formula
from zhuji.indicators.saying import Speech, WordOf, of_source
from zhuji.kernel.messages import Label
from zhuji.ledgers.declare import Column
from zhuji.ledgers.registry import BY_KEY
from zhuji.ledgers.relations import RELATIONS_BY_KEY
from zhuji.plan.model import Evidence, Plan
from zhuji.programme.sources import sources

# A key of kernel.calendar, and how each language says it.
_PERIODS = (
    (r"(\d{4}-\d{4})", "{0} 学年", "school year {0}"),
    (r"(\d{4}-\d{4})-(\d)", "{0} 学年第 {1} 学期", "term {1} of {0}"),
    (r"(\d{4}-\d{4})-(\d)-w(\d\d)", "{0} 学年第 {1} 学期第 {2} 周", "week {2}, term {1} of {0}"),
    (r"(\d{4})Q(\d)", "{0} 年第 {1} 季度", "quarter {1} of {0}"),
    (r"(\d{4})-(\d\d)", "{0} 年 {1} 月", "{0}-{1}"),
    (r"(\d{4})", "{0} 年", "{0}"),
    (r"p(\d+)", "规划第 {0} 年", "year {0} of the plan"),
    (r"plan", "整个规划期", "the whole plan"),
    (r"(\d{1,3})", "第 {0} 批", "batch {0}"),
)


def period(key: str) -> Label:
    """The key of a period, or the number of a batch, in words."""
    for pattern, zh, en in _PERIODS:
        found = re.fullmatch(pattern, key)
        if found:
            return Label(zh.format(*found.groups()), en.format(*found.groups()))
    return Label(key, key)


def declared(source: str) -> dict[str, Column]:
    """The columns of a ledger or relation, as declared."""
    if source in BY_KEY:
        return BY_KEY[source].by_key
    found = RELATIONS_BY_KEY.get(source)
    return {column.key: column for column in found.columns} if found else {}


def word_of(plan: Plan, source: str) -> WordOf:
    """What a code means in a column of a source: an option of it, or a word of the plan."""
    columns = declared(source)
    kinds = {kind.id: kind.label for kind in plan.kinds if kind.ledger == source}
    lines = {line.id: line.label for line in plan.money}

    def word(column: str, value: str) -> Label | None:
        options = columns[column].options if column in columns else ()
        known = {option.value: option.label for option in options}
        if column == "kind":
            known |= kinds
        if column == "plan_line":
            known |= lines
        return known.get(value)

    return word


def spoken(plan: Plan, source: str) -> WordOf:
    """As `word_of`; an organisation that the plan names goes by its name."""
    word, orgs = word_of(plan, source), {one.org: one.label for one in plan.orgs}
    return lambda column, value: word(column, value) or orgs.get(value)


def condition(plan: Plan, source: str, text: str) -> Label:
    """A condition on the rows of a source as a sentence."""
    tree = parse_formula(text, allow=Allow.ROWS)
    return Speech(of_source(sources()[source]), word=spoken(plan, source)).tell(tree)


def evidence(plan: Plan, proof: Evidence) -> Label:
    """Which rows prove that something was done."""
    ledger = sources()[proof.ledger].label
    if proof.where is None:
        return ledger
    only = condition(plan, proof.ledger, proof.where)
    return Label(f"{ledger.zh}：{only.zh}", f"{ledger.en}: {only.en}")
