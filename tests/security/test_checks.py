"""Checks that no page asks so far, told by their own names."""

from datetime import date

import pytest

from zhuji.kernel.errors import NotFound
from zhuji.orgs.roles import ROLES, role
from zhuji.orgs.scope import tree_on
from zhuji.warehouse.hierarchy import EdgeRow, OrgRow


def test_every_role_is_found_by_its_key_and_no_other_word_is_a_role() -> None:
    assert [role(one.key) for one in ROLES] == list(ROLES)
    with pytest.raises(NotFound, match="没有名为“superuser”的角色"):
        role("superuser")


def test_a_closed_school_stays_below_its_last_town_and_no_earlier_one() -> None:
    begun, moved, closed = date(2010, 9, 1), date(2015, 9, 1), date(2020, 9, 1)
    orgs = (
        OrgRow("first", "town", begun, None),
        OrgRow("last", "town", begun, None),
        OrgRow("school", "school", begun, closed),
    )
    edges = (EdgeRow("school", "first", begun, moved), EdgeRow("school", "last", moved, None))
    tree = tree_on(orgs, edges, date(2025, 3, 1))
    assert tree.reach("first") == {"first"}
    assert tree.reach("last") == {"last", "school"}
