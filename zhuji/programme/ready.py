"""A package made ready to run: everything that does not depend on the day, spelt out once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from weakref import WeakKeyDictionary

from sqlglot import exp

from zhuji.duties.evidence import together
from zhuji.duties.occurrences import Occurrence
from zhuji.indicators.cells import Cells
from zhuji.indicators.compile import Scan, SplitRule
from zhuji.indicators.prepare import Suite, prepare
from zhuji.indicators.sources import AtPeriod
from zhuji.ledgers.relations import RELATIONS_BY_KEY
from zhuji.plan.loaded import Loaded
from zhuji.plan.model import Plan
from zhuji.programme import members, scene
from zhuji.programme.packages import Package
from zhuji.programme.sources import sources
from zhuji.warehouse.keeping import Kept
from zhuji.warehouse.render import Statement, statement
from zhuji.warehouse.trimming import at_periods, trimmed


@dataclass
class Last:
    """What the last run made; where nothing has changed since, the next takes it over."""

    cells: Cells | None = None
    on: date | None = None
    occurrences: Mapping[str, tuple[Occurrence, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Ready:
    """The statements of one package, and what they need to find in the engine."""

    package: Package
    suite: Suite
    kept: Kept = field(default_factory=Kept)  # what the last runs found
    last: Last = field(default_factory=Last)

    def forget(self) -> None:
        """As if nothing had run yet."""
        self.kept.turn()
        self.kept.turn()
        self.last.cells = None

    @cached_property
    def scans(self) -> Mapping[str, Statement]:
        trees = self.suite.statements
        return {
            scan.key: statement(_over_relation(trees[scan.key], scan)) for scan in self.suite.scans
        }

    @cached_property
    def expectations(self) -> Statement:
        return statement(self.suite.expectations)

    @cached_property
    def schools(self) -> Statement:
        return statement(self.suite.schools)

    @cached_property
    def members(self) -> tuple[Statement, Statement]:
        """Of who stands at the point of a period, and of who closed within it."""
        groups, asked = self.package.loaded.plan.groups, self.suite.asked
        trees = (members.membership(groups, asked, closed=closed) for closed in (False, True))
        standing, gone = map(statement, trees)
        return standing, gone

    @cached_property
    def duties(self) -> tuple[Statement, ...]:
        asked = [one.asked for one in self.package.definitions]
        return tuple(statement(tree) for tree in together(asked))

    @cached_property
    def kinds(self) -> dict[str, set[str]]:
        """For each source the kinds of period at which it is asked for."""
        found: dict[str, set[str]] = {}
        for each in self.suite.scans:
            found.setdefault(each.source.key, set()).add(each.period_kind)
        return found

    @cached_property
    def keys(self) -> frozenset[str]:
        """Ledgers and relations that figures are made of, or by which duties are proved."""
        proved = {one.asked.evidence.ledger for one in self.package.definitions}
        return frozenset(proved | self.kinds.keys())


_READY: WeakKeyDictionary[Package, Ready] = WeakKeyDictionary()


def ready(package: Package) -> Ready:
    """Made at the first use of a package and kept as long as the package is."""
    made = _READY.get(package)
    if made is None:
        suite = prepare(package.loaded.plan.indicators, sources(), split_rule(package.loaded))
        made = _READY[package] = Ready(package, suite)
    return made


def split_rule(loaded: Loaded) -> SplitRule | None:
    """How shared property is split, from the plan or from a standard that it takes in."""
    plans: tuple[Plan, ...] = (loaded.plan, *loaded.standards)
    weights = next((plan.equivalents for plan in plans if plan.equivalents), None)
    return SplitRule(weights) if weights else None


def _over_relation(tree: exp.Select, scan: Scan) -> exp.Select:
    """The relation itself in the place of its name, at this kind of period and with the columns
    that are read: counted as it is made, never kept."""
    key = scan.source.key
    if key == scene.ORGS or not isinstance(scan.source.dated, AtPeriod):
        return tree
    rows = trimmed(RELATIONS_BY_KEY[key].tree, scan.reads)
    rows = at_periods(rows, [scan.period_kind])

    def in_place(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Table) and node.name == key:
            return rows.subquery(node.alias_or_name)
        return node

    made = tree.transform(in_place)
    assert isinstance(made, exp.Select)
    return made
