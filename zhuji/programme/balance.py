"""The resources of each school beside the rule that asks for so many of several standards."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from sqlglot import exp

from zhuji.indicators.check import operands
from zhuji.indicators.expand import as_id, stage_of
from zhuji.indicators.several import Line, SeveralOf, several_of
from zhuji.kernel.values import NotApplicable, Present, Value
from zhuji.programme.judge import Run
from zhuji.programme.wire import Json, Packed, pack, plain, unpack, whole

ITEM = "@balance"  # no indicator is called so


@dataclass(frozen=True, slots=True)
class KeptLine:
    """One resource: the indicator judged, its coefficient between schools, its parts and bounds."""

    resource: str
    coefficient: str
    amount: str
    weight: str
    standard: Fraction
    floor: Fraction | None


@dataclass(frozen=True)
class KeptBalance:
    """One rule in one stage; of each school how many it has to serve, and its amounts in the
    order of the lines."""

    stage: str
    verdict: str
    least: int
    lines: tuple[KeptLine, ...]
    schools: Mapping[str, tuple[Fraction | None, tuple[Fraction | None, ...]]]


def gather(run: Run) -> tuple[KeptBalance, ...]:
    found = ((key, several_of(one)) for key, one in run.figures.indicators.items())
    return tuple(_balance(run, key, rule) for key, rule in found if rule is not None)


def write(kept: tuple[KeptBalance, ...]) -> bytes:
    return pack(
        [
            plain((
                one.stage, one.verdict, one.least,
                tuple((line.resource, line.coefficient, line.amount, line.weight, line.standard,
                       line.floor) for line in one.lines),
                tuple((org, weight, amounts) for org, (weight, amounts) in one.schools.items()),
            ))
            for one in kept
        ]
    )  # fmt: skip


def read(kept: Packed) -> tuple[KeptBalance, ...]:
    return tuple(_read(one) for one in unpack(kept))


def _read(kept: Json) -> KeptBalance:
    stage, verdict, least, lines, schools = whole(kept)
    return KeptBalance(
        stage, verdict, least, tuple(KeptLine(*line) for line in lines),
        {org: (weight, amounts) for org, weight, amounts in schools},
    )  # fmt: skip


def _balance(run: Run, key: str, rule: SeveralOf) -> KeptBalance:
    indicator = run.figures.indicators[key]
    history, county = run.figures.history(key), run.scene.county
    lines = tuple(_line(run, line) for line in rule.lines)
    schools: dict[str, tuple[Fraction | None, tuple[Fraction | None, ...]]] = {}
    if history and county:
        period = history[-1]
        for org in run.cells.schools(period.kind, period.key, county, indicator.among or "*"):
            weight = run.cells.cell(lines[0].weight, org, period.key).value
            if isinstance(weight, NotApplicable) or not _serves(weight):
                continue  # nobody of this stage is there
            amounts = tuple(_amount(run, line.amount, org, period.key) for line in lines)
            schools[org] = (_amount(run, lines[0].weight, org, period.key), amounts)
    return KeptBalance(stage_of(indicator), key, rule.least, lines, schools)


def _line(run: Run, line: Line) -> KeptLine:
    known = run.figures.indicators
    pair = {line.amount, line.weight}
    resource = (
        key for key, one in known.items()
        if one.source is None and one.goal is not None and set(operands(one)) == pair
        and not run.suite.prepared[key].dispersions
    )  # fmt: skip
    spread = (key for key in known if (line.amount, line.weight) in _coefficients(run, key))
    return KeptLine(
        next(resource, ""), next(spread, ""), line.amount, line.weight, line.standard, line.floor
    )


def _coefficients(run: Run, key: str) -> Iterator[tuple[str, str]]:
    prepared = run.suite.prepared[key]
    if prepared.indicator.goal is not None and len(prepared.dispersions) == 1:
        one = prepared.dispersions[0]
        names = [as_id(each.name) for each in one.arguments if isinstance(each, exp.Column)]
        if one.function == "DIFFERENCE_COEFFICIENT" and len(names) == 2:
            yield names[0], names[1]


def _serves(weight: Value) -> bool:
    return not isinstance(weight, Present) or weight.value > 0


def _amount(run: Run, key: str, org: str, period: str) -> Fraction | None:
    found = run.cells.cell(key, org, period).value
    return Fraction(found.value) if isinstance(found, Present) else None
