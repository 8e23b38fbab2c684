"""Where a ledger is used: the indicators, duties and milestones that read it."""

from collections.abc import Iterator

from zhuji.cockpit.faces import Link, Part
from zhuji.kernel.lights import Light
from zhuji.ledgers.relations import RELATIONS_BY_KEY
from zhuji.plan.loaded import Loaded
from zhuji.plan.model import Plan

_WORDLESS = Light.NOT_APPLICABLE  # a use has no light of its own: it is not a judgement


def of(ledger: str, loaded: Loaded | None) -> tuple[Part, ...]:
    """By the plan in force; nothing where there is none."""
    return _uses(loaded).get(ledger, ()) if loaded else ()


def _uses(loaded: Loaded) -> dict[str, tuple[Part, ...]]:
    found: dict[str, list[Part]] = {}
    for one in (loaded.plan, *loaded.standards):
        for ledger, part in _parts(one):
            found.setdefault(ledger, []).append(part)
    return {ledger: tuple(dict.fromkeys(parts)) for ledger, parts in found.items()}


def _parts(plan: Plan) -> Iterator[tuple[str, Part]]:
    for indicator in plan.indicators:
        if indicator.source:
            link = Link("indicator", indicator.id)
            part = Part(indicator.id, "indicator", indicator.label, _WORDLESS, link)
            yield from ((ledger, part) for ledger in _ledgers(indicator.source))
    for kind, duties in (("duty", plan.duties), ("milestone", plan.milestones)):
        for duty in duties:
            part = Part(duty.id, kind, duty.label, _WORDLESS, Link("node", duty.id))
            yield from ((ledger, part) for ledger in _ledgers(duty.evidence.ledger))


def _ledgers(source: str) -> tuple[str, ...]:
    """A relation is read where its rows are entered: in the ledgers that it joins."""
    relation = RELATIONS_BY_KEY.get(source)
    return tuple(relation.needs) if relation else (source,)
