"""`zhuji invent | demo | reference`: a county made up, taken in and judged from nothing."""

import argparse
import json
from datetime import date
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.utils.translation import gettext as _

from zhuji.bulletins import page
from zhuji.cli import board, desk, show
from zhuji.cli.arguments import day, does, now
from zhuji.cli.outcome import OK, WITH_ERRORS
from zhuji.cli.outputs import judged, place
from zhuji.cli.parser import Parser
from zhuji.invent import accounts, marker, rows, workbooks
from zhuji.invent.sizes import SIZES
from zhuji.invent.world import UNTIL, World, build
from zhuji.kernel.errors import Level, Refused
from zhuji.kernel.messages import say
from zhuji.ledgers import actions, queries
from zhuji.ledgers.receipts import Counts
from zhuji.ledgers.registry import LEDGERS
from zhuji.programme import kept, packages, reference, snapshots

PLAN = "anqiu-2021"
SEED = "1"
ACTOR = "invent"
BEFORE = date(2022, 12, 31)  # judged as well, so that there is something to compare with


def invent(made: Parser) -> None:
    does(made, _invent, "invent --size demo --seed 1", "invent --size reference --load")
    made.add_argument("--size", choices=sorted(SIZES), default="demo", help=_("规模"))
    made.add_argument("--seed", default=SEED, help=_("种子"))
    made.add_argument("--until", type=day, default=UNTIL, help=_("事实写到哪一天"))
    made.add_argument("--plan", default=PLAN, help=_("方案包目录或名称"))
    made.add_argument("--out", type=Path, help=_("工作簿放在哪个目录，默认数据目录下的 county"))
    made.add_argument("--load", action="store_true", help=_("直接写入台账，不写工作簿"))


def demo(parser: Parser) -> None:
    does(parser, _demo, "demo")


def pages(pages: Parser) -> None:
    does(pages, _reference, "reference docs/reference")
    pages.add_argument("folder", type=Path, help=_("写到哪个目录"))


def _invent(asked: argparse.Namespace) -> int:
    world = _world(asked.plan, asked.size, asked.seed, asked.until)
    if asked.load:
        _prepare()
        _mark(world)
        _load(world)
        _settle(world)
        desk.lay_out(asked.until, now=now())
    else:
        folder = asked.out or Path(settings.ZHUJI_HOME) / "county"
        if asked.out is None:
            _mark(world)
        _write(world, folder)
    return OK


def _demo(asked: argparse.Namespace) -> int:
    """Made once: a second call shows what is there."""
    _prepare()
    world = _world(PLAN, "demo", SEED, UNTIL)
    _mark(world)
    folder = Path(settings.ZHUJI_HOME) / "county"
    errors = 0 if kept.latest() else _from_nothing(world, folder)
    judging = kept.latest()
    assert judging is not None
    judgement = kept.judgement(judging, judging.county)
    board.board(judgement)
    out = place(judged(judgement, "html"))
    out.write_text(
        page.html(judgement, language=show.language(), read=show.words), encoding="utf-8"
    )
    show.out.print()
    show.line(say("页面：{path}", path=out), "bold")
    show.line(
        say("练习导入：zhuji import {path} --dry-run", path=folder / workbooks.PRACTICE), "dim"
    )
    show.line(say("打开网站：zhuji serve，再在 /choose/ 页选一位虚构人物"), "dim")
    return WITH_ERRORS if errors else OK


def _from_nothing(world: World, folder: Path) -> int:
    """Workbooks, ledgers, people, a snapshot and two judgements; how many errors the files had."""
    errors = _take_in(_write(world, folder))
    _settle(world)
    desk.lay_out(UNTIL, now=now())
    with show.progress(say("正在写快照")) as step:
        snapshots.take(as_of=UNTIL, known_at=now(), progress=step)
    with show.progress(say("正在判定")):
        for day_judged in (BEFORE, UNTIL):
            package = packages.load_for(PLAN, settings.ZHUJI_PLANS, day_judged)
            kept.judge(package, on=day_judged)
    return errors


def _world(plan: str, size: str, seed: str, until: date) -> World:
    return build(packages.load(plan, settings.ZHUJI_PLANS).plan, size, seed=seed, until=until)


def _prepare() -> None:
    call_command("migrate", verbosity=0, interactive=False)


def _mark(world: World) -> None:
    """Made-up rows never mix with those of a real county, nor with another invention."""
    path = Path(settings.ZHUJI_HOME) / marker.FILE
    made = marker.marker(world)
    if path.exists():
        if json.loads(path.read_text(encoding="utf-8")) != made:
            raise Refused(
                say("{home} 里已有另一个虚构县；请换一个 ZHUJI_HOME，或先删掉它", home=path.parent)
            )
        return
    if any(queries.counts().values()):
        raise Refused(
            say("{home} 里已有真实台账，不能混入虚构数据；请换一个 ZHUJI_HOME", home=path.parent)
        )
    path.write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _write(world: World, folder: Path) -> list[Path]:
    with show.progress(say("正在生成虚构县的工作簿")) as step:
        total = len(LEDGERS)
        seen: dict[str, int] = {}

        def told(name: str, count: int) -> None:
            seen[name] = count
            step(len(seen), total)

        paths = workbooks.write_workbooks(world, folder, told)
    workbooks.write_practice(world, folder / workbooks.PRACTICE)
    show.line(say("虚构县的 {count} 个工作簿在 {folder}", count=len(paths), folder=folder))
    return [path for path in paths if path.name != workbooks.PRACTICE]


def _take_in(paths: list[Path]) -> int:
    """Import every workbook; what is wrong is listed, what is merely odd is counted."""
    total, errors, notes = Counts(), 0, 0
    with show.progress(say("正在导入工作簿")) as step:
        for done, path in enumerate(paths):
            receipt = actions.import_file(path, actor=ACTOR, now=now())
            total += receipt.counts
            errors += receipt.error_count
            wrong = [issue for issue in receipt.issues if issue.level is Level.ERROR]
            notes += len(receipt.issues) - len(wrong)
            show.issues(wrong)
            step(done + 1, len(paths))
    show.line(
        say(
            "已导入 {count} 个工作簿：新增 {created} 行，更新 {updated} 行，未变 {unchanged} 行，"
            "{errors} 处错误，{notes} 处提醒",
            count=len(paths),
            created=f"{total.created:,}",
            updated=f"{total.updated:,}",
            unchanged=f"{total.unchanged:,}",
            errors=errors,
            notes=notes,
        )
    )
    return errors


def _load(world: World) -> None:
    order = workbooks.in_order()
    with show.progress(say("正在写入台账")) as step:
        for done, each in enumerate(order):
            actions.put(
                each.key, rows.rows(world, each.key), actor=ACTOR, now=now(), cause="invent"
            )
            step(done + 1, len(order))
    held = sum(queries.counts().values())
    show.line(say("虚构县已写入台账，共 {rows} 行", rows=f"{held:,}"), "green")


def _settle(world: World) -> None:
    """People to choose from on the page of invented people; a second run makes nobody twice."""
    made = accounts.settle(world, now=now())
    show.line(say("虚构人物 {count} 位，在 /choose/ 页选一位进入", count=made))


def _reference(asked: argparse.Namespace) -> int:
    written = reference.write(asked.folder, settings.ZHUJI_PLANS)
    show.line(say("写了 {count} 页参考文档", count=written), "green")
    return OK
