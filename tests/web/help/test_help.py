"""The help: every document is a page, links lead somewhere, nothing of the text acts as HTML."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import Resolver404, resolve

from tests.web.helpful import build, client
from zhuji.web.help import docs, rendering, topics
from zhuji.web.help.views import FIRST_DAY, STORIES

pytestmark = pytest.mark.django_db
PRODUCT = re.compile(r"\]\((/[^)\s]*)\)")
FILE = re.compile(r"\]\((?!/|#|https:)([^)\s#]+\.md)[^)]*\)")


def test_every_document_of_the_four_sections_is_a_page_of_its_own() -> None:
    every = docs.every()
    assert "howto/operate" in every
    assert {one.section for one in every.values()} == set(docs.SECTIONS)
    for one in every.values():
        answer = Client().get(f"/help/{one.id}/")
        assert answer.status_code == 200, one.id
        assert f"<h1>{one.title}".replace("&", "&amp;") in answer.content.decode()


def test_documents_of_other_folders_and_strange_paths_are_not_served() -> None:
    for path in ("security/threat-model", "decisions/0001-one-bridge-snapshot", "../README",
                 "howto/../security/threat-model", "howto/operate.md", "nothing"):  # fmt: skip
        assert Client().get(f"/help/{path}/").status_code == 404, path


def test_no_html_of_a_document_and_no_strange_link_passes() -> None:
    text = (
        "# x\n\n<script>alert(1)</script> [a](javascript:alert(1)) ![b](https://x/y.png) <b>c</b>"
    )
    made = rendering.html(text, "howto/x", frozenset())
    assert "<script" not in made
    assert "<b>" not in made
    assert "<img" not in made
    assert "javascript:alert" not in re.sub(r"\[a\]\(javascript[^)]*\)", "", made)


@pytest.mark.parametrize(
    ("href", "address"),
    [
        ("../howto/operate.md", "/help/howto/operate/"),
        ("first-judgement.md#s2", "/help/tutorial/first-judgement/#s2"),
        ("/plan/", "/plan/"),
        ("#s1", "#s1"),
        ("../../CONTRIBUTING.md", ""),
        ("//elsewhere.example/", ""),
        ("http://elsewhere.example/", ""),
        ("javascript:alert(1)", ""),
    ],
)
def test_a_link_leads_to_a_page_that_is_served_or_nowhere(href: str, address: str) -> None:
    known = frozenset({"howto/operate", "tutorial/first-judgement"})
    assert rendering.address(href, "tutorial/director", known) == address


def test_every_link_in_the_documents_leads_to_a_document_or_file_that_exists() -> None:
    lost = []
    for one in docs.every().values():
        for path in FILE.findall(one.text):
            if not (one.file.parent / path).resolve().is_file():
                lost.append((one.id, path))
    assert lost == []


def test_every_page_of_the_product_that_a_document_names_exists() -> None:
    lost = []
    for one in docs.every().values():
        for path in PRODUCT.findall(one.text):
            try:
                resolve(path.partition("?")[0].partition("#")[0])
            except Resolver404:
                lost.append((one.id, path))
    assert lost == []


def test_each_role_is_shown_the_way_to_its_own_story() -> None:
    build()
    for username, story in (
        ("director", "tutorial/director"),
        ("officer", "tutorial/officer"),
        ("town", "tutorial/town-officer"),
        ("head", "tutorial/principal"),
        ("clerk", "tutorial/clerk"),
        ("teacher", "tutorial/teacher"),
    ):
        page = client(username).get("/help/").content.decode()
        tiles = page.partition("help-start")[2].partition('<div class="help-front">')[0]
        assert f'href="/help/{story}/"' in tiles, username
        assert f'href="/help/{FIRST_DAY}/"' in tiles
    assert set(STORIES.values()) <= set(docs.every())


def test_the_first_day_has_five_steps_for_each_role() -> None:
    text = docs.every()[FIRST_DAY].text
    parts = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    roles = [part for part in parts if not part.startswith("给")]
    assert len(roles) == len(STORIES)
    for part in roles:
        assert re.findall(r"^(\d)\. ", part, flags=re.MULTILINE) == ["1", "2", "3", "4", "5"], part


def test_a_line_that_goes_on_is_joined_without_a_space_in_chinese_only() -> None:
    made = rendering.html("# x\n\n一行，\n又一行 and\nanother", "howto/x", frozenset())
    assert "一行，又一行 and\nanother" in made


def test_titles_and_headings_are_found_by_the_search_box() -> None:
    found = {one.id: one for one in topics.candidates()}
    assert "四、备份" in found["howto/operate"].names


def test_the_documents_stand_where_the_settings_say() -> None:
    assert Path(settings.ZHUJI_DOCS, "README.md").is_file()
