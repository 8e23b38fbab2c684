"""The same duties with pandas: what was done in each window, who owed it then, both joined."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd
from formulas import Frame, truth
from pandas_tables import Tables
from sqlglot import parse_one

from zhuji.duties.demand import Demand, demand_of
from zhuji.plan.model import Duty, Milestone, Window

WINDOW = ["duty", "number"]
PERSONS = {"staff": ("posts", "staff_no"), "pupil": ("enrolments", "pupil_no")}
COLUMNS = ["duty", "key", "org", "owed", "done"]


def run(tables: Tables, asked: Iterable[Duty | Milestone]) -> Frame:
    """(duty, key, org, owed, done) of every duty that asks for a number of rows in a window."""
    demands = [demand for demand in map(demand_of, asked) if covers(demand)]
    counts = _counted(tables, demands)
    owing = pd.concat([_orgs(tables, demands), _persons(tables, demands)])
    found = owing.merge(counts, how="left", on=[*WINDOW, "subject"])
    found["done"] = found.n.fillna(0) >= found.needed
    by = found.groupby(COLUMNS[:3]).done.agg(["size", "sum"]).reset_index()
    return by.set_axis(COLUMNS, axis=1)


def covers(demand: Demand) -> bool:
    """What `hand.sql` covers: batches, quotas, answers and distinct values are left out."""
    return isinstance(demand.cadence, Window) and demand.evidence.distinct is None


# --- what was done ---------------------------------------------------------------------------


def _counted(tables: Tables, demands: Sequence[Demand]) -> Frame:
    """How many rows each subject has in each window; a duty's windows follow one another."""
    events = pd.concat([_events(tables, each) for each in demands]).sort_values("day")
    windows = tables.given["windows"].sort_values("counts_from")
    spans = windows[[*WINDOW, "counts_from", "due_on", "judged_on"]]
    placed = pd.merge_asof(events, spans, left_on="day", right_on="counts_from", by="duty")
    within = placed[(placed.day < placed.due_on) & (placed.day <= placed.judged_on)]
    return within.groupby([*WINDOW, "subject"]).size().rename("n").reset_index()


def _events(tables: Tables, demand: Demand) -> Frame:
    proof = demand.evidence
    rows = tables.table(proof.ledger)
    if proof.where is not None:
        rows = rows[truth(parse_one(str(proof.where), dialect="duckdb"), rows)]
    found = rows[[proof.subject, proof.on]].set_axis(["subject", "day"], axis=1)
    return found.dropna().assign(duty=demand.id)


# --- who owed it -----------------------------------------------------------------------------


def _orgs(tables: Tables, demands: Sequence[Demand]) -> Frame:
    """One organisation, or the members of a group on each window's day."""
    own = [each for each in demands if each.subject == "org"]
    named = pd.DataFrame({"duty": [e.id for e in own], "alone": [e.org for e in own]})
    windows = tables.given["windows"].merge(named, on="duty")
    alone = windows[windows.alone.notna()].rename(columns={"alone": "org"})
    parts = [alone]
    for group in {each.among for each in own if each.org is None}:
        duties = [each.id for each in own if each.among == group and each.org is None]
        asked = windows[windows.duty.isin(duties)]
        parts.append(asked.merge(_members(tables, group), on="reference_on"))
    found = pd.concat(parts)
    return found.assign(subject=found.org)[[*WINDOW, "key", "needed", "subject", "org"]]


def _persons(tables: Tables, demands: Sequence[Demand]) -> Frame:
    """Duties that ask the same people are looked at together."""
    like: dict[tuple[Any, ...], list[str]] = {}
    for each in demands:
        if each.subject != "org":
            key = (each.subject, each.population, each.among, each.grace_days)
            like.setdefault(key, []).append(each.id)
    windows = tables.given["windows"]
    return pd.concat(
        [_present(tables, windows[windows.duty.isin(ids)], *key) for key, ids in like.items()]
    )


def _present(
    tables: Tables, windows: Frame, subject: str, population: str | None, group: str, grace: int
) -> Frame:
    """Who was there on the window's day, and had come long enough before its end."""
    ledger, number = PERSONS[subject]
    stays = tables.table(ledger)
    came = stays.groupby([number, "org"]).valid_from.min().rename("came").reset_index()
    if population is not None:
        stays = stays[truth(parse_one(population, dialect="duckdb"), stays)]
    days = windows[["reference_on", "due_on"]].drop_duplicates()
    stays = stays[[number, "org", "valid_from", "valid_to"]].merge(days, how="cross")
    left = stays.valid_to.isna() | (stays.valid_to > stays.reference_on)
    there = stays[(stays.valid_from <= stays.reference_on) & left]
    there = there.merge(_members(tables, group), on=["reference_on", "org"])
    if grace:
        there = there.merge(came, on=[number, "org"])
        there = there[there.came + pd.Timedelta(days=grace) <= there.due_on]
    once = there.groupby([number, "reference_on", "due_on"]).org.min().reset_index()
    found = windows.merge(once, on=["reference_on", "due_on"])
    return found.rename(columns={number: "subject"})[[*WINDOW, "key", "needed", "subject", "org"]]


def _members(tables: Tables, group: str) -> Frame:
    """(day, organisation) of a group."""
    places = tables.given["places"]
    chosen = places[(places.kind == "day") & places[group].fillna(False).astype(bool)]
    return chosen[["point_on", "org"]].rename(columns={"point_on": "reference_on"})
