"""Every form of every page, filled with whatever there is: refused in words, never a fault."""

from random import Random
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.answers import whole
from tests.lengths import choose, report
from tests.orgs import cast
from tests.returns import conftest as county
from tests.web.returns.browser import Form, Reading
from zhuji.ledgers.models import rows_of
from zhuji.orgs.models import Person

pytestmark = [pytest.mark.proof, pytest.mark.django_db, pytest.mark.usefixtures("people")]
people = county.people
CASES = choose(2, 500)  # for each form
READERS = choose(("clerk", "officer"), ("clerk", "town", "officer", cast.CHIEF))
# Signing out ends the trial; the chooser is of invented counties, the style guide of engineers.
LEFT_OUT = frozenset({"sign-out", "leave-everywhere", "style", "choose"})
GARBAGE = (
    "", " ", "0", "-1", "9" * 400, "9" * 5_000, "1e400", "NaN", "٣", "²", "２０２２－０１－０１",
    "2022-02-30", "9999-12-31", "0001-01-01", "null", "None", "[]", "{}", '{"a":', "a\x00b",
    "\ud800", "𬎆·买买提",
    "<script>alert(1)</script>", "'; DROP TABLE x; --", "../../etc/passwd", "=1+1", "%s%n{0}{x}",
    "是", "2199000101", "S000001", "primary", "a" * 70_000, "\r\n\t", "\u202e", "1:2:3",
    "0:1:99999999",
    "x:y:z", "{row}", "on", "1,2", "true",
)  # fmt: skip
EXTRA = ("do", "once", "base", "next", "org", "cell-0:1:2", "cell-a:b:c", "cell-0:1:999999999",
         "pasted", "row", "overwrite", "column", "why", "until", "number", "seen", "scope", "area",
         "where")  # fmt: skip


def routes(found: Any = None, before: str = "") -> list[tuple[str, str]]:
    """(name, pattern) of every page."""
    made = []
    for one in (found or get_resolver()).url_patterns:
        text = before + str(one.pattern)
        if isinstance(one, URLResolver):
            made += routes(one, text)
        elif isinstance(one, URLPattern) and one.name and not text.startswith("api/"):
            made.append((one.name, text))
    return made


def address(pattern: str) -> str:
    """With something that exists in each place."""
    known = {
        "<slug:key>": "staff", "<int:row>": str(rows_of("staff").get(staff_no="S000001").pk),
        "<slug:column>": "phone", "<slug:org>": cast.SCHOOL, "<path:username>": "clerk",
        "<str:node>": "M9", "<str:code>": cast.SCHOOL, "<slug:code>": cast.SCHOOL,
    }  # fmt: skip
    for part, value in known.items():
        pattern = pattern.replace(part, value)
    while "<" in pattern:
        start, end = pattern.index("<"), pattern.index(">")
        pattern = pattern[:start] + "1" + pattern[end + 1 :]
    return f"/{pattern.removesuffix('$')}"


def filled(form: Form | None, chance: Random) -> dict[str, Any]:
    """Some fields as they stand, some spoilt, some away, some that were never there."""
    given: dict[str, Any] = {}
    for one in form.fields if form else []:
        if one.name and chance.random() < 0.85:
            given[one.name] = one.value if chance.random() < 0.5 else chance.choice(GARBAGE)
    for name in chance.sample(EXTRA, 3):
        given.setdefault(name, chance.choice(GARBAGE))
    if form and form.buttons and chance.random() < 0.8:
        _, name, value = chance.choice(form.buttons)
        given |= {name: value} if name else {}
    return {name: value.encode("utf-8", "replace").decode() for name, value in given.items()}


def forms_at(browser: Client, where: str) -> list[tuple[str, Form | None]]:
    answer = browser.get(where)
    found: list[tuple[str, Form | None]] = [(where, None)]
    if answer.status_code == 200 and "text/html" in answer.headers.get("Content-Type", ""):
        for form in Reading(answer.content.decode()).forms:
            if form.method.lower() == "post":
                found.append((form.action or where, form))
    return found


def fault(answer: Any, where: str, given: dict[str, Any]) -> list[str]:
    """What broke, where and by what, short enough to be read."""
    if answer.status_code < 500:
        return []
    kind, error = answer.exc_info[:2] if answer.exc_info else ("", "")
    short = {name: value[:40] for name, value in given.items()}
    return [f"{where} {getattr(kind, '__name__', '')} {str(error)[:100]}: {short}"]


@pytest.mark.parametrize("reader", READERS)
def test_no_form_breaks_a_page(reader: str) -> None:
    browser = Client(raise_request_exception=False)
    chance = Random(11)  # noqa: S311
    faults: list[str] = []
    tried, answers = 0, dict[int, int]()
    for name, pattern in routes():
        if name in LEFT_OUT:
            continue
        browser.force_login(Person.objects.get(username=reader))
        for where, form in forms_at(browser, address(pattern)):
            if not where.startswith("/") or "sign-out" in where:
                continue
            for _ in range(CASES):
                given = filled(form, chance)
                answer = browser.post(where, given)
                faults += fault(answer, where, given)
                answers[answer.status_code] = answers.get(answer.status_code, 0) + 1
                tried += 1
    assert faults == []
    assert answers.get(200, 0) + answers.get(302, 0) + answers.get(422, 0) > 0
    report("forms", reader=reader, posts=tried, answers=answers)


@pytest.mark.parametrize("reader", READERS)
def test_no_query_breaks_a_page(reader: str) -> None:
    faults: list[str] = []
    browser = Client(raise_request_exception=False)
    browser.force_login(Person.objects.get(username=reader))
    chance = Random(12)  # noqa: S311
    names = ("on", "org", "q", "page", "size", "sort", "format", "org__under", "name__contains",
             "item", "hired_on__from", "ledger", "columns", "next", "box",
             "new", "saved")  # fmt: skip
    for name, pattern in routes():
        if name in LEFT_OUT:
            continue
        for _ in range(CASES):
            given = {one: chance.choice(GARBAGE)[:2_000] for one in chance.sample(names, 3)}
            kept = {n: v.encode("utf-8", "replace").decode() for n, v in given.items()}
            answer = browser.get(address(pattern), kept)
            faults += fault(answer, pattern, kept)
            whole(answer)
    assert faults == []
