"""Somebody at a browser: clicks are counted, faults that nobody sees are written down.

A click is what B5 counts: a press of the pointer, a tap, or Enter on a control. Typing is free.
"""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Request

MOST_TABS = 400
STAND_HERE = "e => e === document.activeElement"
# To another page by itself: htmx, dialogs and places on the same page do not.
LEADS_AWAY = """e => !e.dataset.dialog && !e.closest('[hx-get],[hx-post]:not(form)') && (
  e.matches('a[href]') ? !e.getAttribute('href').startsWith('#')
  : e.matches('button') && e.type === 'submit' && e.form && !(e.form.hasAttribute('hx-post')
    && !e.form.hasAttribute('hx-trigger')))"""
SAME_GROUP = "e => e.name && e.name === document.activeElement.name"


@dataclass
class Visitor:
    """`keys`: nothing but the keyboard. `faults`: console errors, refusals of the content policy,
    requests to anywhere else, answers 5xx."""

    page: Page
    address: str
    keys: bool = False
    clicks: int = 0
    faults: list[str] = field(default_factory=list)

    def go(self, path: str) -> "Visitor":
        self.page.goto(self.address + path)
        return self

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.address)

    @property
    def words(self) -> str:
        return self.page.inner_text("main")

    def link(self, words: str) -> "Visitor":
        return self.press(self.page.get_by_role("link", name=words).first)

    def button(self, words: str) -> "Visitor":
        return self.press(self.page.get_by_role("button", name=words).first)

    def press(self, found: Locator) -> "Visitor":
        """A link, a button or what opens a menu; waits for the page that it leads to."""
        self.clicks += 1
        leads = self.page.expect_navigation() if found.evaluate(LEADS_AWAY) else nullcontext()
        with leads:
            if self.keys:
                self._reach(found)
                self.page.keyboard.press("Enter")
            else:
                found.click()
        return self

    def tick(self, label: str) -> "Visitor":
        """A box, or one of several to choose from."""
        return self.tick_box(self.page.get_by_label(label, exact=False).first)

    def tick_box(self, found: Locator) -> "Visitor":
        self.clicks += 1
        if not self.keys:
            found.click()
        elif found.get_attribute("type") == "radio":
            self._walk_to_choice(found)
        else:
            self._reach(found)
            self.page.keyboard.press("Space")
        return self

    def choose(self, name: str, words: str) -> "Visitor":
        """From a list; that is one click, or the arrows until it stands there."""
        found = self.page.locator(f'main [name="{name}"]').first
        self.clicks += 1
        if not self.keys:
            found.select_option(label=words)
            return self
        self._reach(found)
        for _ in range(MOST_TABS):
            if found.evaluate("e => e.selectedOptions[0].label") == words:
                return self
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"the arrows do not reach {words} on {self.path}")

    def type(self, name: str, text: str) -> "Visitor":
        """Typing is free, and so is coming to the field by the tabulator."""
        found = self.page.locator(f'main [name="{name}"]').first
        if self.keys:
            self._reach(found)
            self._enter(found, text)
        else:
            found.fill(text)
        return self

    def _enter(self, found: Locator, text: str) -> None:
        """Instead of what stands there; a date is typed part by part, as its control asks."""
        if found.get_attribute("type") == "date":
            year, month, day = text.split("-")
            self.page.keyboard.type(month + day + year)  # the browser itself speaks English
            return
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)

    def _reach(self, found: Locator) -> None:
        """By the tabulator alone; what cannot be reached so is a fault of the page."""
        found.wait_for()
        for _ in range(MOST_TABS):
            if found.evaluate(STAND_HERE):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not reach {found} on {self.path}")

    def _walk_to_choice(self, found: Locator) -> None:
        for _ in range(MOST_TABS):
            if found.evaluate(SAME_GROUP):
                break
            self.page.keyboard.press("Tab")
        if found.evaluate(STAND_HERE):
            self.page.keyboard.press("Space")
        for _ in range(MOST_TABS):
            if found.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"the arrows do not reach {found} on {self.path}")


def watch(context: BrowserContext, address: str, faults: list[str]) -> None:
    """Whatever goes wrong on any page of the context is written down, whoever looks."""

    def said(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not _expected(message):
            faults.append(f"console: {message.text}")

    def asked(request: Request) -> None:
        if not request.url.startswith((address, "data:", "blob:")):
            faults.append(f"asked elsewhere: {request.url}")

    def answered(response: Any) -> None:
        is_ours = "/static/" in response.url  # a page may be refused, what it needs may not
        if response.status >= 500 or (response.status >= 400 and is_ours):
            faults.append(f"{response.status}: {response.url}")

    context.on("console", said)
    context.on("weberror", lambda fault: faults.append(f"script: {fault.error}"))
    context.on("request", asked)
    context.on("response", answered)


def _expected(message: ConsoleMessage) -> bool:
    """The browser notes every answer 4xx; a refused form is one, and stories look at it."""
    return "Failed to load resource" in message.text and "status of 4" in message.text


Visit = Callable[..., Visitor]
