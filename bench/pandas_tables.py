"""Ledgers and relations as data frames, each row laid on the periods in which it counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
from formulas import Frame, Series

from zhuji.indicators.compile import Scan
from zhuji.indicators.sources import PERIOD_DAYS, Counted, Event, Valid
from zhuji.warehouse.engine import Engine

HARDSHIPS = ("poor", "low_income", "monitored", "disabled", "orphan", "unsupported")
KEY_TITLES = ("key_teacher", "subject_leader", "teaching_expert", "special_grade", "rural_special")
DEGREES = ("below", "secondary", "college", "bachelor", "master", "doctor")
RANKS = {degree: rank for rank, degree in enumerate(DEGREES, 1)}


class Tables:
    """Tables of the snapshot as data frames, each read once."""

    def __init__(self, engine: Engine, given: Mapping[str, Frame]) -> None:
        self.engine, self.given = engine, given
        self.read: dict[str, Frame] = {}

    def table(self, name: str) -> Frame:
        if name not in self.read:
            made = _TABLES.get(name)
            self.read[name] = made(self) if made else self._ledger(name)
        return self.read[name]

    def _ledger(self, name: str) -> Frame:
        own = "row_id, import_id, sheet_row"
        self.engine.connection.execute(f'SELECT * EXCLUDE ({own}) FROM "{name}"')  # noqa: S608
        return self.engine.connection.df()

    def periods(self, kind: str) -> Iterator[Any]:
        found = self.given["periods"]
        yield from found[found.kind == kind].itertuples()


def laid(tables: Tables, scan: Scan) -> Frame:
    """Rows with the key of the period they count in, and its days."""
    key = scan.source.key
    made = _AT_PERIOD.get(key)
    parts = []
    for period in tables.periods(scan.period_kind):
        rows = made(tables, period) if made else _in_period(tables.table(key), scan, period)
        parts.append(rows.assign(key=period.key, **_days(period)))
    return pd.concat(parts, ignore_index=True)


def valid(rows: Frame, day: Any, start: str = "valid_from", end: str = "valid_to") -> Frame:
    return rows[(rows[start] <= day) & (rows[end].isna() | (rows[end] > day))]


def _days(period: Any) -> dict[str, Any]:
    return {name: getattr(period, day) for name, day in PERIOD_DAYS.items()}


def _in_period(rows: Frame, scan: Scan, period: Any) -> Frame:
    day = period.point_on if scan.at == "point" else period.census_on
    match scan.source.dated:
        case Valid(start, end):
            return valid(rows, day, start, end)
        case Counted(on, key):
            known = rows[rows[on] <= day].sort_values(on)
            return known.drop_duplicates([name for name in key if name != on], keep="last")
        case Event(on):
            happened = rows[on]
            return rows[
                (happened >= period.start_on)
                & (happened < period.end_on)
                & (happened <= period.point_on)
            ]
        case _:
            return rows


# --- tables joined from others ---------------------------------------------------------------


def _trainings(tables: Tables) -> Frame:
    sessions = tables.table("training_sessions")[["session_no", "kind", "form", "place_level"]]
    return tables.table("training_records").merge(sessions, on="session_no")


def _fund_lines(tables: Tables) -> Frame:
    """What moved on each line until the last day that is judged."""
    lines, moves = tables.table("funds"), tables.table("fund_moves")
    moves = moves[moves.moved_on <= tables.given["periods"].point_on.max()]
    kinds = ["allotted", "paid", "spent"]
    sums = moves.pivot_table(index="line_no", columns="kind", values="amount", aggfunc="sum")
    spent = moves[moves.kind == "spent"].merge(lines[["line_no", "earmark"]], on="line_no")
    elsewhere = spent[spent.purpose.notna() & (spent.purpose != spent.earmark)]
    parts = sums.reindex(columns=kinds).assign(
        misused=elsewhere.groupby("line_no").amount.sum(),
        late_days=moves.groupby("line_no").days_taken.max().astype(float),
    )
    found = lines.merge(parts, how="left", left_on="line_no", right_index=True)
    return found.fillna(dict.fromkeys([*kinds, "misused"], 0))


def _researcher_schools(tables: Tables) -> Frame:
    """Assignments with what the school was on the day they began."""
    orgs = tables.table("orgs")[["org", "residence", "valid_from", "valid_to"]]
    orgs = orgs.rename(columns={"valid_from": "held_from", "valid_to": "held_to"})
    found = tables.table("assignments").merge(orgs, on="org")
    ended = found.held_to.notna() & (found.held_to <= found.valid_from)
    found = found[(found.held_from <= found.valid_from) & ~ended]
    return found.assign(rural=found.residence.isin(["town", "village"]))


_TABLES: Mapping[str, Callable[[Tables], Frame]] = {
    "trainings": _trainings,
    "fund_lines": _fund_lines,
    "researcher_schools": _researcher_schools,
}


# --- relations that have a row for each period -----------------------------------------------


def _pupils(tables: Tables, period: Any) -> Frame:
    rows = valid(tables.table("enrolments"), period.point_on)[["org", "stage", "pupil_no"]]
    special = valid(tables.table("special_pupils"), period.point_on)
    aid, visits = tables.table("aid"), tables.table("home_visits")
    paid = aid[(aid.paid_on >= period.start_on) & (aid.paid_on <= period.point_on)]
    seen = visits[(visits.visited_on >= period.start_on) & (visits.visited_on <= period.point_on)]
    skills = tables.table("skills")
    able = skills[skills.mastered_on <= period.point_on]
    art, sport = (able[able.kind == kind].pupil_no.value_counts() for kind in ("art", "sport"))
    numbers = rows.pupil_no
    return rows.assign(
        disabled=numbers.isin(special[special.category == "disabled"].pupil_no),
        in_hardship=numbers.isin(special[special.category.isin(HARDSHIPS)].pupil_no),
        aided=numbers.isin(paid.pupil_no),
        home_visits=numbers.map(seen.pupil_no.value_counts()).fillna(0),
        art_skills=numbers.map(art).fillna(0),
        sport_skills=numbers.map(sport).fillna(0),
    )


def _pupils_of_term(tables: Tables, period: Any) -> Frame:
    """Of these only hardship and aid are asked for."""
    rows = valid(tables.table("enrolments"), period.point_on)[["org", "stage", "pupil_no"]]
    special, aid = valid(tables.table("special_pupils"), period.point_on), tables.table("aid")
    paid = aid[(aid.paid_on >= period.start_on) & (aid.paid_on <= period.point_on)]
    return rows.assign(
        in_hardship=rows.pupil_no.isin(special[special.category.isin(HARDSHIPS)].pupil_no),
        aided=rows.pupil_no.isin(paid.pupil_no),
    )


def _pupils_at(tables: Tables, period: Any) -> Frame:
    match period.kind:
        case "school_year":
            return _pupils(tables, period)
        case "term":
            return _pupils_of_term(tables, period)
        case _:
            return valid(tables.table("enrolments"), period.point_on)[["org", "stage"]]


def _pupils_census(tables: Tables, period: Any) -> Frame:
    return valid(tables.table("enrolments"), period.census_on)[["org", "stage"]]


def _rolls(tables: Tables, period: Any) -> Frame:
    by = ["org", "stage", "grade", "class_no"]
    sizes = valid(tables.table("enrolments"), period.point_on).groupby(by).size()
    classes = valid(tables.table("classes"), period.point_on)
    return classes.merge(sizes.rename("pupils").reset_index(), how="left", on=by).fillna(
        {"pupils": 0}
    )


def _teachers(tables: Tables, day: Any) -> Frame:
    """Posts held on a day, with what their holders had reached by then."""
    own = ["org", "staff_no", "stage", "role", "subject", "full_time_teacher"]
    posts = valid(tables.table("posts"), day)[own]
    staff = tables.table("staff")[["staff_no", "employment", "hired_degree"]]
    rows = posts.merge(staff, how="left", on="staff_no")
    numbers = rows.staff_no
    gained = tables.table("qualifications")
    gained = gained[gained.gained_on <= day]
    honours = valid(tables.table("honours"), day)
    titles = valid(tables.table("titles"), day)
    senior = titles[titles.grade.isin(["senior", "vice_senior", "middle"])]
    return rows.assign(
        degree_rank=np.fmax(rows.hired_degree.map(RANKS), numbers.map(_best_degree(gained))),
        certified=numbers.isin(gained[gained.kind == "certificate"].staff_no),
        key_teacher=numbers.isin(honours[honours.title.isin(KEY_TITLES)].staff_no),
        ranked_head=numbers.isin(honours[honours.title == "ranked_head"].staff_no),
        middle_or_senior=numbers.isin(senior.staff_no),
        five_year_hours=numbers.map(_hours(tables, day)).fillna(0),
    )


def _best_degree(gained: Frame) -> Series:
    degrees = gained[gained.kind == "degree"]
    return degrees.level.map(RANKS).groupby(degrees.staff_no).max()


def _hours(tables: Tables, day: Any) -> Series:
    records = tables.table("training_records")
    late = records.finished_on > day - pd.DateOffset(years=5)
    recent = records[(records.finished_on <= day) & late]
    return recent.groupby("staff_no").hours.sum()


def _orgs(tables: Tables, period: Any) -> Frame:
    places = tables.given["places"]
    places = places[(places.kind == period.kind) & (places.key == period.key)]
    orgs = valid(tables.table("orgs"), period.point_on)
    found = orgs[["org", "kind", "ownership", "establishment"]]
    return found.merge(places[["org", "smart_model"]], on="org")


_AT_PERIOD: Mapping[str, Callable[[Tables, Any], Frame]] = {
    "pupils_at": _pupils_at,
    "pupils_census": _pupils_census,
    "class_rolls": _rolls,
    "teachers_at": lambda tables, period: _teachers(tables, period.point_on),
    "teachers_census": lambda tables, period: _teachers(tables, period.census_on),
    "orgs_at": _orgs,
}
