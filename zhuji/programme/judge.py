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
    """Everything computed for one plan, snapshot and day."""

    loaded: Loaded
    suite: Suite
    scene: scene.Scene
    cells: Cells
    owed: Mapping[str, owing.Owed]
    exempted: frozenset[tuple[str, str]]  # (organisation, indicator) with a relief in force
    snapshot: str
    invented: bool

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


def run(
    package: Package, engine: Engine, *, on: date, snapshot: str = "", invented: bool = False
) -> Run:
    made = ready(package)
    made.kept.turn()
    with uncollected():
        return _run(package, made, engine, on=on, snapshot=snapshot, invented=invented)


def _run(
    package: Package, made: Ready, engine: Engine, *, on: date, snapshot: str, invented: bool
) -> Run:
    county = scene.build(engine, package.loaded.plan, on, made)
    results = compute(engine, made, county, snapshot)
    cells = made.last.cells = Cells(made.suite, results, made.last.cells)
    return Run(
        package.loaded,
        made.suite,
        county,
        cells,
        owing.run(county, package.definitions, made),
        _exempted(engine, on),
        snapshot,
        invented,
    )


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
