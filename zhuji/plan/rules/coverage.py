"""No clause is left without something by which it can be known."""

from collections.abc import Iterator

from zhuji.kernel.errors import Issue, Level
from zhuji.kernel.messages import say
from zhuji.plan.loaded import Loaded
from zhuji.plan.model import Item, Plan
from zhuji.plan.tree import leaves


def every_item_can_be_known(loaded: Loaded) -> Iterator[Issue]:
    """Targets, measures and safeguards need an indicator, duty, milestone or ledger."""
    reached = reached_items(loaded.plan)
    for item in loaded.plan.items:
        if item.kind == "action" or item.id in reached or _has_ledger(loaded, item):
            continue
        if item.systems:
            yield _only_systems(loaded, item)
        else:
            yield loaded.issue(
                ("items", item.id),
                say(
                    "条款 {item}“{label}”没有办法知道办没办成。",
                    item=item.id,
                    label=item.label,
                ),
                say("请为它写一个指标、责任或里程碑，或者写明它的台账。"),
                code="coverage.item",
            )


def every_action_has_something_below(loaded: Loaded) -> Iterator[Issue]:
    """A heading that gathers nothing is a clause left out."""
    parents = {item.parent for item in loaded.plan.items} | reached_items(loaded.plan)
    for item in loaded.plan.items:
        if item.kind == "action" and item.id not in parents:
            yield loaded.issue(
                ("items", item.id),
                say("行动 {item}“{label}”下面什么也没有。", item=item.id, label=item.label),
                say("请把它的措施的 parent 写成 {item}。", item=item.id),
                code="coverage.action",
            )


def reached_items(plan: Plan) -> set[str]:
    """Items that some clause of an indicator, duty or milestone speaks of."""
    items = {item.id: item.id for item in plan.items}
    by_clause = {item.clause: item.id for item in plan.items}
    return {
        found
        for leaf in leaves(plan)
        for clause in leaf.clauses
        if (found := item_of_clause(clause, items, by_clause)) is not None
    }


def item_of_clause(clause: str, items: dict[str, str], by_clause: dict[str, str]) -> str | None:
    """An item's id, its clause in the plan's own numbering, or a part of it: M9.2."""
    head = clause.partition(".")[0]
    return items.get(clause) or by_clause.get(clause) or items.get(head)


def _has_ledger(loaded: Loaded, item: Item) -> bool:
    known = loaded.ledgers
    return any(known is None or ledger in known for ledger in item.ledgers)


def _only_systems(loaded: Loaded, item: Item) -> Issue:
    return loaded.issue(
        ("items", item.id),
        say(
            "条款 {item}“{label}”只写了系统（{systems}），没有指标、责任、里程碑或台账。",
            item=item.id,
            label=item.label,
            systems=item.systems,
        ),
        say("建议写一个能看出系统在用的指标。"),
        code="coverage.systems",
        level=Level.WARNING,
    )
