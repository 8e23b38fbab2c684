"""What a plan package says, as frozen objects. Nothing here computes; unknown keys are refused."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from zhuji.kernel.calendar import PeriodKind
from zhuji.kernel.comparators import Comparator
from zhuji.plan.scalars import Count, Day, Flag, Name, Number, Positive, Share, Times, Whole

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$")]
ItemId = Annotated[str, StringConstraints(pattern=r"^[A-Z]\d{1,2}$")]
PackageId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Version = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z][0-9A-Za-z.-]{0,19}$")]
Clause = Annotated[str, StringConstraints(min_length=1)]
Clauses = Annotated[tuple[Clause, ...], Field(min_length=1)]
Sql = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
ByStage = dict[Literal["kindergarten", "primary", "junior"], Sql]


class Declared(BaseModel):
    """Base of all that a package declares; where it stands in which file is known to `Loaded`."""

    model_config = ConfigDict(frozen=True, extra="forbid")


# --- goals -----------------------------------------------------------------------------------


class Threshold(Declared):
    """One value with the days it is in force and where it comes from."""

    value: Number
    stage: Literal["kindergarten", "primary", "junior"] | None = None
    since: Day | None = None
    until: Day | None = None
    source: str = ""
    verified: Flag = True


class Goal(Declared):
    """`each` says whose value is compared: the organisation's own, or every school's in it."""

    each: Literal["self", "school", "town"] = "self"
    share: Share = Decimal(1)  # of the units that must reach it, when `each` is not self
    by: Day | None = None  # the day from which it must hold; the end of the plan when empty
    standing: Flag = False  # holds from the first day: short of it is not met, not behind


class ThresholdGoal(Goal):
    form: Literal["threshold"]
    comparator: Comparator
    values: Annotated[tuple[Threshold, ...], Field(min_length=1)]


class ReferenceGoal(Goal):
    """Compared with the same indicator of a reference group in the same stage and period."""

    form: Literal["reference"]
    group: str
    test: Literal["not_below", "gap_below"]
    limit: Positive | None = None  # for gap_below: |reference - value| / reference < limit
    source: str = ""
    verified: Flag = True


class RisingGoal(Goal):
    """Each period's value above the one before."""

    form: Literal["rising"]
    strictly: Flag = True


class EstimateGoal(Goal):
    """A survey estimate: the point reaches the value, with enough answers to mean it."""

    form: Literal["estimate"]
    comparator: Comparator
    values: Annotated[tuple[Threshold, ...], Field(min_length=1)]
    confidence: Annotated[Number, Field(gt=0, lt=1)] = Decimal("0.95")
    least_n: Times = 30
    least_response: Share | None = None
    invited: Id | None = None  # the indicator that counts the invited


class CoverageGoal(Goal):
    """Everyone covered; `lacking` selects the source rows of those who are not."""

    form: Literal["coverage"]
    lacking: Sql


class ConditionalGoal(Goal):
    """Where `when` holds, the value must compare; elsewhere it does not apply."""

    form: Literal["conditional"]
    when: Id  # an indicator
    when_comparator: Comparator = Comparator.AT_LEAST
    when_value: Number
    comparator: Comparator
    values: Annotated[tuple[Threshold, ...], Field(min_length=1)]


AnyGoal = Annotated[
    ThresholdGoal | ReferenceGoal | RisingGoal | EstimateGoal | CoverageGoal | ConditionalGoal,
    Field(discriminator="form"),
]


# --- what is known ---------------------------------------------------------------------------


class Indicator(Declared):
    """A computed figure: one SQL aggregate over a source, or an expression over indicators."""

    id: Id
    label: Name
    clauses: Clauses  # the first is its place in the tree
    unit: str  # "percent", "ratio", "person", "m2/person", "yuan", "person/100 person" ...
    value: Sql | ByStage
    source: str | None = None  # a ledger or a relation; none for an expression over indicators
    where: Sql | ByStage | None = None
    period: Literal["school_year", "term", "calendar_year", "plan"] = "school_year"
    at: Literal["point", "census"] = "point"
    absent: Literal["missing", "zero"] = "missing"  # what no rows at a school means
    split: Flag = False  # rows of stage `shared` are split by equivalent pupils
    stages: tuple[Literal["kindergarten", "primary", "junior"], ...] = ()  # one indicator each
    among: str | None = None  # a group of schools; all when empty
    levels: tuple[Literal["school", "town", "county"], ...] = ("school", "town", "county")
    decimals: Annotated[Whole, Field(ge=0, le=9)] = 2
    better: Literal["higher", "lower", "none"] = "higher"
    goal: AnyGoal | None = None
    note: Name | None = None  # the formula in words, a definition chosen, a caution
    verified: Flag = True
    owner: str = ""  # role of who answers for it; the item's owner when empty


class Evidence(Declared):
    """Which rows prove a duty done."""

    ledger: str
    on: str  # the date column
    subject: str = "org"  # the column that names the subject
    where: Sql | None = None
    distinct: str | None = None  # rows with the same value count once


class Window(Declared):
    """So many times in each window."""

    form: Literal["window"]
    every: PeriodKind
    times: Times = 1


class Batches(Declared):
    """So many batches over the plan, each of a minimum length."""

    form: Literal["batches"]
    batches: Times
    batch: str  # the column that numbers the batch
    ends: str | None = None  # the column with the day after the last
    least_months: Count = 0
    least_days: Count = 0


