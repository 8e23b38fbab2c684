"""One county, one site, one browser for all stories; a visitor's context is their own."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.e2e import county as counties
from tests.e2e import site as sites
from tests.e2e.site import Site
from tests.e2e.visitor import Visit, Visitor, watch

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 60_000  # milliseconds; the machine is shared
NONE = "没有浏览器 Chromium，这些测试没有运行。请先执行 scripts/system-packages"
DESKTOP: dict[str, Any] = {"viewport": {"width": 1366, "height": 768}}
PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 780},
    "device_scale_factor": 2.75,
    "is_mobile": True,
    "has_touch": True,
    "user_agent": "Mozilla/5.0 (Linux; Android 11; Pixel 5) AppleWebKit/537.36 "
    "(KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36",
}
SLOW = {"offline": False, "latency": 400, "downloadThroughput": -1, "uploadThroughput": -1}


@pytest.fixture(scope="session")
def chromium() -> str:
    found = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip(NONE)
    return found


@pytest.fixture(scope="session")
def county(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("county")
    sites.build(home)
    return home


@pytest.fixture(scope="session")
def samples(county: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((county / counties.SAMPLES).read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="session")
def statements(county: Path) -> dict[str, int]:
    return sites.statements(county)


@pytest.fixture(scope="session")
def site(county: Path) -> Iterator[Site]:
    started = sites.start(county)
    yield started
    sites.stop(started)


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as player:
        # Its own controls, a day in a calendar, in a language that does not hang on the machine.
        english: dict[str, str | float | bool] = {**os.environ, "LANGUAGE": "en_US"}
        launched = player.chromium.launch(executable_path=chromium, env=english)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def passes() -> dict[str, Any]:
    """The cookies of whoever has been chosen once."""
    return {}


@pytest.fixture
def visit(site: Site, browser: Browser, passes: dict[str, Any]) -> Iterator[Visit]:
    """`visit("director")`: somebody of the invented county, signed in; `visit("")`: nobody."""
    opened: list[tuple[BrowserContext, Visitor]] = []

    def begin(
        username: str = "",
        *,
        phone: bool = False,
        keys: bool = False,
        slow: bool = False,
        cold: bool = False,
        fresh: bool = False,
        **more: Any,
    ) -> Visitor:
        look = {**(PHONE if phone else DESKTOP), "locale": "zh-CN", **more}
        context = browser.new_context(**look)
        context.set_default_timeout(PATIENCE)
        visitor = Visitor(context.new_page(), site.address, keys)
        watch(context, site.address, visitor.faults)
        opened.append((context, visitor))
        if username:
            sign_in(visitor, username, {} if fresh else passes)
        if slow:
            _slow_down(visitor, cold=cold)
        return visitor

    yield begin
    faults = [fault for _, visitor in opened for fault in visitor.faults]
    for context, _ in opened:
        context.close()
    assert not faults, "\n".join(faults)


def sign_in(visitor: Visitor, username: str, passes: dict[str, Any]) -> None:
    """On the page of invented people, or with the cookie of an earlier choice."""
    context = visitor.page.context
    if username in passes:
        context.add_cookies([passes[username]])
        return
    visitor.go("/choose/").page.locator(f'button[value="{username}"]').click()
    visitor.page.wait_for_url(visitor.address + "/")
    cookies = context.cookies()
    passes[username] = next(one for one in cookies if one["name"] == "sessionid")


def _slow_down(visitor: Visitor, *, cold: bool) -> None:
    """A cheap phone on a long line: a quarter of the speed, 400 ms to every answer.

    `cold`: nothing of the site is on it yet.
    """
    session = visitor.page.context.new_cdp_session(visitor.page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": cold})
    session.send("Network.emulateNetworkConditions", SLOW)
