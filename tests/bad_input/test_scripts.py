"""Script and markup in whatever a person may type: on every page it is text."""

from html.parser import HTMLParser

import pytest
from django.test import Client

from tests.fuzz.test_forms import LEFT_OUT, address, routes
from tests.lengths import choose
from tests.orgs import cast
from tests.returns import conftest as county
from zhuji.ledgers import desk
from zhuji.orgs.models import Person
from zhuji.orgs.scope import Reader
from zhuji.returns import actions as returns
from zhuji.tasks import actions as tasks
from zhuji.tasks.actions import Matter, Words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("people")]
people = county.people
MARK = "pwn"
STARTS = ("", '"', "'", "</td>", "</script>", "</textarea>", "</title>", "-->", "]]>", '">', "'>",
          "`", "\\", "{{", "{%")  # fmt: skip
BODIES = (
    "<script>pwn()</script>", "<img src=x onerror=pwn()>", "<svg/onload=pwn()>",
    "<iframe src=javascript:pwn()>",
    "<a href='javascript:pwn()'>a</a>", "<body onload=pwn()>",
    "<math><mi xlink:href=javascript:pwn()>",
    "<details open ontoggle=pwn()>", "onmouseover=pwn() ",
    "<style>@import'javascript:pwn()'</style>",
    "<pwn>", "<object data=javascript:pwn()>", "<base href=javascript:pwn()//>",
    "<form action=pwn>",
    "<meta http-equiv=refresh content=0;url=javascript:pwn()>", "<template><script>pwn()</script>",
    "&lt;script&gt;pwn()&lt;/script&gt;", "\u003cscript>pwn()</script>", "javascript:pwn()",
    "${pwn()}",
)  # fmt: skip
PAYLOADS = [start + body for start in STARTS for body in BODIES]
SHORT = PAYLOADS[:: choose(25, 1)]


class Scan(HTMLParser):
    """Tags, attributes and scripts that bear our mark; texts may."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._inside = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag if tag in ("script", "style") else ""
        if MARK in tag:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            runs = name.startswith("on") or (value or "").strip().casefold().startswith(
                "javascript:"
            )
            if MARK in name or (runs and MARK in (value or "") and name != "value"):
                self.found.append(f"<{tag} {name}={value}>")

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside and MARK in data:
            self.found.append(f"{self._inside}: {data[:80]}")


def plant(payload: str, number: int, readers: dict[str, Reader]) -> None:
    """Into every text field that reaches a page: rows, notices, rounds, saved views."""
    staff = {**cast.staff(f"X{number:05}", cast.SCHOOL), "name": payload[:60]}
    cast.put("staff", staff)
    child = cast.pupil(cast.pupil_no(200 + number), cast.SCHOOL)
    cast.put("pupils", {**child, "name": payload[:60], "address": payload})
    director, officer = readers["director"], readers["officer"]
    words = Words(text=f"请看 {payload}")
    tasks.instruct(
        director,
        Matter("item", "M9"),
        [cast.SCHOOL],
        words,
        now=cast.NOW,
        once=f"x{number}",
    )
    returns.draft(officer, county.wish(title=payload), now=cast.NOW, once=f"d{number}")
    desk.save_view("clerk", "staff", payload[:60] or "x", [("q", payload)], now=cast.NOW)


@pytest.mark.proof
def test_three_hundred_payloads_are_text_on_every_page(people: dict[str, Reader]) -> None:
    assert len(PAYLOADS) == 300
    for number, payload in enumerate(SHORT):
        plant(payload, number, people)
    for reader in ("clerk", "officer"):
        browser = Client()
        browser.force_login(Person.objects.get(username=reader))
        seen = 0
        for name, pattern in routes():
            if name in LEFT_OUT:
                continue
            answer = browser.get(address(pattern))
            if "text/html" not in answer.headers.get("Content-Type", ""):
                continue
            html = answer.content.decode()
            seen += html.count(MARK)
            assert Scan(html).found == [], pattern
        assert seen > len(SHORT), "the payloads are on no page"


@pytest.mark.parametrize("payload", SHORT)
def test_what_is_searched_for_is_text(payload: str) -> None:
    browser = Client()
    browser.force_login(Person.objects.get(username="clerk"))
    for where in ("/ledgers/staff/", "/search/", "/ledgers/staff/new/", "/sign-in/"):
        given = {"q": payload, "name": payload, "next": payload, "sort": payload, "org": payload}
        assert Scan(browser.get(where, given).content.decode()).found == [], where


def test_a_page_that_forgot_to_escape_would_be_noticed() -> None:
    for body in BODIES[:8]:
        assert Scan(f"<p>{body}</p>").found
