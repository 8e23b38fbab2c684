"""What one entry names, another declares: roles, groups, organisations, ledgers, kinds."""

from collections.abc import Collection, Iterator
from difflib import get_close_matches

from zhuji.kernel.errors import Issue
from zhuji.kernel.messages import Message, say
from zhuji.plan.formula import evidence_sql, words_for
from zhuji.plan.loaded import Loaded
from zhuji.plan.model import ConditionalGoal, EstimateGoal, Plan, ReferenceGoal
from zhuji.plan.strict import Path
from zhuji.plan.tree import Leaf, leaves, variants

_SECTIONS = {"Indicator": "indicators", "Duty": "duties", "Milestone": "milestones"}
# Ledgers whose rows are told apart by the kinds that a package declares.
_KIND_LEDGERS = ("activities", "documents")


def section_of(leaf: Leaf) -> str:
    return _SECTIONS[type(leaf).__name__]


def unknown(loaded: Loaded, path: Path, name: str, known: Collection[str], what: Message) -> Issue:
    """A name that nothing declares, with the nearest one that something does."""
    near = get_close_matches(name, sorted(known), n=1)
    proposal = (
        say("是不是想写“{near}”？", near=near[0]) if near else say("请先声明它，或改正名称。")
    )
    return loaded.issue(
        path,
        say("没有名为“{name}”的{what}。", name=name, what=what),
        proposal,
        code="reference",
    )


def roles_exist(loaded: Loaded) -> Iterator[Issue]:
    roles = {role.id for role in loaded.plan.roles}
    for path, name in _role_names(loaded.plan):
        if name and name not in roles:
            yield unknown(loaded, path, name, roles, say("角色"))


def _role_names(plan: Plan) -> Iterator[tuple[Path, str]]:
    for item in plan.items:
        yield ("items", item.id, "owner"), item.owner
        for number, name in enumerate(item.joint):
            yield ("items", item.id, "joint", number), name
    for leaf in leaves(plan):
        yield (section_of(leaf), leaf.id, "owner"), leaf.owner


def groups_exist(loaded: Loaded) -> Iterator[Issue]:
    groups = {group.id for group in loaded.plan.groups}
    for path, name in group_names(loaded.plan):
        if name not in groups:
            yield unknown(loaded, path, name, groups, say("单位组"))


def group_names(plan: Plan) -> Iterator[tuple[Path, str]]:
    for leaf in leaves(plan):
        if leaf.among is not None:
            yield (section_of(leaf), leaf.id, "among"), leaf.among
    for indicator in plan.indicators:
        if isinstance(indicator.goal, ReferenceGoal):
            yield ("indicators", indicator.id, "goal", "group"), indicator.goal.group


def organisations_exist(loaded: Loaded) -> Iterator[Issue]:
    orgs = {org.org for org in loaded.plan.orgs}
    for path, code in org_codes(loaded.plan):
        if code not in orgs:
            yield unknown(loaded, path, code, orgs, say("单位"))


def org_codes(plan: Plan) -> Iterator[tuple[Path, str]]:
    for stone in plan.milestones:
        if stone.org is not None:
            yield ("milestones", stone.id, "org"), stone.org
    for line in plan.money:
        yield ("money", line.id, "org"), line.org
    for body in plan.bodies:
        yield ("bodies", body.id, "org"), body.org
    for pairing in plan.pairings:
        yield ("pairings", pairing.id, "lead"), pairing.lead
        yield ("pairings", pairing.id, "partner"), pairing.partner
    for org in plan.orgs:
        if org.town is not None:
            yield ("orgs", org.org, "town"), org.town


def ledgers_exist(loaded: Loaded) -> Iterator[Issue]:
    """Only where the caller says which ledgers and relations there are."""
    if loaded.ledgers is None:
        return
    for path, name in _ledger_names(loaded.plan):
        if name not in loaded.ledgers:
            yield unknown(loaded, path, name, loaded.ledgers, say("台账或关系"))


def _ledger_names(plan: Plan) -> Iterator[tuple[Path, str]]:
    for item in plan.items:
        for number, name in enumerate(item.ledgers):
            yield ("items", item.id, "ledgers", number), name
    for indicator in plan.indicators:
        if indicator.source is not None:
            yield ("indicators", indicator.id, "source"), indicator.source
    for duty in plan.duties:
        yield ("duties", duty.id, "evidence", "ledger"), duty.evidence.ledger
    for stone in plan.milestones:
        yield ("milestones", stone.id, "evidence", "ledger"), stone.evidence.ledger


def kinds_exist(loaded: Loaded) -> Iterator[Issue]:
    """A kind misspelt in a condition selects nothing for ever."""
    declared = {(kind.ledger, kind.id) for kind in loaded.plan.kinds}
    for ledger, path, text in evidence_sql(loaded.plan):
        if ledger not in _KIND_LEDGERS:
            continue
        known = {kind for home, kind in declared if home == ledger}
        for word in sorted(words_for("kind", text) - known):
            yield unknown(loaded, path, word, known, say("活动或材料的种类"))


def indicators_named_by_goals_exist(loaded: Loaded) -> Iterator[Issue]:
    known = indicator_ids(loaded.plan)
    for indicator in loaded.plan.indicators:
        root: Path = ("indicators", indicator.id, "goal")
        match indicator.goal:
            case ConditionalGoal(when=name) if name not in known:
                yield unknown(loaded, (*root, "when"), name, known, say("指标"))
            case EstimateGoal(invited=str(name)) if name not in known:
                yield unknown(loaded, (*root, "invited"), name, known, say("指标"))


def examples_name_something(loaded: Loaded) -> Iterator[Issue]:
    known = indicator_ids(loaded.plan) | {duty.id for duty in loaded.plan.duties}
    for example in loaded.plan.examples:
        if example.of not in known:
            path = ("examples", example.name, "of")
            yield unknown(loaded, path, example.of, known, say("指标或责任"))


def indicator_ids(plan: Plan) -> set[str]:
    """Every id an indicator answers to: its own, and one for each of its stages."""
    ids = {indicator.id for indicator in plan.indicators}
    return ids | {name for indicator in plan.indicators for name, _ in variants(indicator)}
