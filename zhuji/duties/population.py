"""Who owes: trees over posts and enrolments, at each window's reference day."""

from collections.abc import Sequence

from sqlglot import exp

from zhuji.duties.demand import Demand, SubjectKind
from zhuji.duties.sql import Steps, column, literal, query, table, union
from zhuji.plan.conditions import columns_of, parse_condition, qualified

# What a `population` may speak of: columns of the dated ledger first, of the register second.
POPULATION_COLUMNS: dict[SubjectKind, dict[str, tuple[str, ...]]] = {
    "org": {},
    "staff": {
        "posts": ("role", "stage", "subject", "full_time_teacher", "open_hiring"),
        "staff": ("employment", "politics", "sex", "hired_on", "single_or_away"),
    },
    "pupil": {
        "enrolments": ("stage", "grade", "class_no", "boarder", "entered_by"),
        "pupils": ("sex", "hukou_town", "hukou_rural"),
    },
}
NUMBER: dict[SubjectKind, str] = {"org": "org", "staff": "staff_no", "pupil": "pupil_no"}

_ORGS = """
SELECT p.part, COALESCE(p.alone, g.org) AS org, COALESCE(p.alone, g.org) AS subject
FROM parts AS p LEFT JOIN group_days AS g ON g.grp = p.grp AND g.day = p.reference_on
WHERE p.alone IS NOT NULL OR g.org IS NOT NULL
"""
_PERSONS = """
SELECT p.part, e.org, e.subject
FROM parts AS p
JOIN places AS e ON e.valid_from <= p.reference_on
  AND (e.valid_to IS NULL OR e.valid_to > p.reference_on)
JOIN group_days AS g ON g.grp = p.grp AND g.day = p.reference_on AND g.org = e.org
"""
# Whoever came to the organisation later than the grace days before the end owes nothing.
_IN_TIME = """
SELECT o.part, o.org, o.subject
FROM present AS o
JOIN parts AS p ON p.part = o.part
JOIN arrivals AS a ON a.subject = o.subject AND a.org = o.org
  AND add_days(a.joined_on, :grace) <= p.due_on
"""
_ARRIVALS = "SELECT subject, org, MIN(valid_from) AS joined_on FROM stays GROUP BY subject, org"


def owing(demands: Sequence[Demand]) -> Steps:
    """Steps from `parts` to `owing(part, org, subject)`; who is on two rolls is there twice."""
    if demands[0].subject == "org":
        return [("owing", query(_ORGS))]
    like: dict[tuple[str, str | None, int], list[int]] = {}
    for place, demand in enumerate(demands):
        key = (demand.subject, demand.population, max(demand.grace_days, 0))
        like.setdefault(key, []).append(place)
    steps: Steps = []
    for subject in dict.fromkeys(demand.subject for demand in demands):
        steps.append((f"stays_{subject}", _stays(subject)))
        arrivals = query(_ARRIVALS, {"stays": f"stays_{subject}"})
        steps.append((f"arrivals_{subject}", arrivals))
    branches: list[exp.Select] = []
    for number, places in enumerate(like.values()):
        made = _persons(demands[places[0]], number, places)
        steps += made
        branches.append(exp.select("part", "org", "subject").from_(made[-1][0]))
    return [*steps, ("owing", union(branches))]


def _persons(demand: Demand, number: int, places: Sequence[int]) -> Steps:
    """Who owes the duties at these places, which are alike in whom they name."""
    asked = column("asked", "p").isin(*map(literal, places))
    present = query(_PERSONS, {"places": f"places_{number}"}).where(asked, copy=False)
    steps: Steps = [(f"places_{number}", _places(demand)), (f"present_{number}", present)]
    if demand.grace_days > 0:
        reads = {"present": f"present_{number}", "arrivals": f"arrivals_{demand.subject}"}
        grace = literal(demand.grace_days)
        steps.append((f"in_time_{number}", query(_IN_TIME, reads, grace=grace)))
    return steps


def _places(demand: Demand) -> exp.Select:
    """Posts or enrolments of those whom the population names; the register joins when asked."""
    if demand.population is None:
        return _stays(demand.subject)
    (_, own), (register, _) = POPULATION_COLUMNS[demand.subject].items()
    condition = parse_condition(demand.population)
    places = _stays(demand.subject).where(_sorted_out(condition, own))
    if set(columns_of(condition)) <= set(own):
        return places
    number = NUMBER[demand.subject]
    return places.join(
        table(register, "s"), on=exp.EQ(this=column(number, "s"), expression=column(number, "p"))
    )


def _stays(subject: SubjectKind) -> exp.Select:
    dated = next(iter(POPULATION_COLUMNS[subject]))
    return exp.select(
        exp.alias_(column(NUMBER[subject], "p"), "subject"),
        *(exp.alias_(column(name, "p"), name) for name in ("org", "valid_from", "valid_to")),
    ).from_(table(dated, "p"))


def _sorted_out(condition: exp.Expression, own: tuple[str, ...]) -> exp.Expression:
    """Columns of the dated ledger come from `p`, the others from the register `s`."""
    from_register = qualified(condition, "s")
    for named in from_register.find_all(exp.Column):
        if named.name in own:
            named.set("table", exp.to_identifier("p", quoted=True))
    return from_register
