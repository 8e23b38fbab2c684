"""The front end: a strict content policy, no bare text, small bundles, parts kept to their word."""

import gzip
import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import QueryDict
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import resolve
from django.utils import translation

from zhuji.kernel.lights import LABELS, MARKS, Light
from zhuji.kernel.messages import Label, say
from zhuji.web import lists
from zhuji.web.frame import PLACES, Frame
from zhuji.web.templatetags import figures

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "zhuji" / "web"
FRONT = WEB / "front"
BUILT = ROOT / "build" / "static"
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
HAN = re.compile(r"[\u3400-\u9fff]")
SCRIPT_LIMIT = 170_000
STYLE_LIMIT = 120_000


def named(path: Path) -> str:
    return path.relative_to(WEB / "templates").as_posix()


def bare(source: str) -> list[str]:
    """Chinese that no translator would ever see."""
    hidden = re.sub(
        r"\{% blocktrans(?:late)?\b.*?\{% endblocktrans(?:late)? %\}", "", source, flags=re.S
    )
    hidden = re.sub(r"\{% trans(?:late)? .*?%\}|_\(\"[^\"]*\"\)", "", hidden)
    hidden = re.sub(r"\{#.*?#\}|\{% comment.*?endcomment %\}", "", hidden, flags=re.S)
    return [line.strip() for line in hidden.splitlines() if HAN.search(line)]


