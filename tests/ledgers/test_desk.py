"""Saved views and drafts are one person's own; a draft is encrypted and gone after a month."""

from datetime import timedelta

import pytest

from tests.orgs.cast import NOW
from zhuji.kernel.errors import BadInput, NotFound, Refused
from zhuji.ledgers import desk

pytestmark = pytest.mark.django_db
PAIRS = [("org__under", "990101101"), ("sort", "-grade")]


def test_a_view_is_kept_under_its_name_and_replaced_by_it() -> None:
    desk.save_view("a", "classes", " 大盛镇 ", PAIRS, now=NOW)
    desk.save_view("a", "classes", "大盛镇", PAIRS[:1], now=NOW)
    [mine] = desk.views("a", "classes")
    assert (mine.name, mine.query) == ("大盛镇", (("org__under", "990101101"),))
    assert desk.views("b", "classes") == desk.views("a", "pupils") == ()


def test_only_its_owner_drops_a_view() -> None:
    made = desk.save_view("a", "classes", "x", PAIRS, now=NOW)
    with pytest.raises(NotFound):
        desk.drop_view("b", made.id)
    desk.drop_view("a", made.id)
    assert desk.views("a", "classes") == ()


def test_names_and_numbers_have_limits() -> None:
    for name in (" ", "长" * 61):
        with pytest.raises(BadInput):
            desk.save_view("a", "classes", name, PAIRS, now=NOW)
    for number in range(desk.MOST_VIEWS):
        desk.save_view("a", "classes", f"v{number}", PAIRS, now=NOW)
    with pytest.raises(Refused):
        desk.save_view("a", "classes", "one more", PAIRS, now=NOW)
    desk.save_view("a", "classes", "v0", PAIRS, now=NOW)


def test_a_draft_comes_back_as_it_was_left_and_is_stored_unreadable() -> None:
    desk.save_draft("a", "pupils/new", {"name": "李小明"}, now=NOW)
    desk.save_draft("a", "pupils/new", {"name": "李小红"}, now=NOW + timedelta(minutes=1))
    left = desk.draft("a", "pupils/new", now=NOW)
    assert left is not None
    assert (left.content, left.saved_at) == ({"name": "李小红"}, NOW + timedelta(minutes=1))
    assert "李小" not in repr(desk.Draft.objects.values_list().get())
    assert desk.draft("b", "pupils/new", now=NOW) is None
    desk.drop_draft("a", "pupils/new")
    assert desk.draft("a", "pupils/new", now=NOW) is None


def test_a_draft_lasts_a_month() -> None:
    desk.save_draft("a", "f", {}, now=NOW)
    assert desk.draft("a", "f", now=NOW + timedelta(days=29)) is not None
    assert desk.draft("a", "f", now=NOW + timedelta(days=30)) is None
    assert desk.forget(now=NOW + timedelta(days=29)) == 0
    assert desk.forget(now=NOW + timedelta(days=30)) == 1
