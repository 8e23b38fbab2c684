"""On which judgement a page stands, and whose board a reader may open."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from zhuji.cockpit.faces import Place, Standing
from zhuji.kernel.errors import NotFound
from zhuji.kernel.messages import Message, say
from zhuji.orgs.roles import Verb
from zhuji.orgs.scope import Reader
from zhuji.programme import kept
from zhuji.programme.models import Judging
from zhuji.programme.outline import Outline

# Of fewer persons than this a county-wide figure is not shown to those who do not govern them.
LEAST = 10


class NotJudged(NotFound):
    """Nobody has judged that day yet; whoever may can have it judged."""

    def __init__(self, on: date | None, message: Message) -> None:
        super().__init__(message)
        self.on = on


@dataclass(frozen=True)
class Board:
    """One judgement as one reader sees it, of one organisation."""

    reader: Reader
    judging: Judging
    outline: Outline
    org: str

    @cached_property
    def readable(self) -> frozenset[str]:
        return readable(self.reader)

    @cached_property
    def within(self) -> frozenset[str]:
        """Organisations under this one whose single figures the reader may see."""
        return frozenset(self.outline.under.get(self.org, ())) & self.readable

    @property
    def is_open(self) -> bool:
        """Whether the reader governs the organisation, or sees its totals only."""
        return self.org in self.readable

    def place(self, org: str) -> Place:
        note = self.outline.orgs.get(org)
        kind = note.kind if note else ""
        return Place(org, self.outline.name(org), kind, org in self.readable)

    def standing(self) -> Standing:
        days = kept.days(self.judging.plan)
        return Standing(
            plan=self.judging.plan,
            version=self.judging.version,
            title=self.outline.title,
            on=self.judging.on,
            made_at=self.judging.made_at,
            facts_until=self.judging.facts_until,
            snapshot=self.judging.snapshot,
            invented=self.judging.invented,
            newest=not days or days[0] == self.judging.on,
            org=self.place(self.org),
            days=days,
        )


def readable(reader: Reader) -> frozenset[str]:
    """Organisations that the reader may read about, by any post."""
    return frozenset[str]().union(
        *(grant.orgs for grant in reader.grants if Verb.READ in grant.role.verbs)
    )


def opened(reader: Reader, on: date | None = None, org: str | None = None) -> Board:
    """The board asked for; of the reader's own highest organisation when none is named."""
    mine = readable(reader)
    if not mine:
        raise NotFound(say("没有您可以查看的判定。"))
    judging = _judging(on)
    outline = kept.outline(judging)
    code = org or highest(outline, mine)
    if code not in outline.orgs or (code not in mine and code != outline.county):
        raise NotFound(say("没有代码为“{org}”的机构，或者它不在您的可见范围内。", org=code))
    return Board(reader, judging, outline, code)


def _judging(on: date | None) -> Judging:
    newest = kept.latest()
    if newest is None:
        raise NotJudged(on, say("还没有判定过；请先建快照，再判定。"))
    if on is None:
        return newest
    found = kept.on_day(newest.plan, on)
    if found is None:
        raise NotJudged(on, say("{on} 还没有判定过。", on=on))
    return found


def highest(outline: Outline, mine: frozenset[str]) -> str:
    """Under which most of what the reader governs stands; the county for who governs nothing."""
    if outline.county in mine:
        return outline.county
    own = sorted(code for code in mine if code in outline.orgs)
    return max(own, key=lambda code: len(outline.under[code]), default=outline.county)
