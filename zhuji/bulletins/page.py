"""A judgement as one HTML page that needs nothing else: it opens, scales and prints anywhere."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from zhuji.bulletins import words
from zhuji.kernel.lights import LABELS, MARKS, PRECEDENCE, Light
from zhuji.kernel.messages import Label
from zhuji.programme.judgement import LEAVES, Item, Judgement

MOST_LACKS = 12
MOST_URGENT = 12
_WORST_FIRST = (*PRECEDENCE, Light.NOT_APPLICABLE)
_ORDER = (*reversed(PRECEDENCE), Light.NOT_APPLICABLE)
Read = Any


def html(judgement: Judgement, *, language: str, read: Read) -> str:
    """`read` turns a message into the reader's words."""
    return render_to_string(
        "bulletins/judgement.html",
        {
            "judgement": judgement,
            "language": language,
            "title": judgement.title.get(language),
            "on": date_format(judgement.on, "DATE_FORMAT"),
            "count_heads": [_shown_light(light, language) for light in _ORDER],
            "counts": list(_counts(judgement)),
            "note": read(judgement.not_started) if judgement.not_started else "",
            "urgent": list(_urgent(judgement, language)),
            "sections": list(_sections(judgement, language, read)),
        },
    )


def _counts(judgement: Judgement) -> Iterator[dict[str, object]]:
    blocks = (
        (_("目标"), ("target",)),
        (_("措施与保障"), ("measure", "safeguard")),
        (_("指标、任务与节点"), LEAVES),
    )
    for title, kinds in blocks:
        counts = judgement.count(*kinds)
        tiles = [{"light": light, "count": counts[light]} for light in _ORDER]
        yield {"title": title, "tiles": tiles}


def _urgent(judgement: Judgement, language: str) -> Iterator[dict[str, object]]:
    """What is not met, by name, with the first reason below it: where an official looks first."""
    late = (item for item in judgement.items if item.kind not in LEAVES)
    shown = [item for item in late if item.light is Light.NOT_MET and item.kind != "action"]
    for item in shown[:MOST_URGENT]:
        parts = judgement.children(item.id)
        first = next((part for part in parts if part.light is Light.NOT_MET), None)
        because = f"{first.label.get(language)} {words.value(first, language)}" if first else ""
        yield {**_shown(item, language), "because": because}


def _sections(judgement: Judgement, language: str, read: Read) -> Iterator[dict[str, object]]:
    tops = judgement.children(None)
    targets = [item for item in tops if item.kind == "target"]
    actions = [item for item in tops if item.kind == "action"]
    guards = [item for item in tops if item.kind == "safeguard"]

    def nodes(items: Iterable[Item]) -> list[dict[str, object]]:
        return [_node(judgement, item, language, read) for item in items]

    yield {"title": _("任务目标"), "groups": [{"nodes": nodes(targets)}]}
    yield {
        "title": _("推进措施"),
        "groups": [
            {
                "title": f"{action.id} {action.label.get(language)}",
                "nodes": nodes(
                    child for child in judgement.children(action.id) if child.kind == "measure"
                ),
            }
            for action in actions
        ],
    }
    yield {"title": _("保障措施"), "groups": [{"nodes": nodes(guards)}]}


def _node(judgement: Judgement, item: Item, language: str, read: Read) -> dict[str, object]:
    return {
        **_shown(item, language),
        "rows": [_row(child, language, read) for child in _worst_first(judgement, item)],
    }


def _worst_first(judgement: Judgement, item: Item) -> list[Item]:
    return sorted(judgement.children(item.id), key=lambda child: _WORST_FIRST.index(child.light))


def _shown(item: Item, language: str) -> dict[str, object]:
    return {
        "id": item.id,
        "clause": item.clause,
        "owner": item.owner.get(language),
        "light_label": LABELS[item.light].get(language),
        **_shown_light(item.light, language),
        "label": item.label.get(language),
    }


def _shown_light(light: Light, language: str) -> dict[str, str]:
    return {"light": light.value, "mark": MARKS[light], "label": LABELS[light].get(language)}


def _row(item: Item, language: str, read: Read) -> dict[str, object]:
    hidden = len(item.missing) - MOST_LACKS
    return {
        **_shown(item, language),
        "kind": words.KINDS[item.kind].get(language),
        "verified": item.verified,
        "reason": read(item.reason) if item.reason else "",
        "value": words.value(item, language),
        "goal": _goal(item.goal, language),
        "n": item.n if item.n is not None else "",
        "as_of": item.as_of.isoformat() if item.as_of else "",
        "missing": [
            f"{lack.org_name} {read(lack.what)}".strip() for lack in item.missing[:MOST_LACKS]
        ],
        "more": _("另有 {count} 项，见 JSON 或表格").format(count=hidden) if hidden > 0 else "",
    }


def _goal(goal: Label | None, language: str) -> str:
    return goal.get(language) if goal else "—"
