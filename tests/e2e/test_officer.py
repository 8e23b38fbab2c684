"""The programme officer: ask from a clause, chase who has not answered (J2, first half)."""

import pytest

from tests.e2e.timing import quickest
from tests.e2e.visitor import Visit, Visitor

MOST_CLICKS, MOST_SECONDS = 14, 20.0
COMPILING = 5  # the clicks of J2 that come after: compile, compare, accept, export, bulletin


def ask(officer: Visitor) -> Visitor:
    """From the clause to the confirmation, then to who owes and to the reminder."""
    officer.go("/plan/M11/").clicks = 0
    officer.link("发起填报")
    areas = officer.page.locator('main input[name="area"]:not(:checked)')
    for _ in range(min(2, areas.count())):
        officer.tick_box(areas.first)
    officer.clicks += 1  # a day is chosen in the calendar of the browser
    officer.type("due", "2023-07-20").button("预览").button("确认发起")
    assert "已发起" in officer.page.inner_text("body")
    officer.link("未报").button("一键催办")
    return officer


@pytest.mark.parametrize("how", ["pointer", "keyboard", "phone"])
def test_a_round_is_asked_for_and_chased_within_the_clicks_and_seconds_of_j2(
    visit: Visit, how: str
) -> None:
    officer = visit("officer", keys=how == "keyboard", phone=how == "phone", slow=how == "phone")
    officer.go("/")
    took = quickest(lambda: ask(officer), limit=MOST_SECONDS)
    assert "已催办" in officer.page.inner_text("body")
    assert officer.clicks + COMPILING <= MOST_CLICKS
    assert how == "keyboard" or took <= MOST_SECONDS, took


def test_a_principal_hands_in_what_was_asked_and_keeps_a_receipt(visit: Visit) -> None:
    clerk = visit("clerk").go("/returns/")
    clerk.press(clerk.page.locator("#owed a, .tasks a").first)
    for one in clerk.page.locator('main select[name^="cell:"]').all():
        one.select_option(index=1)
    for one in clerk.page.locator('main input[name^="cell:"]').all():
        one.fill("2023-06-01" if one.get_attribute("type") == "date" else "1")
    clerk.button("保存").button("送负责人审核")
    principal = visit("principal").go("/returns/")
    principal.press(principal.page.locator("#owed a, .tasks a").first).button("确认上报")
    assert "/receipt/" in principal.path
    assert "回执" in principal.words
