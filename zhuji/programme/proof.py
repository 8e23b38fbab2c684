"""A package proved: its text, its formulas against the ledgers, and every worked example run."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from zhuji.duties.check import check as check_duty
from zhuji.indicators.check import check as check_indicators
from zhuji.indicators.check import operands
from zhuji.indicators.expand import expand
from zhuji.kernel.digits import number
from zhuji.kernel.errors import DomainError, Issue
from zhuji.kernel.lights import LABELS, Light
from zhuji.kernel.messages import Label, Message, say
from zhuji.kernel.values import Present
from zhuji.ledgers import queries
from zhuji.ledgers.relations import schema
from zhuji.plan.check import check, sound
from zhuji.plan.loaded import Loaded
from zhuji.plan.model import (
    ConditionalGoal,
    EstimateGoal,
    Example,
    Indicator,
    Plan,
    ReferenceGoal,
)
from zhuji.programme import judge
from zhuji.programme.packages import alone
from zhuji.programme.sources import sources
from zhuji.warehouse.engine import Given, engine_from_rows

ById = Mapping[str, Indicator]


@dataclass(frozen=True)
class Proof:
    issues: tuple[Issue, ...]
    counts: tuple[tuple[Label, int], ...]
    clauses: int
    examples: int


def prove(loaded: Loaded) -> Proof:
    """Examples run only where the text is sound: a broken formula has no value to compare."""
    found = [*findings(loaded)]
    if sound(found):
        by_id = {one.id: one for one in expand(loaded.plan.indicators)}
        found += [
            issue for example in _own_examples(loaded) for issue in _wrong(loaded, by_id, example)
        ]
    plan = loaded.plan
    return Proof(tuple(found), _counts(loaded), len(plan.items), len(_own_examples(loaded)))


def findings(loaded: Loaded) -> tuple[Issue, ...]:
    """What is wrong with its text and its formulas; no example is run."""
    known = sources()
    found = [*loaded.issues, *check(loaded, known_ledgers=known.keys())]
    if sound(found):
        found += _placed(loaded, check_indicators(expand(loaded.plan.indicators), known))
        found += _owed(loaded)
    return tuple(found)


def _counts(loaded: Loaded) -> tuple[tuple[Label, int], ...]:
    plan = loaded.plan
    kinds = {kind: sum(item.kind == kind for item in plan.items) for kind in
             ("target", "action", "measure", "safeguard")}  # fmt: skip
    expanded = expand(plan.indicators)
    judged = sum(indicator.goal is not None for indicator in expanded)
    return (
        (Label("目标", "Targets"), kinds["target"]),
        (Label("行动", "Actions"), kinds["action"]),
        (Label("措施", "Measures"), kinds["measure"]),
        (Label("保障", "Safeguards"), kinds["safeguard"]),
        (Label("有要求的指标", "Indicators with a goal"), judged),
        (Label("基础指标", "Building blocks and information"), len(expanded) - judged),
        (Label("任务", "Duties"), len(plan.duties)),
        (Label("节点", "Milestones"), len(plan.milestones)),
        (Label("合计关系", "Sums"), len(plan.sums)),
        (Label("算例", "Worked examples"), len(_own_examples(loaded))),
    )


def _own_examples(loaded: Loaded) -> list[Example]:
    """Those of a standard are dated in its own span: they run when the standard is checked."""
    return [one for one in loaded.plan.examples if loaded.is_own("examples", one.name)]


def _placed(loaded: Loaded, issues: Iterable[Issue]) -> Iterator[Issue]:
    """The same findings with the file and line of the indicator that they are about."""
    for issue in issues:
        named = str(issue.message.params.get("id", ""))
        home = named if loaded.place("indicators", named) else named.rpartition(".")[0]
        if not home or issue.file:
            yield issue
            continue
        path = ("indicators", home, *(issue.column or "").split("."))
        yield loaded.issue(path, issue.message, issue.proposal, code=issue.code)


def _owed(loaded: Loaded) -> Iterator[Issue]:
    """Duties and milestones against the columns of the ledgers that prove them."""
    tables = {
        key: {name: kind for name, (kind, _) in typed.items()} for key, typed in schema().items()
    }
    for section, asked in (("duties", loaded.plan.duties), ("milestones", loaded.plan.milestones)):
        for one in asked:
            for issue in check_duty(one, tables):
                yield loaded.issue(
                    (section, one.id), issue.message, issue.proposal, code=issue.code
                )


# --- worked examples -------------------------------------------------------------------------


def _wrong(loaded: Loaded, by_id: ById, example: Example) -> Iterator[Issue]:
    """Where a worked example does not come out as written."""
    path = ("examples", example.name)
    try:
        found = _outcome(loaded, by_id, example)
    except DomainError as refusal:
        message = say("算例“{name}”不能计算：{why}", name=example.name, why=refusal.message)
        yield loaded.issue(path, message, code="example.fails")
        return
    for org, expected in example.expect.items():
        problem = _compare(found.get(org), expected, example.tolerance)
        if problem is not None:
            message = say(
                "算例“{name}”的 {org}：应为{expected}，{problem}",
                name=example.name, org=org, problem=problem,
                expected=f" {expected}" if expected else say("没有数值"),
            )  # fmt: skip
            yield loaded.issue(path, message, code="example.differs")


def _outcome(loaded: Loaded, by_id: ById, example: Example) -> dict[str, object]:
    plan = loaded.plan.model_copy(update=_only(loaded.plan, by_id, example.of))
    given: Given = {
        name: (columns := sorted({key for row in rows for key in row}),
               [[row.get(column) for column in columns] for row in rows])
        for name, rows in example.rows.items()
    }  # fmt: skip
    part = Loaded(plan, loaded.positions, standards=loaded.standards)
    with engine_from_rows(given, queries.warehouse_tables()) as engine:
        run = judge.run(alone(part), engine, on=example.on)
        return {org: _value(run, example.of, org) for org in example.expect}


def _value(run: judge.Run, of: str, org: str) -> object:
    if of in run.owed:
        verdict = run.owed[of].verdicts.get(org)
        return None if verdict is None else verdict.light
    figure = run.figures.figure(of, org)
    cell = figure.cell
    return cell.value.value if cell is not None and isinstance(cell.value, Present) else None


def _compare(found: object, expected: str, tolerance: Decimal) -> Message | None:
    if found is None:
        return None if expected == "" else say("没有算出数值")
    if expected == "":
        return say("却算出 {found}", found=found)
    if isinstance(found, Light):
        return None if found == expected else say("判定是 {found}", found=LABELS[found])
    assert isinstance(found, int | float | Decimal | Fraction)
    exact = found if isinstance(found, float) else Fraction(found)
    wanted = Fraction(number(expected))
    if abs(Fraction(exact) - wanted) <= Fraction(tolerance):
        return None
    return say("算出 {found}", found=float(exact))


def _only(plan: Plan, by_id: ById, of: str) -> dict[str, object]:
    """The part of the plan that an example is about, with what it is computed from."""
    wanted = _with_operands(plan, by_id, of)
    indicators = tuple(one for one in plan.indicators if one.id in wanted)
    duties = tuple(one for one in plan.duties if one.id == of)
    milestones = tuple(one for one in plan.milestones if one.id == of)
    groups = {one.among for one in indicators} | {one.among for one in duties}
    groups |= {one.among for one in milestones}
    groups |= {one.goal.group for one in indicators if isinstance(one.goal, ReferenceGoal)}
    return {
        "indicators": indicators,
        "duties": duties,
        "milestones": milestones,
        "groups": tuple(group for group in plan.groups if group.id in groups),
        "examples": (),
    }


def _with_operands(plan: Plan, by_id: ById, of: str) -> set[str]:
    """Ids as declared, before expansion by stage."""
    home = {one.id: one.id for one in plan.indicators}
    home |= {key: key.rpartition(".")[0] for key in by_id if key not in home}
    open_keys = [key for key in by_id if key == of or home[key] == of]
    found: set[str] = set()
    while open_keys:
        key = open_keys.pop()
        if key not in found:
            found.add(key)
            open_keys += _named(by_id[key])
    return {home[key] for key in found}


def _named(indicator: Indicator) -> list[str]:
    found = list(operands(indicator)) if indicator.source is None else []
    if isinstance(indicator.goal, ConditionalGoal):
        found.append(indicator.goal.when)
    if isinstance(indicator.goal, EstimateGoal) and indicator.goal.invited:
        found.append(indicator.goal.invited)
    return found