class Inline(HTMLParser):
    """Collects what the content policy would silently refuse to run or to show."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "style" or (tag == "script" and "src" not in given and not is_data(given)):
            self.found.append(f"<{tag}>")
        self.found += [
            name for name in given if name == "style" or name.startswith(("on", "hx-on"))
        ]
        self.found += [
            f"{name}={value}"
            for name, value in given.items()
            if (value or "").strip().startswith(("javascript:", "js:"))
        ]


def is_data(given: dict[str, str | None]) -> bool:
    return (given.get("type") or "") in {"application/json", "application/ld+json"}


def inline(source: str) -> list[str]:
    reader = Inline()
    # Tags inside an attribute would confuse the reader; what they print is the page's own affair.
    reader.feed(re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", source))
    return reader.found


def rendered(source: str, **context: Any) -> str:
    loaded = "{% load i18n words figures parts %}"
    return Template(loaded + source).render(Context(context))


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_no_template_carries_script_or_style_of_its_own(path: Path) -> None:
    assert inline(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_every_text_of_a_template_reaches_the_translator(path: Path) -> None:
    assert bare(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('<p style="color: red">', ["style"]),
        ('<button onclick="go()">', ["onclick"]),
        ('<a href="javascript:go()">', ["href=javascript:go()"]),
        ("<script>go()</script>", ["<script>"]),
        ("<style>p {}</style>", ["<style>"]),
        ('<script type="application/json">{}</script><script src="/a.js"></script>', []),
    ],
)
def test_the_lint_of_inline_things_can_fail(source: str, found: list[str]) -> None:
    assert inline(source) == found


def test_the_lint_of_bare_text_can_fail() -> None:
    assert bare('<p>学校</p>{% translate "学校" %}') == ["<p>学校</p>"]
    assert bare('{% show "empty" title="无" text=_("没有") %}') == [
        '{% show "empty" title="无" text= %}'
    ]
    assert bare("{% blocktranslate %}共 {{ n }} 行{% endblocktranslate %}") == []


@pytest.mark.django_db
def test_every_answer_says_what_a_browser_may_do(client: Client) -> None:
    answer = client.get("/nowhere-at-all/")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "camera=()" in answer.headers["Permissions-Policy"]


@pytest.mark.django_db
def test_the_page_that_is_not_there_says_whom_to_ask_and_reveals_nothing(client: Client) -> None:
    with translation.override("zh-hans"):
        answer = client.get("/nowhere-at-all/", headers={"accept-language": "zh-hans"})
    text = answer.content.decode()
    assert answer.status_code == 404
    assert "<h1>没有这个页面</h1>" in text
    assert "nowhere-at-all" not in re.sub(r'name="next" value="[^"]*"', "", text)


def test_the_page_of_a_fault_needs_no_database() -> None:
    """No `django_db` mark: a statement would fail this test."""
    request = RequestFactory().get("/")
    assert "系统出了差错" in render_to_string("web/broken.html", request=request)


@pytest.mark.django_db
@pytest.mark.urls("zhuji.web.style.urls")
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_style_guide_shows_every_part_without_anything_inline(
    client: Client, language: str
) -> None:
    answer = client.get("/style/?errors=1&undo=1", headers={"accept-language": language})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert inline(text) == []
    used = re.findall(r'\{% (?:show|part) "([a-z]+)"', guide())
    parts = {path.stem for path in (WEB / "templates/web/parts").glob("[a-z]*.html")}
    assert parts - set(used) == {"clause"}, "shown inside the field; every other part by itself"


def guide() -> str:
    return (WEB / "templates/style/guide.html").read_text(encoding="utf-8")


@pytest.mark.django_db
@pytest.mark.urls("zhuji.web.style.urls")
def test_a_page_with_errors_says_so_first_in_its_title(client: Client) -> None:
    chinese = {"accept-language": "zh-hans"}
    assert "<title>错误：" in client.get("/style/?errors=1", headers=chinese).content.decode()
    assert "<title>错误：" not in client.get("/style/", headers=chinese).content.decode()


@pytest.mark.parametrize("light", list(Light))
def test_a_light_is_told_by_mark_and_word_as_well_as_colour(light: Light) -> None:
    with translation.override("zh-hans"):
        shown = rendered('{% show "light" light=light %}', light=light)
    assert MARKS[light] in shown
    assert LABELS[light].zh in shown
    assert f"light-{light.value}" in shown


def test_a_part_sees_only_what_it_is_given() -> None:
    shown = rendered('{% show "field" id="note" label="x" kind="textarea" %}', rows=["a"], hint="b")
    assert 'rows="4"' in shown
    assert "hint" not in shown


def test_a_field_ties_its_hint_and_its_error_to_the_control() -> None:
    shown = rendered(
        '{% show "field" id="books" label=label kind="number" value="x" hint="h" error=error %}',
        label=Label("图书", "Books"),
        error=say("应是数字。"),
    )
    assert '<label for="books">' in shown
    assert 'aria-describedby="books-hint books-error"' in shown
    assert 'aria-invalid="true"' in shown
    assert 'id="books-error"' in shown


def test_the_error_summary_takes_the_focus_and_leads_to_the_field() -> None:
    errors = [{"message": "应是数字。", "anchor": "books"}]
    shown = rendered('{% show "errors" errors=errors %}', errors=errors)
    assert 'tabindex="-1" data-errors' in shown
    assert '<a href="#books">应是数字。</a>' in shown
    assert rendered('{% show "errors" errors=errors %}', errors=[]).strip() == ""


def test_what_a_part_is_given_is_escaped() -> None:
    shown = rendered('{% part "card" title=title %}{{ title }}{% endpart %}', title="<b>x</b>")
    assert "<b>" not in shown
    assert shown.count("&lt;b&gt;x&lt;/b&gt;") == 2


def test_a_chart_carries_words_and_numbers_that_a_script_can_read() -> None:
    spec = {
        "kind": "bar",
        "x": [Label("镇", "Town")],
        "series": [{"values": [Decimal("1.5"), None]}],
    }
    shown = rendered('{% part "chart" id="c" chart=spec caption="x" %}t{% endpart %}', spec=spec)
    [told] = re.findall(r'<script id="c" type="application/json">(.*?)</script>', shown)
    assert json.loads(told)["series"] == [{"values": [1.5, None]}]
    assert json.loads(told)["x"] == ["镇"]
    assert "<details" in shown


def test_a_finished_job_is_asked_for_no_more() -> None:
    running = {"label": "x", "running": True, "state": "running", "href": "/jobs/1/", "total": 5}
    assert 'hx-trigger="every 1s"' in rendered('{% show "progress" id="j" job=job %}', job=running)
    done = {"label": "x", "running": False, "state": "done", "result": "好了"}
    shown = rendered('{% show "progress" id="j" job=job %}', job=done)
    assert "hx-" not in shown
    assert "好了" in shown


@pytest.mark.parametrize(
    ("language", "day", "year", "money"),
    [
        ("zh-hans", "2023年6月30日", "2022—2023学年", "1,080.00万元"),
        ("en", "30 June 2023", "2022\u201323 school year", "¥10,800.0k"),
    ],
)
def test_days_years_and_money_stand_as_each_reader_writes_them(
    language: str, day: str, year: str, money: str
) -> None:
    with translation.override(language):
        assert figures.day(date(2023, 6, 30)) == day
        assert figures.school_year(date(2023, 6, 30)) == year
        assert figures.school_year("2022-2023") == year
        assert figures.money(Decimal(10_800_000)) == money


def test_what_is_missing_is_a_dash_and_nought_is_a_number() -> None:
    assert figures.money(None) == figures.number(None) == figures.day(None) == "—"
    assert figures.number(0) == "0"
    assert figures.percent(0) == "0.0%"
    assert figures.number(Decimal("1234.50")) == "1,234.5"
    assert figures.number(Decimal("2.345"), 2) == "2.35"


def test_a_moment_is_told_by_the_clock_on_the_wall() -> None:
    with translation.override("zh-hans"):
        assert figures.moment(datetime(2023, 6, 30, 4, 3, tzinfo=UTC)) == "2023年6月30日 12:03"


def test_a_head_turns_the_order_round_and_returns_to_the_first_page() -> None:
    query = QueryDict("sort=name&page=3&town=x")
    name, town = lists.heads(
        query, {"name": "学校", "town": "镇"}, sortable=["name"], default="name"
    )
    assert (name.order, name.href) == ("ascending", "?sort=-name&town=x")
    assert (town.order, town.href) == ("", "")


@pytest.mark.parametrize(
    ("asked", "number", "first", "last"),
    [("", 1, 1, 50), ("2", 2, 51, 100), ("99", 3, 101, 120), ("-1", 1, 1, 50), ("二", 1, 1, 50)],
)
def test_a_page_that_is_not_there_is_the_nearest_one(
    asked: str, number: int, first: int, last: int
) -> None:
    made = lists.pages(QueryDict(f"page={asked}"), 120)
    assert (made.number, made.first, made.last) == (number, first, last)
    assert made.slice == slice(first - 1, last)


def test_an_empty_list_has_one_empty_page() -> None:
    made = lists.pages(QueryDict(""), 0)
    assert (made.count, made.first, made.last, made.slice) == (1, 0, 0, slice(0, 0))


def test_pages_left_out_are_left_out_only_when_there_are_several() -> None:
    shown = lists.pages(QueryDict("page=5"), 450)
    assert [number for number, _href in shown.links] == [1, 0, 4, 5, 6, 0, 9]
    near = lists.pages(QueryDict("page=3"), 250)
    assert [number for number, _href in near.links] == [1, 2, 3, 4, 5]


def test_every_icon_that_a_template_names_is_drawn() -> None:
    drawn = set(re.findall(r'symbol id="([a-z]+)"', (FRONT / "icons.svg").read_text("utf-8")))
    asked = {place.icon for _title, places in PLACES for place in places}
    for path in TEMPLATES:
        source = path.read_text(encoding="utf-8")
        asked |= set(re.findall(r'icon(?:\.html)?"(?: with)? name="([a-z]+)"', source))
    assert asked - drawn == set()


def test_the_lock_file_names_no_host_and_pins_every_package_by_hash() -> None:
    text = (FRONT / "package-lock.json").read_text(encoding="utf-8")
    assert "://" not in text
    assert "resolved" not in text
    packages = json.loads(text)["packages"]
    assert [name for name, one in packages.items() if name and "integrity" not in one] == []


def test_versions_are_pinned_exactly() -> None:
    told = json.loads((FRONT / "package.json").read_text(encoding="utf-8"))
    wanted = {**told["dependencies"], **told["devDependencies"]}
    assert [name for name, version in wanted.items() if not re.fullmatch(r"[\d.]+", version)] == []


def built(name: str) -> Path:
    """The file that pages name, under the name they give it."""
    path = BUILT / staticfiles_storage.url(f"front/{name}").removeprefix("/static/")
    assert path.exists(), "run `make setup`"
    return path


def squeezed(*names: str) -> int:
    return sum(len(gzip.compress(built(name).read_bytes())) for name in names)


def test_what_pages_load_bears_its_hash() -> None:
    assert re.fullmatch(r"main\.[0-9a-f]{12}\.js", built("main.js").name)
    assert re.fullmatch(
        r"/static/front/style\.[0-9a-f]{12}\.css", staticfiles_storage.url("front/style.css")
    )


def test_the_script_of_a_page_without_charts_is_small() -> None:
    assert squeezed("theme.js", "main.js") < SCRIPT_LIMIT
    assert squeezed("style.css") < STYLE_LIMIT


def test_the_style_sheet_fetches_nothing_from_elsewhere() -> None:
    addresses = re.findall(r"url\(([^)]{1,60})", built("style.css").read_text(encoding="utf-8"))
    assert [one for one in addresses if not one.strip("\"'").startswith("data:image/")] == []


@pytest.mark.django_db
def test_who_is_not_signed_in_is_led_to_public_places_only(rf: RequestFactory) -> None:
    request = rf.get("/")
    links = [link for _title, group in Frame(request).nav for link in group]
    assert [link.href for link in links if not resolve(link.href).func.door.public] == []  # type: ignore[attr-defined]
    assert Frame(request).person == ""
    assert Frame(request).unread == 0
