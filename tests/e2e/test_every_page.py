"""Every page, in both languages, light and dark, wide and narrow: readable by everybody."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.e2e import addresses, reading
from tests.e2e.conftest import DESKTOP, PATIENCE, PHONE, sign_in
from tests.e2e.site import Site
from tests.e2e.visitor import Visitor, watch

# Complementary looks: each language, each theme and each device is seen on every page.
LOOKS: Mapping[str, dict[str, Any]] = {
    "zh-hans light wide": {**DESKTOP, "color_scheme": "light"},
    "en dark phone": {**PHONE, "color_scheme": "dark"},
}


class Room:
    """Readers at their browsers, one window for each of them in each look."""

    def __init__(self, site: Site, browser: Browser, passes: dict[str, Any]) -> None:
        self._site, self._browser, self._passes = site, browser, passes
        self._seats: dict[tuple[str, str], Visitor] = {}

    def seat(self, reader: str, look: str) -> Visitor:
        if (reader, look) not in self._seats:
            self._seats[reader, look] = self._taken(reader, look)
        return self._seats[reader, look]

    def _taken(self, reader: str, look: str) -> Visitor:
        language = look.split()[0]
        context = self._browser.new_context(**LOOKS[look], locale=language)
        context.set_default_timeout(PATIENCE)
        context.add_init_script(path=reading.AXE)
        cookie = {"name": "django_language", "value": language, "url": self._site.address}
        context.add_cookies([cookie])  # type: ignore[list-item]
        visitor = Visitor(context.new_page(), self._site.address)
        watch(context, self._site.address, visitor.faults)
        if reader:
            sign_in(visitor, reader, self._passes)
        return visitor

    def close(self) -> None:
        for visitor in self._seats.values():
            visitor.page.context.close()


@pytest.fixture(scope="module")
def room(site: Site, browser: Browser, passes: dict[str, Any]) -> Iterator[Room]:
    assert reading.AXE.exists(), "run `make setup`"
    made = Room(site, browser, passes)
    yield made
    made.close()


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("state", addresses.states())
def test_a_page_is_readable_by_all_and_keeps_to_its_width(
    room: Room, samples: dict[str, Any], state: str, look: str
) -> None:
    where = addresses.address(state, samples)
    visitor = room.seat(where.reader, look)
    visitor.faults.clear()
    answer = visitor.page.goto(visitor.address + where.path)
    assert answer is not None
    assert answer.status == where.status, f"{where}: name who reads it in tests/e2e/addresses.py"
    folded = reading.beyond(visitor.page)
    reading.unfold(visitor.page)
    found = [*folded, *reading.violations(visitor.page), *reading.beyond(visitor.page)]
    if not look.endswith("phone"):
        found += _at_every_width(visitor)
    found += visitor.faults
    assert not found, "\n".join(found)


def _at_every_width(visitor: Visitor) -> list[str]:
    found = []
    for width in reading.WIDTHS:
        visitor.page.set_viewport_size({"width": width, "height": 768})
        found += [f"{width}: {one}" for one in reading.beyond(visitor.page)]
    visitor.page.set_viewport_size(DESKTOP["viewport"])
    return found


# A form sent with nothing in it: the button that sends it.
EMPTY = {
    "sign-in": "登录", "ledger-new": "保存", "ledger-import": "检查", "person-new": "添加",
    "notice-compose": "发出批示", "return-new": "预览", "feedback": "提交", "children": "查询",
}  # fmt: skip


@pytest.mark.parametrize(("route", "button"), EMPTY.items())
def test_a_refused_form_says_so_in_title_and_summary_and_is_readable(
    room: Room, samples: dict[str, Any], route: str, button: str
) -> None:
    where = addresses.address(route, samples)
    visitor = room.seat(where.reader, next(iter(LOOKS)))
    visitor.faults.clear()
    visitor.go(where.path)
    for area in visitor.page.locator("main input[name=area]:checked").all():
        area.uncheck()
    visitor.press(visitor.page.locator("main").get_by_role("button", name=button).first)
    assert visitor.page.title().startswith("错误：")
    summary = visitor.page.locator("[data-errors]")
    assert summary.evaluate("e => e === document.activeElement")
    for link in summary.locator("a").all():
        assert (
            visitor.page.locator(f"[id='{(link.get_attribute('href') or '#')[1:]}']").count() == 1
        )
    found = [*reading.violations(visitor.page), *visitor.faults]
    assert not found, "\n".join(found)


def test_menus_and_the_drawer_are_readable_when_they_are_open(room: Room) -> None:
    for look in LOOKS:
        visitor = room.seat("director", look).go("/")
        for menu in ("details.look summary", "details.person summary", "nav.bottom [data-nav]"):
            if not visitor.page.locator(menu).is_visible():
                continue
            visitor.page.locator(menu).click()
            found = [*reading.violations(visitor.page), *reading.beyond(visitor.page)]
            assert not found, "\n".join([look, menu, *found])
            visitor.page.keyboard.press("Escape")