class Quota(Declared):
    """A sum with a floor for each part and for the total, over the plan or a window."""

    form: Literal["quota"]
    every: PeriodKind = PeriodKind.PLAN
    measure: str  # the column that is summed
    total: Positive
    floors: tuple["Floor", ...] = ()


class Floor(Declared):
    label: Name
    where: Sql
    at_least: Positive


class FollowUp(Declared):
    """Each row of a ledger must be answered within so many days."""

    form: Literal["follow_up"]
    within_days: Count
    working_days: Flag = False
    answered: str  # the date column of the same row that holds the answer


AnyCadence = Annotated[Window | Batches | Quota | FollowUp, Field(discriminator="form")]


class Duty(Declared):
    """Something somebody must do so many times in a period, known done by evidence."""

    id: Id
    label: Name
    clauses: Clauses
    owner: str  # role that owes it
    subject: Literal["org", "staff", "pupil"] = "org"
    among: str  # a group of organisations
    population: Sql | None = None  # for staff (over teachers_at) and pupils (over pupils_at)
    cadence: AnyCadence
    evidence: Evidence
    starts: Day | None = None
    ends: Day | None = None
    grace_days: Count = 0  # who joined later than this before a window's end owes nothing in it
    soon_days: Count = 14
    source: str = ""
    verified: Flag = True
    note: Name | None = None


class Milestone(Declared):
    """Something done once, by a date: by one organisation, or by each of a group."""

    id: Id
    label: Name
    clauses: Clauses
    owner: str
    org: str | None = None
    among: str | None = None
    by: Day
    evidence: Evidence
    least: Times = 1  # rows, or distinct values, that must stand
    note: Name | None = None


# --- the tree --------------------------------------------------------------------------------


class Item(Declared):
    """A target, action, measure or safeguard, in our own words."""

    id: ItemId
    kind: Literal["target", "action", "measure", "safeguard"]
    parent: ItemId | None = None
    clause: Clause
    label: Name
    says: Name
    owner: str = ""
    joint: tuple[str, ...] = ()
    ledgers: tuple[str, ...] = ()  # standing registers that must exist for it
    systems: tuple[str, ...] = ()  # software that the clause itself asks for


class Group(Declared):
    """A named set of organisations: a condition over the relation `orgs_at`."""

    id: Id
    label: Name
    where: Sql


class Sum(Declared):
    """A sum the plan itself states; the checker adds the parts up."""

    id: Id
    label: Name
    clause: Clause
    unit: str
    total: Number
    parts: Annotated[tuple[Number, ...], Field(min_length=1)]
    comparator: Comparator = Comparator.EQUAL


class MoneyLine(Declared):
    id: Id
    label: Name
    clause: Clause
    org: str
    amount: Number  # yuan
    part_of: Id | None = None
    earmark: str = ""
    quantities: dict[str, Count] = {}


class Role(Declared):
    """Who answers for something in the plan; `held_by` names the posts in this system that do."""

    id: Id
    label: Name
    held_by: tuple[str, ...] = ()


class Body(Declared):
    id: Id
    label: Name
    org: str
    kind: str
    head: Name
    clause: Clause


class Pairing(Declared):
    """Two organisations that the plan itself binds together."""

    id: Id
    clause: Clause
    hierarchy: str
    lead: str
    partner: str


class Kind(Declared):
    """An open set that the plan names: kinds of activities and of documents."""

    id: Id
    ledger: Literal["activities", "documents"]
    label: Name


class NamedOrg(Declared):
    """An organisation that the plan names, with the code it bears in the county's ledgers."""

    org: str
    label: Name
    kind: str
    marks: tuple[str, ...] = ()
    town: str | None = None


class Term(Declared):
    school_year: str
    second_term: Day
    teaching: tuple[tuple[Day, Day], tuple[Day, Day]]


class CalendarData(Declared):
    terms: tuple[Term, ...] = ()
    holidays: tuple[Day, ...] = ()
    makeup_days: tuple[Day, ...] = ()
    source: str = ""
    verified: Flag = True


class Import(Declared):
    """A standard taken in; its indicators and duties hang under `under`.

    A standard that takes in another says no `under`: all hangs where the plan hung the first.
    """

    package: PackageId
    under: ItemId | None = None


class Example(Declared):
    """A worked example: rows in, values out."""

    name: str
    of: Id  # an indicator or a duty
    on: Day
    rows: dict[str, tuple[dict[str, str], ...]]
    expect: dict[str, str]  # organisation code -> value, written as text
    tolerance: Annotated[Number, Field(ge=0)] = Decimal(0)


class Plan(Declared):
    """A whole package, its imports included."""

    id: PackageId
    version: Version
    title: Name
    issuer: Name
    number: str = ""
    issued_on: Day
    starts: Day
    ends: Day
    takes_effect: Day
    amends: Version | None = None
    standard: Flag = False
    source: str = ""
    equivalents: dict[str, Decimal] = {}  # pupils of each stage, for splitting shared property
    imports: tuple[Import, ...] = ()
    roles: tuple[Role, ...] = ()
    items: tuple[Item, ...] = ()
    groups: tuple[Group, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    duties: tuple[Duty, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    sums: tuple[Sum, ...] = ()
    money: tuple[MoneyLine, ...] = ()
    bodies: tuple[Body, ...] = ()
    pairings: tuple[Pairing, ...] = ()
    kinds: tuple[Kind, ...] = ()
    orgs: tuple[NamedOrg, ...] = ()
    calendar: CalendarData = CalendarData()
    examples: tuple[Example, ...] = ()
