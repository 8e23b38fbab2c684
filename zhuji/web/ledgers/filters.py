"""The filter bar of a list: a field for every column that can be asked about, and its chips."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from django.http import QueryDict

from zhuji.kernel.messages import Label, Message, say
from zhuji.ledgers import directory, listing
from zhuji.ledgers.asking import Choice, Filter, How, Query
from zhuji.ledgers.declare import Column, Ledger, Type
from zhuji.orgs.scope import Reader
from zhuji.web.lists import changed

MOST_QUICK = 3
_OWN = ("saved", "here")  # what an address says beside the query
YES_NO = (("是", Label("是", "yes")), ("否", Label("否", "no")))
_HOW = {
    How.CONTAINS: say("含"),
    How.EQUALS: say("是"),
    How.FROM: say("从"),
    How.TO: say("到"),
    How.IN: say("是其中之一"),
    How.UNDER: say("及其下属"),
    How.BLANK: say("没有填"),
    How.FILLED: say("已填"),
}


@dataclass(frozen=True)
class Field:
    """One control of the bar."""

    id: str
    label: Message | Label
    kind: str
    value: str = ""
    choices: tuple[tuple[str, Label | str], ...] = ()


@dataclass(frozen=True)
class Bar:
    """`quick` stands in sight, `more` is folded away; `chosen` is what is in force."""

    quick: tuple[Field, ...]
    more: tuple[Field, ...]
    chosen: tuple[dict[str, Any], ...]
    is_open: bool


def given(query: QueryDict) -> dict[str, list[str]]:
    """Ticked columns come one by one from the form and together in a shared address."""
    found = {name: query.getlist(name) for name in query if name not in _OWN}
    if "columns" in found:
        found["columns"] = [",".join(word for word in found["columns"] if word)]
    return found


def from_text(text: str) -> dict[str, list[str]]:
    return parse_qs(text, keep_blank_values=True, max_num_fields=100)


def saying(query: QueryDict) -> list[Message]:
    told = {
        "removed": say("已删除，三十天内可以恢复。"),
        "restored": say("已恢复。"),
        "same": say("没有变化，什么也没有写入。"),
    }
    found = told.get(str(query.get("saved")))
    return [found] if found else []


def bar(reader: Reader, ledger: Ledger, query: Query, address: QueryDict) -> Bar:
    """Where, then the choices; everything else is one fold away."""
    typed = {f"{one.column}__{one.how.value}": one.value or "1" for one in query.filters}
    options = listing.filters_for(reader, ledger.key)
    places = _places(reader)
    quick: list[Field] = []
    more: list[Field] = []
    for choice in options:
        fields = list(_fields(choice, typed, places))
        is_quick = choice.column.key == "org" or choice.column.type is Type.CHOICE
        (quick if is_quick and len(quick) < MOST_QUICK else more).extend(fields)
    chosen = tuple(_chip(ledger, one, address, places) for one in query.filters)
    return Bar(tuple(quick), tuple(more), chosen, any(typed.get(f.id) for f in more))


def _places(reader: Reader) -> dict[str, str]:
    return directory.names(reader.orgs)


def _fields(choice: Choice, typed: Mapping[str, str], places: Mapping[str, str]) -> Iterator[Field]:
    column, hows = choice.column, choice.hows
    if column.type is Type.ORG:
        how = How.UNDER if column.key == "org" else How.EQUALS
        if len(places) > 1:
            named = tuple(sorted(places.items()))
            yield _field(column, how, column.label, "select", typed, named)
    elif column.type is Type.CHOICE:
        words = tuple((one.value, one.label) for one in column.options)
        yield _field(column, How.EQUALS, column.label, "select", typed, words)
    elif column.type is Type.BOOLEAN:
        yield _field(column, How.EQUALS, column.label, "select", typed, YES_NO)
    elif How.FROM in hows:
        kind = "date" if column.type is Type.DATE else "number"
        yield _field(column, How.FROM, say("{column} 从", column=column.label), kind, typed)
        yield _field(column, How.TO, say("{column} 到", column=column.label), kind, typed)
    elif How.CONTAINS in hows:
        yield _field(column, How.CONTAINS, column.label, "search", typed)


def _field(
    column: Column,
    how: How,
    label: Message | Label,
    kind: str,
    typed: Mapping[str, str],
    choices: tuple[tuple[str, Any], ...] = (),
) -> Field:
    name = f"{column.key}__{how.value}"
    return Field(name, label, kind, typed.get(name, ""), choices)


def _chip(
    ledger: Ledger, one: Filter, address: QueryDict, places: Mapping[str, str]
) -> dict[str, Any]:
    column = ledger.by_key[one.column]
    told = say(
        "{column} {how} {value}",
        column=column.label,
        how=_HOW[one.how],
        value=_value(column, one.value, places),
    )
    return {
        "label": told,
        "href": changed(address, **{f"{one.column}__{one.how.value}": None, "page": None}),
    }


def _value(column: Column, value: str, places: Mapping[str, str]) -> Label | str:
    labels = {option.value: option.label for option in column.options}
    return labels.get(value) or places.get(value, value)
