"""What organisations are called: names are public, their rows are not."""

from collections.abc import Iterable

from zhuji.ledgers.models import rows_of


def names(codes: Iterable[str]) -> dict[str, str]:
    """By code; the newest name of each."""
    rows = rows_of("orgs").filter(org__in=set(codes)).order_by("valid_from")
    return dict(rows.values_list("org", "name"))
