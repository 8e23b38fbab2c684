"""Another county, all invented: its ledgers row by row, and its plan judged over them."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path

from zhuji.kernel.lights import Light
from zhuji.ledgers import queries
from zhuji.plan.load import load
from zhuji.plan.loaded import Loaded
from zhuji.programme import judge
from zhuji.programme.judge import Run
from zhuji.programme.judgement import Item
from zhuji.programme.packages import Package, alone
from zhuji.warehouse.engine import Given, engine_from_rows

PLANS = Path(__file__).parent / "plans"
COUNTY, OFFICE = "990300", "990300000"
STONE, SAND = "990300101", "990300102"  # towns
FIRST, VILLAGE, NINE = "2199030001", "2199030002", "2199030003"  # schools
JUNE = date(2025, 6, 30)

Row = Mapping[str, object]
Rows = dict[str, list[Row]]


@cache
def plan() -> Loaded:
    return load(PLANS / "yunxi-2025", PLANS / "standards")


@cache
def package() -> Package:
    """The same one each time: what is made ready for it once serves every test."""
    return alone(plan())


def pupils(org: str, stage: str, count: int, **more: object) -> list[Row]:
    common = {"org": org, "stage": stage, "grade": 3, "class_no": 1, "valid_from": "2023-09-01"}
    return [{**common, "pupil_no": f"{org}{stage}{no}", **more} for no in range(count)]


def premises(org: str, year: int, stage: str, books: int, **more: object) -> Row:
    common = {"org": org, "stage": stage, "counted_on": f"{year}-03-01", "dangerous": False}
    return {**common, "books": books, **more}


def activity(org: str, kind: str, day: str) -> Row:
    return {"org": org, "activity_no": f"{kind}{org}{day}", "kind": kind, "held_on": day}


def survey(org: str, answered: int, positive: int) -> Row:
    common = {"survey_no": "D1", "held_on": "2025-05-10", "respondents": "parents"}
    return {**common, "org": org, "question": "satisfaction", "answered": answered,
            "invited": answered, "positive": positive}  # fmt: skip


def county() -> Rows:
    """Three schools in two towns; every number is chosen so that it can be done by heart."""
    since = {"valid_from": "2000-01-01"}
    names = {
        COUNTY: ("云溪县", "county", None),
        OFFICE: ("云溪县教育局", "office", None),
        STONE: ("青石镇", "town", None),
        SAND: ("白沙镇", "town", None),
        FIRST: ("青石小学", "school", "town"),
        VILLAGE: ("青石村小学", "school", "village"),
        NINE: ("白沙九年一贯制学校", "school", "town"),
    }
    parents = {
        OFFICE: COUNTY,
        STONE: COUNTY,
        SAND: COUNTY,
        FIRST: STONE,
        VILLAGE: STONE,
        NINE: SAND,
    }
    quarters = ("2025-02-20", "2025-05-20")
    return {
        "orgs": [
            {"org": org, "name": name, "kind": kind, "residence": residence, **since}
            for org, (name, kind, residence) in names.items()
        ],
        "org_edges": [
            {"org": org, "hierarchy": "administration", "parent": parent, **since}
            for org, parent in parents.items()
        ],
        "enrolments": [
            *pupils(FIRST, "primary", 10),
            *pupils(VILLAGE, "primary", 5),
            *pupils(NINE, "primary", 10),
            *pupils(NINE, "junior", 10),
        ],
        "special_pupils": [
            {"org": FIRST, "pupil_no": f"{FIRST}primary{no}", "category": "disabled",
             "valid_from": "2023-09-01"}
            for no in range(2)
        ],
        "premises": [
            premises(FIRST, 2025, "primary", 150, new_books=12, computers=2),
            premises(VILLAGE, 2025, "primary", 40, new_books=3, computers=1),
            premises(NINE, 2025, "shared", 300, new_books=20, computers=4),
        ],
        "survey_results": [survey(FIRST, 20, 19), survey(VILLAGE, 10, 10), survey(NINE, 20, 20)],
        "activities": [
            *(activity(org, "reading_day", day) for org in (FIRST, NINE) for day in quarters),
            activity(VILLAGE, "reading_day", "2025-02-21"),
            activity(STONE, "town_review", "2025-03-10"),
            activity(STONE, "town_review", "2025-06-10"),
        ],
        "documents": [
            {"org": OFFICE, "kind": "scheme", "title": "实施方案", "valid_from": "2025-03-15"}
        ],
    }  # fmt: skip


def second_year(rows: Rows) -> Rows:
    """The counts of 2026: the village school adds more books, the nine-year school no more."""
    more = [
        premises(FIRST, 2026, "primary", 150, new_books=15, computers=2),
        premises(VILLAGE, 2026, "primary", 45, new_books=5, computers=1),
        premises(NINE, 2026, "shared", 300, new_books=20, computers=4),
    ]
    return {**rows, "premises": [*rows["premises"], *more]}


def given(rows: Mapping[str, Sequence[Row]]) -> Given:
    """Rows as the engine takes them; a column that a row does not name is empty."""
    found = {}
    for name, each in rows.items():
        columns = sorted({key for row in each for key in row})
        found[name] = (columns, [[row.get(column) for column in columns] for row in each])
    return found


def finding(org: str, day: str, *, violation: bool) -> Row:
    return {"org": org, "finding_no": f"{org}{day}", "kind": "fees", "found_on": day,
            "violation": violation}  # fmt: skip


@contextmanager
def judged(rows: Rows, on: date = JUNE) -> Iterator[Run]:
    with engine_from_rows(given(rows), queries.warehouse_tables()) as engine:
        yield judge.run(package(), engine, on=on)


def lights(run: Run, org: str) -> dict[str, Light]:
    return {item.id: item.light for item in run.judgement(org).items}


def item(run: Run, org: str, key: str) -> Item:
    found = run.judgement(org).item(key)
    assert found is not None
    return found
