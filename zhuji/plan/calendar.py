"""The calendar that a plan carries, as the kernel's: its span, its terms, its days off."""

import re
from datetime import date

from zhuji.kernel.calendar import Calendar, TermDates
from zhuji.kernel.errors import BadInput
from zhuji.kernel.messages import say
from zhuji.kernel.spans import Span
from zhuji.kernel.terms import school_year_key
from zhuji.plan.model import Plan, Term


def calendar_of(plan: Plan) -> Calendar:
    """Half-open throughout: the plan's `ends` and a teaching span's end are the day after."""
    return Calendar(
        plan=Span(plan.starts, plan.ends),
        terms=tuple(term_dates(term) for term in plan.calendar.terms),
        holidays=frozenset(plan.calendar.holidays),
        make_up_days=frozenset(plan.calendar.makeup_days),
    )


def term_dates(term: Term) -> TermDates:
    """One school year; refused when its key or its days do not fit together."""
    first, second = (Span(start, end) for start, end in term.teaching)
    return TermDates(_first_year(term.school_year), term.second_term, first, second)


def _first_year(key: str) -> int:
    found = re.fullmatch(r"([0-9]{4})-[0-9]{4}", key)
    year = int(found[1]) if found else 0
    if not date.min.year < year < date.max.year or school_year_key(year) != key:
        raise BadInput(say("“{key}”不是学年，请写成 2021-2022 这样。", key=key))
    return year
