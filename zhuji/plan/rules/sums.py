"""The sums that a plan states are added up, exactly."""

from collections.abc import Iterator
from decimal import Decimal

from zhuji.kernel.comparators import holds
from zhuji.kernel.errors import Issue, Level
from zhuji.kernel.messages import say
from zhuji.plan.loaded import Loaded
from zhuji.plan.model import MoneyLine, Quota
from zhuji.plan.rules.hanging import circles
from zhuji.plan.rules.references import unknown


def sums_reconcile(loaded: Loaded) -> Iterator[Issue]:
    for stated in loaded.plan.sums:
        added = sum(stated.parts, Decimal(0))
        if not holds(stated.comparator, added, stated.total):
            yield loaded.issue(
                ("sums", stated.id, "total"),
                say(
                    "“{label}”对不上：{parts} = {added}，应{comparator} {total}。",
                    label=stated.label,
                    parts=" + ".join(str(part) for part in stated.parts),
                    added=added,
                    comparator=stated.comparator.label,
                    total=stated.total,
                ),
                say("请核对规划原文，改正合计或分项。"),
                code="sum",
            )


def money_parts_add_up(loaded: Loaded) -> Iterator[Issue]:
    lines = {line.id: line for line in loaded.plan.money}
    parts: dict[str, list[MoneyLine]] = {}
    for line in loaded.plan.money:
        if line.part_of is None:
            continue
        if line.part_of not in lines:
            path = ("money", line.id, "part_of")
            yield unknown(loaded, path, line.part_of, lines, say("经费"))
        parts.setdefault(line.part_of, []).append(line)
    for whole_id, members in parts.items():
        added = sum((line.amount for line in members), Decimal(0))
        whole = lines.get(whole_id)
        if whole is not None and added != whole.amount:
            yield _short(loaded, whole, members, added)


def _short(loaded: Loaded, whole: MoneyLine, members: list[MoneyLine], added: Decimal) -> Issue:
    return loaded.issue(
        ("money", whole.id, "amount"),
        say(
            "经费“{label}”是 {amount} 元，分项合计 {added} 元（{parts}）。",
            label=whole.label,
            amount=whole.amount,
            added=added,
            parts=[line.id for line in members],
        ),
        say("请核对规划原文，改正总数或分项。"),
        code="money.sum",
    )


def money_makes_no_circle(loaded: Loaded) -> Iterator[Issue]:
    above = {line.id: line.part_of for line in loaded.plan.money}
    yield from circles(loaded, "money", "part_of", above)


def floors_fit_in_quotas(loaded: Loaded) -> Iterator[Issue]:
    """Floors that add up to more than the total make the total say nothing."""
    for duty in loaded.plan.duties:
        if not isinstance(duty.cadence, Quota):
            continue
        added = sum((floor.at_least for floor in duty.cadence.floors), Decimal(0))
        if added > duty.cadence.total:
            yield loaded.issue(
                ("duties", duty.id, "cadence", "total"),
                say(
                    "“{label}”各项下限合计 {added}，超过总量 {total}，总量就不起作用了。",
                    label=duty.label,
                    added=added,
                    total=duty.cadence.total,
                ),
                say("请核对规划原文，改正总量或下限。"),
                code="quota.floors",
                level=Level.WARNING,
            )
