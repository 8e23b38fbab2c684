"""What nothing uses, and what nobody has verified: told, not refused."""

from collections.abc import Iterator

from zhuji.kernel.errors import Issue, Level
from zhuji.kernel.messages import Message, say
from zhuji.plan.formula import evidence_sql, words
from zhuji.plan.loaded import Loaded
from zhuji.plan.model import Indicator, Plan, ReferenceGoal
from zhuji.plan.rules.references import group_names, org_codes
from zhuji.plan.strict import Path
from zhuji.plan.tree import leaves


def groups_are_used(loaded: Loaded) -> Iterator[Issue]:
    used = {name for _, name in group_names(loaded.plan)}
    declared = [group.id for group in loaded.plan.groups]
    yield from _unused(loaded, "groups", declared, used)


def roles_are_used(loaded: Loaded) -> Iterator[Issue]:
    used = {leaf.owner for leaf in leaves(loaded.plan)}
    for item in loaded.plan.items:
        used |= {item.owner, *item.joint}
    yield from _unused(loaded, "roles", [role.id for role in loaded.plan.roles], used)


def kinds_are_used(loaded: Loaded) -> Iterator[Issue]:
    used: set[str] = set()
    for _, _, text in evidence_sql(loaded.plan):
        used |= words(text)
    yield from _unused(loaded, "kinds", [kind.id for kind in loaded.plan.kinds], used)


def organisations_are_used(loaded: Loaded) -> Iterator[Issue]:
    """One with marks is used by its marks, which groups select."""
    used = {code for _, code in org_codes(loaded.plan)}
    for group in loaded.plan.groups:
        used |= words(group.where)
    declared = [org.org for org in loaded.plan.orgs if not org.marks]
    yield from _unused(loaded, "orgs", declared, used)


def _unused(loaded: Loaded, section: str, declared: list[str], used: set[str]) -> Iterator[Issue]:
    if loaded.plan.standard:
        return  # a standard declares for the plans that take it in
    for name in declared:
        if name not in used and loaded.is_own(section, name):
            yield loaded.issue(
                (section, name),
                say("“{name}”声明了，但没有用到。", name=name),
                say("请删去，或检查该用它的地方有没有写错。"),
                code="unused",
                level=Level.WARNING,
            )


def unverified_things_are_listed(loaded: Loaded) -> Iterator[Issue]:
    for path, name, source in _unverified(loaded.plan):
        yield loaded.issue(
            path,
            _unverified_sentence(name, source),
            say("请对照原件核实后，把 verified 改成 true 或删去。"),
            code="unverified",
            level=Level.INFO,
        )


def _unverified_sentence(name: str, source: str) -> Message:
    if source:
        return say("“{name}”尚未对照原件核实，出处：{source}。", name=name, source=source)
    return say("“{name}”尚未对照原件核实，也没有写出处。", name=name)


def _unverified(plan: Plan) -> Iterator[tuple[Path, str, str]]:
    for indicator in plan.indicators:
        if not indicator.verified:
            yield ("indicators", indicator.id, "verified"), indicator.id, ""
        yield from _unverified_goal(indicator)
    for duty in plan.duties:
        if not duty.verified:
            yield ("duties", duty.id, "verified"), duty.id, duty.source
    if not plan.calendar.verified:
        yield ("calendar", "verified"), "calendar", plan.calendar.source


def _unverified_goal(indicator: Indicator) -> Iterator[tuple[Path, str, str]]:
    goal, root = indicator.goal, ("indicators", indicator.id, "goal")
    if isinstance(goal, ReferenceGoal) and not goal.verified:
        yield (*root, "verified"), indicator.id, goal.source
    for number, value in enumerate(getattr(goal, "values", ())):
        if not value.verified:
            yield (*root, "values", number, "verified"), indicator.id, value.source
