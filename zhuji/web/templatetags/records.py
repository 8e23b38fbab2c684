"""Names of organisations by code, and the values of a shown ledger row as words."""

from collections.abc import Mapping

from django import template

from zhuji.ledgers.cells import cell as shown_as
from zhuji.ledgers.declare import Column
from zhuji.web import pages

register = template.Library()
NOTHING = "—"
VEILED = "*"


@register.filter
def named(names: Mapping[str, str], code: str) -> str:
    return names.get(code, code)


@register.simple_tag
def cell(row: Mapping[str, object], column: Column) -> str:
    """What is masked is text already and goes as it is; what was never entered is a dash."""
    value = row.get(column.key)
    if value is None or value == "":
        return NOTHING
    if isinstance(value, str) and VEILED in value:
        return value
    return str(shown_as(column, value, pages.language()))
