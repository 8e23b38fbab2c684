"""What lies on the desks of an invented county: instructions and an open round."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from zhuji.kernel.messages import say
from zhuji.ledgers import visibility
from zhuji.orgs import people
from zhuji.orgs.scope import Reader
from zhuji.returns import actions as returns
from zhuji.returns import proposing
from zhuji.returns import queries as rounds
from zhuji.returns.actions import Wish
from zhuji.returns.proposing import WELL_KNOWN, Source
from zhuji.tasks import actions, queries
from zhuji.tasks.actions import Matter, Words

WEEK, FORTNIGHT = timedelta(days=7), timedelta(days=14)
CLAUSE, ONCE = "M11", "invented-round"
# In which schools of an invented county leave a few cells empty.
LEDGERS = ("five_checks", "activities", "posts", "absences", "staff")


def lay_out(today: date, *, now: datetime) -> int:
    """Through the same actions as a person would; a second run adds nothing. How many notices."""
    director, officer = _reader("director", today, now), _reader("officer", today, now)
    town, head = _reader("town_officer", today, now), _reader("principal", today, now)
    if director is None or officer is None or town is None or head is None:
        return 0
    orders = (
        ("M9", town, Words("account", due=today + FORTNIGHT)),
        ("M24", town, Words("evidence", due=today + WEEK)),
        ("M12", head, Words("share")),
    )
    for clause, to, words in orders:
        at = [grant.at for grant in to.grants]
        once = f"invented-{clause}"
        actions.instruct(director, Matter("item", clause), at, words, now=now, once=once)
    first = queries.mine(town, now=now)[-1]
    actions.read(town, first.number, now=now)
    _ask(officer, [grant.at for grant in head.grants], now)
    return len(orders)


def _ask(officer: Reader, schools: Collection[str], now: datetime) -> None:
    """A round in which at least one of the schools that can be chosen has something to fill in."""
    if rounds.rounds(officer):
        return
    every = (proposing.propose(officer, Source(key), officer.today) for key in LEDGERS)
    lacking = (one for one in every if set(schools) & set(one.measure.lacking))
    proposal = next((one for one in lacking if one.measure.share >= WELL_KNOWN), None)
    if proposal is None:
        return
    wish = Wish(
        str(say("{ledger}补录", ledger=proposal.ledger.label)),
        proposal.ledger.key,
        proposal.form.columns,
        proposal.orgs,
        officer.today + WEEK,
        CLAUSE,
        since=proposal.form.since,
    )
    kept = returns.draft(officer, wish, now=now, once=ONCE)
    returns.open_round(officer, kept.pk, now=now)


def _reader(username: str, today: date, now: datetime) -> Reader | None:
    person = people.invented_named(username)
    return visibility.reader_of(person, now=now, today=today) if person else None
