"""The plan judged over a snapshot: figures and duties at once, then any organisation's lights."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlglot import exp

from zhuji.indicators.cells import Cells, Results
from zhuji.indicators.prepare import Suite
from zhuji.kernel.collecting import uncollected
from zhuji.kernel.errors import NotFound, Refused
from zhuji.kernel.messages import say
from zhuji.plan.loaded import Loaded
from zhuji.programme import figures, items, owing, scene, snapshots
from zhuji.programme.judgement import Judgement
from zhuji.programme.packages import Package
from zhuji.programme.ready import Ready, ready
from zhuji.warehouse.engine import Engine


@dataclass(frozen=True)
class Run:
    """One plan over one snapshot on one day. What was not computed yet is when it is asked for,
    as long as the engine is open; `run` computes everything at once."""

    package: Package
    made: Ready
    scene: scene.Scene
    snapshot: str
    invented: bool

    @property
    def loaded(self) -> Loaded:
        return self.package.loaded

    @property
    def suite(self) -> Suite:
        return self.made.suite

    @cached_property
    def cells(self) -> Cells:
        results = compute(self.scene.engine, self.made, self.scene, self.snapshot)
        self.made.last.cells = Cells(self.suite, results, self.made.last.cells)
        return self.made.last.cells

    @cached_property
    def owed(self) -> Mapping[str, owing.Owed]:
        return owing.run(self.scene, self.package.definitions, self.made)

    @cached_property
    def exempted(self) -> frozenset[tuple[str, str]]:
        """(organisation, indicator) with a relief in force."""
        return _exempted(self.scene.engine, self.scene.on)

    @cached_property
    def figures(self) -> figures.Figures:
        return figures.Figures(self.suite, self.scene, self.cells, self.exempted)

    @cached_property
    def _outline(self) -> items.Outline:
        return items.outline(self.loaded, self.figures)

    def judgement(self, org: str | None = None) -> Judgement:
        """The lights of one organisation; of the county when none is named."""
        code, plan = self.find(org), self.loaded.plan
        if self.scene.on < plan.starts:
            found = items.before(self._outline, self.figures, plan.starts)
        else:
            with uncollected():
                found = items.of(self._outline, self.figures, self.scene, self.owed, code)
        return Judgement(
            plan=plan.id,
            version=plan.version,
            title=plan.title,
            on=self.scene.on,
            org=code,
            org_name=self.scene.name(code),
            snapshot=self.snapshot,
            invented=self.invented,
            items=found,
            issues=self.scene.issues,
            starts=plan.starts,
        )

    def find(self, org: str | None) -> str:
        """An organisation by its code or its name."""
        if org is None:
            if self.scene.county is None:
                raise Refused(say("快照里没有机构；请先导入机构台账，再建快照。"))
            return self.scene.county
        if org in self.scene.above:
            return org
        named = [code for code in self.scene.above if self.scene.name(code) == org]
        if len(named) == 1:
            return named[0]
        if named:
            raise NotFound(
                say("有 {count} 个机构名为“{org}”：{codes}；请用代码。", count=len(named), org=org,
                    codes=named)
            )  # fmt: skip
        raise NotFound(say("{on} 没有代码或名称为“{org}”的机构。", org=org, on=self.scene.on))


@contextmanager
def running(
    package: Package, *, on: date, snapshot: str | None = None, invented: bool = False
) -> Iterator[Run]:
    """A run over a snapshot, the newest unless one is named; the engine stays open inside."""
    manifest = snapshots.chosen(snapshot)
    with snapshots.opened(manifest) as engine:
        yield run(package, engine, on=on, snapshot=manifest.id, invented=invented)


@contextmanager
def standing(package: Package, *, on: date, snapshot: str) -> Iterator[Run]:
    """A run of which nothing is computed before it is asked for: for a look at single rows."""
    manifest = snapshots.chosen(snapshot)
    with snapshots.opened(manifest) as engine, uncollected():
        yield _begun(package, engine, on=on, snapshot=manifest.id)


def run(
    package: Package, engine: Engine, *, on: date, snapshot: str = "", invented: bool = False
) -> Run:
    with uncollected():
        begun = _begun(package, engine, on=on, snapshot=snapshot, invented=invented)
        begun.cells, begun.owed, begun.exempted  # noqa: B018  # while the engine is open
        return begun


def _begun(
    package: Package, engine: Engine, *, on: date, snapshot: str, invented: bool = False
) -> Run:
    made = ready(package)
    made.kept.turn()
    county = scene.build(engine, package.loaded.plan, on, made)
    return Run(package, made, county, snapshot, invented)


def compute(engine: Engine, made: Ready, county: scene.Scene, snapshot: str) -> Results:
    """One statement for each source; all organisations, stages, groups and periods at once."""
    expectations, schools, *scans = engine.run_all(
        [made.expectations, made.schools, *made.scans.values()], made.kept
    )
    return Results(
        scans=dict(zip(made.scans, scans, strict=True)),
        expectations=expectations,
        schools=schools,
        periods=county.periods,
        snapshot=snapshot,
    )


def _exempted(engine: Engine, on: date) -> frozenset[tuple[str, str]]:
    day = exp.cast(exp.Literal.string(on.isoformat()), "date")
    tree = exp.select("org", "item").from_("exemptions")
    tree = tree.where(exp.column("valid_from") <= day, exp.column("valid_to") > day)
    return frozenset(engine.run(tree))
