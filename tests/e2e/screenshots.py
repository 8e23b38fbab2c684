"""`python -m tests.e2e.screenshots`: the main pages at three widths, under build/screenshots."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from tests.e2e import site as sites
from tests.e2e.conftest import CHROMIUM, NONE, sign_in
from tests.e2e.site import ROOT, Site
from tests.e2e.test_figures import MAIN
from tests.e2e.visitor import Visitor

OUT = ROOT / "build" / "screenshots"
WIDTHS = {"phone": (360, 780), "desktop": (1366, 768), "wide": (1920, 1080)}


def main() -> None:
    found = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    if found is None:
        raise SystemExit(NONE)
    OUT.mkdir(parents=True, exist_ok=True)
    with _site() as site, sync_playwright() as player:
        browser = player.chromium.launch(executable_path=found)
        passes: dict[str, Any] = {}
        for name, (width, height) in WIDTHS.items():
            _taken(site, browser, passes, name, {"width": width, "height": height})
        browser.close()


def _taken(
    site: Site, browser: Browser, passes: dict[str, Any], name: str, size: dict[str, int]
) -> None:
    for path, reader in {**MAIN, "/sign-in/": "", "/choose/": "", "/help/": "director"}.items():
        context = browser.new_context(viewport=size, locale="zh-CN")  # type: ignore[arg-type]
        visitor = Visitor(context.new_page(), site.address)
        if reader:
            sign_in(visitor, reader, passes)
        visitor.go(path).page.wait_for_load_state("networkidle")
        stem = path.strip("/").replace("/", "-") or "home"
        visitor.page.screenshot(path=OUT / f"{stem}-{name}.png", full_page=True)
        context.close()


@contextmanager
def _site() -> Iterator[Site]:
    with tempfile.TemporaryDirectory(prefix="zhuji-screens-") as folder:
        home = Path(folder)
        sites.build(home)
        started = sites.start(home)
        try:
            yield started
        finally:
            sites.stop(started)


if __name__ == "__main__":
    main()
