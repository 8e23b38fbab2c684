"""What stands behind one verdict beside its rows: who is lacking, the group, a quota's sums."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from zhuji.duties.parts import parts
from zhuji.kernel.messages import Label, say
from zhuji.kernel.values import Present
from zhuji.plan.model import Duty, Quota
from zhuji.programme.figures import Figure
from zhuji.programme.judge import Run
from zhuji.programme.judgement import Item
from zhuji.programme.owing import Owed
from zhuji.programme.rows import Row, Table
from zhuji.programme.wording import period

_WHOLE = Label("合计", "Total")


def lacks(item: Item, most: int) -> Iterator[Table]:
    """Who is behind, what is missing there, who answers for it and until when."""
    if not item.missing:
        return
    shown = tuple(
        (one.org, one.org_name, one.what, one.count, one.owner, one.due)
        for one in item.missing[:most]
    )
    heads = {
        "what": Label("缺什么", "What is missing"),
        "owner": Label("责任单位", "Owner"),
        "due": Label("最迟", "At the latest"),
    }
    columns = ("org", "name", "what", "count", "owner", "due")
    yield Table(say("还差的"), columns, shown, len(item.missing), heads=heads)


def of_group(run: Run, figure: Figure, group: str, label: Label, most: int) -> Iterator[Table]:
    """The schools of a reference group, each with its own value."""
    period_of, root = figure.period, run.scene.county
    if period_of is None or root is None:
        return
    members = run.cells.schools(period_of.kind, period_of.key, root, group)
    shown: list[Row] = []
    for org in members[:most]:
        value = run.cells.cell(figure.indicator.id, org, period_of.key).value
        told = value.value if isinstance(value, Present) else value.reason
        shown.append((org, run.scene.name(org), told))
    yield Table(
        say("参照组“{group}”的学校", group=label), ("org", "name", "value"), tuple(shown),
        len(members),
    )  # fmt: skip


def of_quota(run: Run, org: str, owed: Owed, most: int) -> Iterator[Table]:
    """For the whole and for each floor how many have reached it; then who has least."""
    duty = owed.asked
    window = _window(run, org, owed)
    if not isinstance(duty, Duty) or not isinstance(duty.cadence, Quota) or window is None:
        return
    below = frozenset(run.scene.ever_below.get(org, (org,)))
    found = [row for row in run.scene.engine.run(parts(duty, key=window)) if row[0] in below]
    names = [*(floor.label for floor in duty.cadence.floors), _WHOLE]
    least = [*(floor.at_least for floor in duty.cadence.floors), duty.cadence.total]
    # The whole stands first in the rows and last in what is shown.
    rows = [(*row[:2], *row[3:], row[2]) for row in found]
    yield _reached(names, least, rows, window)
    yield _least(names, least, rows, most)


def _window(run: Run, org: str, owed: Owed) -> str | None:
    """The first window that is short; the newest that has opened, where none is."""
    verdict = owed.verdicts.get(org)
    if verdict is None:
        return None
    opened = [one.key for one in owed.occurrences if one.owed and one.opens <= run.scene.on]
    return verdict.missing[0].key if verdict.missing else next(reversed(opened), None)


def _reached(
    names: Sequence[Label], least: Sequence[Decimal], rows: Sequence[Row], window: str
) -> Table:
    shown = tuple(
        (name, wanted, sum(_amount(row[2 + place]) >= wanted for row in rows), len(rows))
        for place, (name, wanted) in enumerate(zip(names, least, strict=True))
    )
    heads = {
        "part": Label("哪一部分", "Part"),
        "least": Label("不少于", "At least"),
        "reached": Label("已达到", "Reached by"),
        "owing": Label("应达到", "Owed by"),
    }
    title = say("{window}各部分和合计", window=period(window))
    return Table(title, tuple(heads), shown, len(shown), heads=heads)


def _least(
    names: Sequence[Label], least: Sequence[Decimal], rows: Sequence[Row], most: int
) -> Table:
    """Those who are short of any part, the least first."""
    short = [
        row
        for row in rows
        if any(_amount(have) < wanted for have, wanted in zip(row[2:], least, strict=True))
    ]
    short.sort(key=lambda row: (_amount(row[-1]), str(row[0]), str(row[1])))
    keys = [f"part_{place}" for place in range(len(names))]
    heads = dict(zip(keys, names, strict=True))
    title = say("还不够的，各部分现有多少")
    return Table(title, ("org", "subject", *keys), tuple(short[:most]), len(short), heads=heads)


def _amount(value: object) -> Decimal:
    return Decimal(str(value))
