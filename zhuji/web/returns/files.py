"""Workbooks to take away: a receipt with all answers, and the state of a round."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

from zhuji.kernel.messages import Label, Message, say
from zhuji.ledgers import sheets
from zhuji.returns.queries import OrgState, Paper
from zhuji.web.pages import words
from zhuji.web.returns.grids import Grid

if TYPE_CHECKING:
    from zhuji.returns.models import Round, Submission

_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Said = Message | Label | str


def receipt_number(submission: Submission) -> str:
    """As it stands on the receipt: the round, then the number of the handing in."""
    return f"H{submission.made.round_id:04}-{submission.pk:06}"


def receipt(paper: Paper, grid: Grid, language: str) -> HttpResponse:
    """What was handed in, with who, when and the digest that was signed."""
    submission = paper.submission
    assert submission is not None
    at = timezone.localtime(submission.at)
    about: list[tuple[Said, str]] = [
        (say("回执编号"), receipt_number(submission)),
        (say("填报单位"), paper.made.org),
        (say("上报时间"), f"{at:%Y-%m-%d %H:%M}"),
        (say("内容摘要"), submission.digest),
    ]
    heads = [words(_label(head["label"])) for head in grid.heads]
    rows = [[cell.text for cell in line] for line in grid.lines]
    name = f"{receipt_number(submission)}.xlsx"
    return _book(paper.made.round.title, about, heads, rows, name)


def states(
    kept: Round, every: Iterable[OrgState], names: Mapping[str, str], language: str
) -> HttpResponse:
    """Every org of the round with how far it is."""
    heads = [words(one) for one in (say("单位"), say("进度"), say("还差"), say("上报时间"))]
    rows = [
        [
            names.get(one.org, one.org),
            words(one.label),
            str(one.lacks),
            f"{timezone.localtime(one.submission.at):%Y-%m-%d %H:%M}" if one.submission else "",
        ]
        for one in every
    ]
    return _book(kept.title, [], heads, rows, f"returns-{kept.pk}.xlsx")


def _label(given: object) -> Said:
    return given if isinstance(given, Message | Label) else str(given)


def _book(
    title: str,
    about: Sequence[tuple[Said, str]],
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    name: str,
) -> HttpResponse:
    """Everything as text: nothing a spreadsheet would calculate or shorten."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "out.xlsx"
        with sheets.book(path) as book:
            styles = sheets.styles(book)
            sheet = book.add_worksheet()
            sheet.write_string(0, 0, title, styles["head"])
            for index, (label, value) in enumerate(about, start=1):
                sheet.write_string(index, 0, words(label))
                sheet.write_string(index, 1, value, styles["text"])
            start = len(about) + 2
            for index, head in enumerate(heads):
                sheet.write_string(start, index, head, styles["head"])
                sheet.set_column(index, index, 20)
            for number, row in enumerate(rows, start=start + 1):
                for index, value in enumerate(row):
                    sheet.write_string(number, index, value, styles["text"])
        answer = HttpResponse(path.read_bytes(), content_type=_KIND)
    answer.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    return answer
