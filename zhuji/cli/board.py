"""A judgement as a table in the terminal: what is met, what is late, and what is behind it."""

from rich.cells import set_cell_size
from rich.text import Text

from zhuji.bulletins import words as figures
from zhuji.cli import show
from zhuji.kernel.lights import LABELS, MARKS, PRECEDENCE, Light
from zhuji.kernel.messages import say
from zhuji.programme.judgement import LEAVES, Item, Judgement

STYLES = {
    Light.MET: "green",
    Light.ON_TRACK: "cyan",
    Light.BEHIND: "yellow",
    Light.NOT_MET: "bold red",
    Light.NO_DATA: "magenta",
    Light.NOT_APPLICABLE: "dim",
}
_LABEL_WIDTH, _OWNER_WIDTH = 26, 18
_MOST_FIRST = 9
_URGENT = PRECEDENCE[:3]
UNVERIFIED = "*"  # beside a value whose basis nobody has checked


def board(judgement: Judgement) -> None:
    _head(judgement)
    if judgement.not_started is not None:
        show.line(judgement.not_started, "bold yellow")
        return
    _block(judgement, judgement.children(None), ("target",), show.words(say("任务目标")))
    for action in judgement.children(None):
        if action.kind == "action":
            title = f"{action.id} {action.label.get(show.language())}"
            _block(judgement, judgement.children(action.id), ("measure",), title)
    _block(judgement, judgement.children(None), ("safeguard",), show.words(say("保障措施")))
    _totals(judgement)
    _first(judgement)


def _head(judgement: Judgement) -> None:
    if judgement.invented:
        show.line(say("虚构数据：学校、人员和数字均为程序生成，仅供演示"), "black on yellow")
    show.out.print(judgement.title.get(show.language()), style="bold", markup=False)
    show.line(
        say(
            "{org}（{code}） 截至 {on} · 方案包 {plan} 版本 {version} · 快照 {snapshot}",
            org=judgement.org_name,
            code=judgement.org,
            on=judgement.on,
            plan=judgement.plan,
            version=judgement.version,
            snapshot=judgement.snapshot,
        ),
        "dim",
    )


def _block(
    judgement: Judgement, items: tuple[Item, ...], kinds: tuple[str, ...], title: str
) -> None:
    shown = [item for item in items if item.kind in kinds]
    if not shown:
        return
    show.out.print()
    show.out.print(title, style="bold", markup=False)
    for item in shown:
        parts = judgement.children(item.id)
        line = _cell(f" {MARKS[item.light]} {_name(item.light)}", _light_width(), item.light)
        line.append(set_cell_size(item.id, 5))
        line.append(_fit(item.label.get(show.language()), _LABEL_WIDTH))
        line.append(_fit(item.owner.get(show.language()), _OWNER_WIDTH), style="dim")
        _put(line.append_text(_counts(parts)))
        worst = next((part for one in _URGENT for part in parts if part.light is one), None)
        if worst:
            _put(Text(" " * (_light_width() + 5) + "└ ").append(_said(worst)), style="dim")


def _put(line: Text, style: str = "") -> None:
    """One line of the terminal: what does not fit ends in a point of omission."""
    line.truncate(show.out.width, overflow="ellipsis")
    show.out.print(line, style=style, no_wrap=True)


def _cell(text: str, width: int, value: Light) -> Text:
    return Text(set_cell_size(text, width), style=STYLES[value])


def _fit(text: str, width: int) -> str:
    """As wide as its column, with a gap behind it."""
    shown = Text(text)
    shown.truncate(width - 1, overflow="ellipsis")
    return set_cell_size(shown.plain, width)


def light(value: Light) -> Text:
    return Text(f"{MARKS[value]} {_name(value)}", style=STYLES[value])


def _name(value: Light) -> str:
    return LABELS[value].get(show.language())


def _light_width() -> int:
    return 17 if show.language().startswith("en") else 12


def _counts(parts: tuple[Item, ...]) -> Text:
    """How many parts show each light."""
    counts = {one: sum(part.light is one for part in parts) for one in PRECEDENCE}
    text = Text()
    for one in PRECEDENCE:
        if counts[one]:
            text.append(f"{MARKS[one]}{counts[one]} ", style=STYLES[one])
    return text


def _said(item: Item) -> str:
    """What is asked, what there is, and whether the basis has been checked."""
    name = item.label.get(show.language()) + ("" if item.verified else UNVERIFIED)
    value, goal = figures.value(item, show.language()), item.goal
    if goal is None:
        return name if item.value is None else f"{name} {value}"
    asked = say("{name} {value}，要求 {goal}", name=name, value=value, goal=goal)
    return show.words(asked)


def _first(judgement: Judgement) -> None:
    """Where to begin: not met, or behind and due soonest; whose it is, and until when."""
    shown = judgement.first_to_see(_MOST_FIRST)
    if not shown:
        return
    show.out.print()
    show.out.print(show.words(say("先看这些")), style="bold", markup=False)
    for item in shown:
        line = Text(f" {MARKS[item.light]} ", style=STYLES[item.light])
        line.append(f"{item.id} ", style="dim").append(_said(item), style="default")
        _put(line)
        facts = [item.owner.get(show.language()), *_whose(item)]
        if item.due is not None:
            over = item.due < judgement.on
            when = say("{due} 已到期", due=item.due) if over else say("最迟 {due}", due=item.due)
            facts.append(show.words(when))
        _put(Text("   " + " · ".join(filter(None, facts))), style="dim")


def _whose(item: Item) -> list[str]:
    names = list(dict.fromkeys(lack.org_name for lack in item.missing))
    if len(names) > 1:
        return [show.words(say("{name}等 {count} 个单位", name=names[0], count=len(names)))]
    return names


def _totals(judgement: Judgement) -> None:
    show.out.print()
    for kinds, name in (
        (("target",), say("目标")),
        (("measure",), say("措施")),
        (("safeguard",), say("保障")),
        (LEAVES, say("指标、任务、节点")),
    ):
        counts = judgement.count(*kinds)
        text = Text(f"{show.words(name)} {sum(counts.values())} ")
        for one in (*reversed(PRECEDENCE), Light.NOT_APPLICABLE):
            if counts[one]:
                label = LABELS[one].get(show.language())
                text.append(f" {MARKS[one]} {label} {counts[one]} ", style=STYLES[one])
        show.out.print(text)
    doubtful = sum(not item.verified for item in judgement.items)
    if doubtful:
        show.line(
            say("标 {mark} 的 {count} 项，依据待核实", mark=UNVERIFIED, count=doubtful), "dim"
        )
