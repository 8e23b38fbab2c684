"""How figures are written for people: units, numbers, lights, in the reader's language."""

from decimal import Decimal

from zhuji.kernel.messages import Label
from zhuji.kernel.money import format_money
from zhuji.programme.judgement import Item

KINDS = {
    "target": Label("目标", "Target"),
    "action": Label("行动", "Action"),
    "measure": Label("措施", "Measure"),
    "safeguard": Label("保障", "Safeguard"),
    "indicator": Label("指标", "Indicator"),
    "duty": Label("任务", "Duty"),
    "milestone": Label("节点", "Milestone"),
}

UNITS = {
    "person": Label("人", "persons"),
    "pupil": Label("人", "pupils"),
    "m2": Label("㎡", "m²"),
    "yuan": Label("元", "yuan"),
    "book": Label("册", "books"),
    "room": Label("间", "rooms"),
    "computer": Label("台", "computers"),
    "device": Label("台", "devices"),
    "item": Label("件", "items"),
    "mbps": Label("Mbps", "Mbps"),
    "hour": Label("学时", "hours"),
    "clock_hour": Label("小时", "hours"),
    "minute": Label("分钟", "minutes"),
    "day": Label("天", "days"),
    "mark": Label("分", "marks"),
    "school": Label("所", "schools"),
    "org": Label("所", "organisations"),
    "class": Label("班", "classes"),
    "post": Label("个", "posts"),
    "period": Label("节", "periods"),
    "lesson": Label("节", "lessons"),
    "vote": Label("票", "votes"),
    "activity": Label("次", "activities"),
    "body": Label("个", "bodies"),
    "case": Label("件", "cases"),
    "club": Label("个", "clubs"),
    "count": Label("个", "counts"),
    "course": Label("门", "courses"),
    "deed": Label("项", "deeds"),
    "finding": Label("个", "findings"),
    "honour": Label("项", "honours"),
    "incident": Label("起", "incidents"),
    "record": Label("人次", "records"),
    "relation": Label("对", "relations"),
    "resource": Label("项", "resources"),
    "set": Label("套", "sets"),
    "time": Label("次", "times"),
}


def unit(name: str, language: str) -> str:
    """ "m2/person" becomes ㎡/人; shares and ratios have signs, not words."""
    if name in ("", "ratio", "coefficient", "index"):
        return ""
    if name == "percent":
        return "%"
    return "/".join(_one(part, language) for part in name.split("/"))


def _one(part: str, language: str) -> str:
    number, _, word = part.rpartition(" ")
    gap = " " if number and language.startswith("en") else ""
    label = UNITS.get(word)
    return f"{number}{gap}{label.get(language)}" if label else part


def value(item: Item, language: str) -> str:
    """The number as it is read, with its unit; an em dash where there is none."""
    if item.value is None:
        return "—"
    if item.unit == "yuan":
        return format_money(Decimal(f"{item.value:.2f}"), language)
    text = f"{item.value:,.{item.decimals}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    name = unit(item.unit, language)
    return f"{text}{'' if name in ('', '%') else ' '}{name}"
