"""A ledger as a workbook of what its reader sees: the masked stays masked, views are recorded."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from zhuji.jobs import approvals, locked
from zhuji.jobs.kinds import Done, Kind
from zhuji.jobs.models import Approval, Job, State
from zhuji.jobs.work import Work
from zhuji.kernel.errors import Refused
from zhuji.kernel.messages import Label, Message, say
from zhuji.ledgers import listing, registry, visibility, writing
from zhuji.ledgers.declare import Ledger
from zhuji.ledgers.listing import Query
from zhuji.ledgers.tables import sheet_name
from zhuji.orgs import audit, rules
from zhuji.orgs.roles import Subject, Verb
from zhuji.orgs.scope import Reader

ROUTE = "job:export"
ALONE = 50  # rows about children that one person may take out within a day
DAY = timedelta(hours=24)


def _title(arguments: Mapping[str, Any]) -> Message:
    return say("导出台账“{ledger}”", ledger=registry.ledger(str(arguments["ledger"])).label)


def is_guarded(ledger: Ledger, rows: int) -> bool:
    """Whether a second person must agree: to many rows about children, to any about hardship."""
    about = visibility.rows_about(ledger.key)
    if about.subject is Subject.CARE:
        return rows > 0
    return about.about_minors and rows > ALONE


def _guarded(reader: Reader, org: str, arguments: Mapping[str, Any], now: datetime) -> int:
    ledger = registry.ledger(str(arguments["ledger"]))
    if not _is_about_minors(ledger.key):
        return 0
    query = listing.parse(reader, ledger.key, _params(org, arguments))
    count = _count(reader, ledger.key, query, now)
    return count if is_guarded(ledger, count + _taken(reader.username, now)) else 0


def _taken(username: str, now: datetime) -> int:
    """Rows about children that somebody took out alone within a day: many small lists are one."""
    alone = Job.objects.filter(kind=EXPORT.key, asked_by=username, approval=None)
    done = alone.filter(state=State.DONE, finished_at__gt=now - DAY)
    return sum(
        int(summary.get("facts", {}).get("rows", 0))
        for summary, arguments in done.values_list("summary", "arguments")
        if _is_about_minors(str(arguments["ledger"]))
    )


def _is_about_minors(key: str) -> bool:
    return visibility.rows_about(key).about_minors


def _run(work: Work) -> Done:
    """Only through posts that may export: another post's wider view does not leave the house."""
    ledger = registry.ledger(str(work.arguments["ledger"]))
    reader = work.acting(Verb.EXPORT)
    query = listing.parse(reader, ledger.key, _params(work.org, work.arguments))
    path = work.folder / f"{sheet_name(ledger, work.language)}.xlsx"
    columns, rows = listing.wanted(reader, ledger, query), _rows(work, reader, query)
    approval = _agreed(work, reader)
    if approval is None:
        count = writing.write(ledger, columns, rows, path, work.language)
    else:
        plain, mark = path.with_name(f".{path.name}.plain.xlsx"), _mark(work, approval)
        count = writing.write(ledger, columns, rows, plain, work.language, mark)
        locked.lock(plain, path, locked.password_of(work.number))
    audit.record(
        "ledger.export",
        audit.About("ledger", ledger.key, work.org, ROUTE),
        actor=reader.username,
        now=work.now,
        change=audit.Change(new={"rows": count, "query": listing.params_of(query)}),
    )
    line = say("“{ledger}”共 {count} 行，按您的可见范围", ledger=ledger.label, count=count)
    return Done((line,), {"rows": count}, path)


def _agreed(work: Work, reader: Reader) -> Approval | None:
    """What another person agreed to, where that is needed; what grew since was not agreed to."""
    approval = approvals.granted(work.number)
    needed = _guarded(reader, work.org, work.arguments, work.now)
    if needed > (approval.rows if approval else 0):
        raise Refused(
            say("提交以后要导出的行变多了，现在是 {count} 行涉及未成年人；请重新提交，"
                "由另一位同事按新的行数批准。", count=needed)
        )  # fmt: skip
    return approval


def _mark(work: Work, approval: Approval) -> Message:
    """Whoever finds the file knows who took it out, when, for what, and whom to ask."""
    return say(
        "{name}（{username}）{at} 导出，{approver}批准，编号 {number}。用途：{why}。"
        "仅供此用，不得转发。",
        name=rules.person_named(work.actor).name,
        username=work.actor,
        at=f"{timezone.localtime(work.now):%Y-%m-%d %H:%M}",
        approver=rules.person_named(approval.decided_by).name,
        number=work.number,
        why=approval.why,
    )


def _params(org: str, arguments: Mapping[str, Any]) -> Mapping[str, list[str]]:
    """The list's own address, as the page that asked had it; of one org when it is about one."""
    params: dict[str, list[str]] = {"org__under": [org]} if org else {}
    for name, value in arguments.get("query", ()):
        params.setdefault(str(name), []).append(str(value))
    return params


def _rows(work: Work, reader: Reader, query: Query) -> Iterator[Mapping[str, object]]:
    key, now = str(work.arguments["ledger"]), work.now
    total = _count(reader, key, query, now)
    for done, row in enumerate(listing.everything(reader, key, query, now=now, route=ROUTE)):
        work.progress(done, total)
        yield row
    work.progress(total, total)


def _count(reader: Reader, key: str, query: Query, now: datetime) -> int:
    return listing.page(reader, key, replace(query, offset=0, size=0), now=now, route=ROUTE).count


EXPORT = Kind(
    key="export",
    label=Label("导出台账", "Export a ledger"),
    title=_title,
    run=_run,
    verbs=frozenset({Verb.EXPORT}),
    guarded=_guarded,
)
