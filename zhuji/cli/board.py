"""A judgement as a table in the terminal: what is met, what is late, and what is behind it."""

from rich.table import Table
from rich.text import Text

from zhuji.bulletins import words as figures
from zhuji.cli import show
from zhuji.kernel.lights import LABELS, MARKS, PRECEDENCE, Light
from zhuji.kernel.messages import say
from zhuji.programme.judgement import Item, Judgement

STYLES = {
    Light.MET: "green",
    Light.ON_TRACK: "cyan",
    Light.BEHIND: "yellow",
    Light.NOT_MET: "bold red",
    Light.NO_DATA: "magenta",
    Light.NOT_APPLICABLE: "dim",
}
_LABEL_WIDTH = 26
LEAVES = ("indicator", "duty", "milestone")


def board(judgement: Judgement) -> None:
    _head(judgement)
    _block(judgement, judgement.children(None), ("target",), show.words(say("任务目标")))
    for action in judgement.children(None):
        if action.kind == "action":
            title = f"{action.id} {action.label.get(show.language())}"
            _block(judgement, judgement.children(action.id), ("measure",), title)
    _block(judgement, judgement.children(None), ("safeguard",), show.words(say("保障措施")))
    _totals(judgement)


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
    grid = Table(box=None, padding=(0, 1), show_header=False, title=title, expand=True)
    grid.title_justify = "left"
    grid.title_style = "bold"
    grid.add_column(width=_light_width(), no_wrap=True)
    grid.add_column(width=4, no_wrap=True)
    grid.add_column(width=_LABEL_WIDTH, no_wrap=True, overflow="ellipsis")
    grid.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
    for item in shown:
        grid.add_row(
            light(item.light),
            item.id,
            item.label.get(show.language()),
            _why(judgement.children(item.id)),
        )
    show.out.print()
    show.out.print(grid)


def light(value: Light) -> Text:
    return Text(f"{MARKS[value]} {LABELS[value].get(show.language())}", style=STYLES[value])


def _light_width() -> int:
    return 16 if show.language().startswith("en") else 10


def _why(parts: tuple[Item, ...]) -> Text:
    """How many parts show each light, and the first of the worst by name."""
    counts = {one: sum(part.light is one for part in parts) for one in PRECEDENCE}
    text = Text()
    for one in PRECEDENCE:
        if counts[one]:
            text.append(f"{MARKS[one]}{counts[one]} ", style=STYLES[one])
    worst = next((part for one in PRECEDENCE[:3] for part in parts if part.light is one), None)
    if worst:
        text.append(_short(worst), style="dim")
    return text


def _short(item: Item) -> str:
    name = item.label.get(show.language())
    return name if item.value is None else f"{name} {figures.value(item, show.language())}"


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
