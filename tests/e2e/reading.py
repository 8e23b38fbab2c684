"""What a page must not do, as axe and a ruler see it."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "build" / "node" / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS = (360, 600, 1024, 1920, 3840)
_RUN = "() => axe.run(document, {resultTypes: ['violations']})"
_OPEN = "() => document.querySelectorAll('main details').forEach(one => { one.open = true })"
# What reaches beyond the right edge, outside of anything that scrolls by itself.
_BEYOND = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  const clipped = e => { for (let p = e.parentElement; p; p = p.parentElement)
    if (getComputedStyle(p).overflowX !== 'visible') return true; return false };
  return [...document.querySelectorAll('body *')]
    .filter(e => e.getBoundingClientRect().right > wide + 1 && !clipped(e))
    .map(e => e.tagName + '.' + e.className).slice(0, 5).concat('scrolls sideways');
}"""


def unfold(page: Page) -> None:
    """What is folded up is read as well."""
    page.evaluate(_OPEN)


def violations(page: Page) -> list[str]:
    """Each with the first places where it was found; axe stands in the page by an init script."""
    found: dict[str, Any] = page.evaluate(_RUN)
    return [
        f"{one['id']}: {one['help']} — {[node['html'][:160] for node in one['nodes'][:3]]}"
        for one in found["violations"]
    ]


def beyond(page: Page) -> list[str]:
    """What makes the page scroll sideways at its present width."""
    found: list[str] = page.evaluate(_BEYOND)
    return found
