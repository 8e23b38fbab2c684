"""Everything hangs in the tree: clauses and parents exist, nothing turns in a circle."""

from collections.abc import Iterator

from zhuji.kernel.errors import Issue
from zhuji.kernel.messages import say
from zhuji.plan.loaded import HEADER, Loaded
from zhuji.plan.model import Indicator
from zhuji.plan.rules.coverage import item_of_clause
from zhuji.plan.rules.references import section_of, unknown
from zhuji.plan.strict import Path
from zhuji.plan.tree import leaves, place_in, variants


def clauses_exist(loaded: Loaded) -> Iterator[Issue]:
    """A standard's own clauses are another document's; only the plan's are checked."""
    plan = loaded.plan
    if plan.standard:
        return
    items = {item.id: item.id for item in plan.items}
    by_clause = {item.clause: item.id for item in plan.items}
    for path, clause in _own_clauses(loaded):
        if item_of_clause(clause, items, by_clause) is None:
            yield unknown(loaded, path, clause, items, say("条款"))


def _own_clauses(loaded: Loaded) -> Iterator[tuple[Path, str]]:
    for leaf in leaves(loaded.plan):
        section = section_of(leaf)
        if loaded.is_own(section, leaf.id):
            for number, clause in enumerate(leaf.clauses):
                yield (section, leaf.id, "clauses", number), clause
    for section in ("sums", "money", "bodies", "pairings"):
        for entry in getattr(loaded.plan, section):
            yield (section, entry.id, "clause"), entry.clause


def leaves_hang_under_items(loaded: Loaded) -> Iterator[Issue]:
    """Their first clause that is an item is their place in the tree."""
    plan = loaded.plan
    if plan.standard:
        return
    items = {item.id for item in plan.items}
    whole = items | {item.clause for item in plan.items}
    for leaf in leaves(plan):
        section = section_of(leaf)
        parts = [clause.partition(".")[0] for clause in leaf.clauses]
        if place_in(leaf.clauses, items) or not (whole & {*leaf.clauses, *parts}):
            continue  # an unknown clause is told of by `clauses_exist`
        yield loaded.issue(
            (section, leaf.id, "clauses"),
            say("“{name}”的条款里没有条目编号，放不进目录。", name=leaf.id),
            say("请在 clauses 的最前面写条目编号，例如 {example}。", example=plan.items[0].id),
            code="clause.place",
        )


def imports_hang_under_items(loaded: Loaded) -> Iterator[Issue]:
    items = {item.id for item in loaded.plan.items}
    for number, wanted in enumerate(loaded.plan.imports):
        path: Path = (HEADER, "imports", number)
        if wanted.under is not None and wanted.under not in items:
            yield unknown(loaded, (*path, "under"), wanted.under, items, say("条目"))
        if wanted.under is None and not loaded.plan.standard:
            yield loaded.issue(
                path,
                say("引用标准包“{name}”时没有写 under。", name=wanted.package),
                say("请写明它挂在哪个条目下，例如 under: T1。"),
                code="import.under",
            )


def parents_exist(loaded: Loaded) -> Iterator[Issue]:
    items = {item.id for item in loaded.plan.items}
    for item in loaded.plan.items:
        if item.parent is not None and item.parent not in items:
            path = ("items", item.id, "parent")
            yield unknown(loaded, path, item.parent, items, say("条目"))


def parents_make_no_circle(loaded: Loaded) -> Iterator[Issue]:
    parents = {item.id: item.parent for item in loaded.plan.items}
    yield from circles(loaded, "items", "parent", parents)


def circles(
    loaded: Loaded, section: str, field: str, above: dict[str, str | None]
) -> Iterator[Issue]:
    """Each circle of `above` once, at its first member."""
    settled: set[str] = set()
    for start in above:
        chain: list[str] = []
        node: str | None = start
        while node is not None and node in above and node not in settled and node not in chain:
            chain.append(node)
            node = above[node]
        if node in chain:
            circle = chain[chain.index(node) :]
            yield loaded.issue(
                (section, circle[0], field),
                say("上下级成了一圈：{circle}。", circle=" → ".join([*circle, circle[0]])),
                say("请改正其中一个的 {field}。", field=field),
                code="cycle",
            )
        settled.update(chain)


def node_ids_are_unique(loaded: Loaded) -> Iterator[Issue]:
    """Indicators (with their stages), duties and milestones share one tree, and so their ids."""
    first: dict[str, tuple[str, str]] = {}
    for leaf in leaves(loaded.plan):
        section = section_of(leaf)
        ids = [name for name, _ in variants(leaf)] if isinstance(leaf, Indicator) else []
        for name in dict.fromkeys([leaf.id, *ids]):
            before = first.setdefault(name, (section, leaf.id))
            if before != (section, leaf.id):
                yield _twice(loaded, (section, leaf.id), name, before)


def _twice(loaded: Loaded, path: Path, name: str, before: tuple[str, str]) -> Issue:
    place = loaded.place(*before)
    file, line = (place.file, place.line) if place else ("", 0)
    return loaded.issue(
        path,
        say("“{key}”重复，文件“{file}”第 {line} 行已有。", key=name, file=file, line=line),
        say("指标、责任、里程碑的编号不能相同，请改一个。"),
        code="repeated",
    )
