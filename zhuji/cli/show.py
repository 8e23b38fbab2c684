"""How things look in a terminal: words in the reader's language, tables, progress."""

import sys
from collections.abc import Callable, Container, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from django.conf import settings
from django.utils.translation import get_language, gettext
from rich.cells import cell_len
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from zhuji.kernel.errors import DomainError, Issue, Level
from zhuji.kernel.messages import Label, Message, say, translated

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

STYLES = {Level.ERROR: "bold red", Level.WARNING: "yellow", Level.INFO: "dim"}
Step = Callable[[int, int], None]


def language() -> str:
    return get_language() or "zh-hans"


def words(message: Message | Label | str) -> str:
    """A message or label in the reader's language."""
    if isinstance(message, Label):
        return message.get(language())
    if isinstance(message, Message):
        return translated(message, gettext, language())
    return message


def line(message: Message, style: str = "") -> None:
    out.print(words(message), style=style, markup=False)


def warn(message: Message) -> None:
    err.print(words(message), style="yellow", markup=False)


def refusal(error: DomainError, *, file: str | None = None) -> None:
    """The sentence and the findings behind it, each once; `file` is what was refused."""
    found = error.issues
    if not any(error.message in (one.message, one.sentence()) for one in found):
        found = (Issue(Level.ERROR, error.message), *found)
    issues((replace(one, file=one.file or file) for one in found), console=err)


def file_refused(error: Exception) -> None:
    path = getattr(error, "filename", None) or ""
    why = getattr(error, "strerror", None) or str(error)
    err.print(
        words(say("文件“{path}”不能读写：{why}", path=path, why=why)),
        style="bold red",
        markup=False,
    )


def stopped() -> None:
    err.print(words(say("已中断，未完成的部分没有写入")))


def internal_error() -> None:
    err.print(
        words(
            say(
                "程序内部出错，数据没有改动；详情已记入 {log}，请把它交给维护人员",
                log=settings.ZHUJI_HOME / "zhuji.log",
            )
        ),
        style="bold red",
        markup=False,
    )


def issues(found: Iterable[Issue], *, console: Console = out, most: int = 200) -> None:
    """Each issue on its own line: where, what, and what to do."""
    for count, issue in enumerate(found):
        if count == most:
            console.print(words(say("……其余从略，只列出前 {most} 条", most=most)), style="dim")
            break
        console.print(_issue(issue), style=STYLES[issue.level], markup=False)


def _issue(issue: Issue) -> str:
    parts = [words(issue.where()), words(issue.message)]
    if issue.proposal:
        parts.append(words(say("建议：{proposal}", proposal=issue.proposal)))
    return " ".join(part for part in parts if part)


def table(
    title: str, heads: Iterable[str], rows: Iterable[Iterable[str]], *, whole: Container[int] = ()
) -> None:
    """Columns in `whole` hold what people copy: they are never cut, whatever the width."""
    grid = Table(title=title or None, title_justify="left", header_style="bold")
    listed = [tuple(row) for row in rows]
    for place, head in enumerate(heads):
        widest = max((cell_len(row[place]) for row in listed), default=0)
        uncut = place in whole
        grid.add_column(head, no_wrap=uncut, min_width=widest if uncut else None)
    for row in listed:
        grid.add_row(*row)
    out.print(grid)


@contextmanager
def progress(what: Message) -> Iterator[Step]:
    """Shows rows done and time left on a terminal; stays silent in a pipe."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(
        *columns,
        TimeRemainingColumn(),
        console=err,
        transient=True,
        disable=not sys.stderr.isatty(),
    ) as bar:
        task = bar.add_task(words(what), total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
