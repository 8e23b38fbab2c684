"""A ledger as a workbook of what its reader sees: the masked stays masked, views are recorded."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from zhuji.jobs.kinds import Done, Kind
from zhuji.jobs.work import Work
from zhuji.kernel.messages import Label, Message, say
from zhuji.ledgers import listing, registry, writing
from zhuji.ledgers.listing import Query
from zhuji.ledgers.tables import sheet_name
from zhuji.orgs import audit
from zhuji.orgs.roles import Verb
from zhuji.orgs.scope import Reader

ROUTE = "job:export"


def _title(arguments: Mapping[str, Any]) -> Message:
    return say("导出台账“{ledger}”", ledger=registry.ledger(str(arguments["ledger"])).label)


def _run(work: Work) -> Done:
    """Only through posts that may export: another post's wider view does not leave the house."""
    ledger = registry.ledger(str(work.arguments["ledger"]))
    reader = work.acting(Verb.EXPORT)
    query = listing.parse(reader, ledger.key, _params(work))
    path = work.folder / f"{sheet_name(ledger, work.language)}.xlsx"
    columns, rows = listing.wanted(reader, ledger, query), _rows(work, reader, query)
    count = writing.write(ledger, columns, rows, path, work.language)
    audit.record(
        "ledger.export",
        audit.About("ledger", ledger.key, work.org, ROUTE),
        actor=reader.username,
        now=work.now,
        change=audit.Change(new={"rows": count, "query": listing.params_of(query)}),
    )
    line = say("“{ledger}”共 {count} 行，按您的可见范围", ledger=ledger.label, count=count)
    return Done((line,), {"rows": count}, path)


def _params(work: Work) -> Mapping[str, list[str]]:
    """The list's own address, as the page that asked had it; of one org when it is about one."""
    params: dict[str, list[str]] = {"org__under": [work.org]} if work.org else {}
    for name, value in work.arguments.get("query", ()):
        params.setdefault(str(name), []).append(str(value))
    return params


def _rows(work: Work, reader: Reader, query: Query) -> Iterator[Mapping[str, object]]:
    key, now = str(work.arguments["ledger"]), work.now
    none = replace(query, offset=0, size=0)
    total = listing.page(reader, key, none, now=now, route=ROUTE).count
    for done, row in enumerate(listing.everything(reader, key, query, now=now, route=ROUTE)):
        work.progress(done, total)
        yield row
    work.progress(total, total)


EXPORT = Kind(
    key="export",
    label=Label("导出台账", "Export a ledger"),
    title=_title,
    run=_run,
    verbs=frozenset({Verb.EXPORT}),
)
