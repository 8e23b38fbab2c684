"""For any hierarchy, any posts and any day: the database, the row rule and a plain climb agree."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.orgs import cast
from zhuji.ledgers.models import rows_of
from zhuji.ledgers.visibility import rows_about
from zhuji.orgs import scope
from zhuji.orgs.roles import CARE_OFFICER, DIRECTOR, PRINCIPAL, RESEARCHER, TEACHER, Role
from zhuji.orgs.scope import Grant, Reader
from zhuji.warehouse.hierarchy import EdgeRow, OrgRow

CODES = [f"{number:010}" for number in range(8)]
FIRST = date(2021, 1, 1)
TODAY = FIRST + timedelta(days=10)

days = st.integers(0, 20).map(lambda number: FIRST + timedelta(days=number))
ends = st.none() | st.integers(1, 20).map(lambda number: FIRST + timedelta(days=number))
kinds = st.sampled_from(["county", "town", "school", "office"])
orgs = st.tuples(
    *(st.builds(OrgRow, org=st.just(code), kind=kinds, valid_from=days, valid_to=ends)
      for code in CODES)
)  # fmt: skip
edges = st.lists(
    st.builds(
        EdgeRow,
        org=st.sampled_from(CODES),
        parent=st.sampled_from(CODES),
        valid_from=days,
        valid_to=ends,
    ),
    max_size=16,
)
posts = st.lists(
    st.tuples(
        st.sampled_from([DIRECTOR, PRINCIPAL, TEACHER, RESEARCHER, CARE_OFFICER]),
        st.sampled_from(CODES),
        st.frozensets(st.integers(0, 15), max_size=4),
    ),
    max_size=3,
)


def climb(org: str, rows: Mapping[str, OrgRow], links: list[EdgeRow]) -> list[str]:
    """Itself and everything above; alone when it stands in or under a ring; plain on purpose."""
    line = [org]
    while (parent := above(line[-1], rows, links)) is not None:
        if parent in line:
            return [org]
        line.append(parent)
    return line


def above(org: str, rows: Mapping[str, OrgRow], links: list[EdgeRow]) -> str | None:
    end = rows[org].valid_to
    point = end - timedelta(days=1) if end is not None and end <= TODAY else TODAY
    held = [
        (link.valid_from, link.parent)
        for link in links
        if link.org == org
        and link.valid_from <= point
        and (link.valid_to is None or point < link.valid_to)
        and rows[link.parent].valid_from <= TODAY
    ]
    return max(held)[1] if held else None


def reach(post: str, rows: Mapping[str, OrgRow], links: list[EdgeRow]) -> set[str]:
    begun = [org for org in rows if rows[org].valid_from <= TODAY]
    root = post
    if rows[post].kind == "office" and post in begun:
        root = [*climb(post, rows, links), post][1]
    return {post} | {org for org in begun if root in climb(org, rows, links)}


@given(orgs, edges)
def test_a_post_reaches_exactly_what_a_plain_climb_finds_below_it(
    every: tuple[OrgRow, ...], links: list[EdgeRow]
) -> None:
    rows = {row.org: row for row in every}
    tree = scope.tree_on(every, links, TODAY)
    for code in CODES:
        assert tree.reach(code) == reach(code, rows, links)


@pytest.mark.django_db
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(orgs, edges, posts)
def test_no_row_outside_scope_is_ever_returned(
    every: tuple[OrgRow, ...],
    links: list[EdgeRow],
    held: list[tuple[Role, str, frozenset[int]]],
) -> None:
    rows = {row.org: row for row in every}
    tree = scope.tree_on(every, links, TODAY)
    reader = Reader(
        "someone",
        TODAY,
        tuple(
            Grant(role, at, tree.reach(at), frozenset(map(cast.pupil_no, own)))
            for role, at, own in held
        ),
    )
    model = rows_of("pupils").model
    rows_of("pupils").all().delete()
    pupils = [
        model(**cast.pupil(cast.pupil_no(number), CODES[number % 8]), changed_at=cast.NOW)
        for number in range(16)
    ]
    model.objects.bulk_create(pupils)
    expected = {
        number
        for number in range(16)
        for role, at, own in held
        if role is not RESEARCHER
        and CODES[number % 8] in reach(at, rows, links)
        and (role is not TEACHER or number in own)
    }
    about = rows_about("pupils")
    found = scope.visible_to(reader, rows_of("pupils").all(), about)
    numbers = {cast.pupil_no(number) for number in expected}
    assert set(found.values_list("pupil_no", flat=True)) == numbers
    for row in rows_of("pupils").values():
        assert bool(scope.shown(reader, about, row)) == (row["pupil_no"] in numbers)
