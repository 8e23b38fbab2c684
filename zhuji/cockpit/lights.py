"""The whole judgement of one organisation, as far as the reader may know it."""

from dataclasses import replace
from datetime import date

from zhuji.cockpit.day import opened
from zhuji.orgs.scope import Reader
from zhuji.programme import kept
from zhuji.programme.judgement import Judgement


def judgement(reader: Reader, *, on: date | None = None, org: str | None = None) -> Judgement:
    """Who is short is told only of organisations within the reader's reach."""
    board = opened(reader, on, org)
    found = kept.judgement(board.judging, board.org)
    items = tuple(
        replace(item, missing=tuple(lack for lack in item.missing if lack.org in board.readable))
        for item in found.items
    )
    return replace(found, items=items)
