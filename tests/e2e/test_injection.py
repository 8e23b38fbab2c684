"""What people type is shown as they typed it and never runs (B10)."""

import itertools
from typing import Any

from tests.e2e.visitor import Visit

MARK = "window.__ran=1"
SHAPES = (
    "<script>{}</script>", "<img src=x onerror={}>", "<svg onload={}>", "\"><script>{}</script>",
    "'><img src=x onerror={}>", "javascript:{}", "<a href=\"javascript:{}\">x</a>", "{{{{{}}}}}",
    "<iframe srcdoc=\"<script>{}</script>\">", "</textarea><script>{}</script>",
    "</title><script>{}</script>", "<details open ontoggle={}>", "<body onload={}>",
    "\" autofocus onfocus=\"{}", "' onmouseover='{}", "<math><mi xlink:href=\"javascript:{}\">",
    "<form><button formaction=\"javascript:{}\">x", "<style>@import 'javascript:{}'</style>",
    "<object data=\"javascript:{}\">", "<embed src=\"javascript:{}\">", "${{{}}}",
    "<!--><script>{}</script>", "<input onfocus={} autofocus>", "<video><source onerror={}>",
    "<div hx-get=/ hx-trigger=load hx-on::after-request={}>", "<svg><animate onbegin={}>",
    "<marquee onstart={}>", "<base href=\"javascript:{}//\">",
)  # fmt: skip
DRESSES = (
    lambda text: text,
    lambda text: text.upper().replace(MARK.upper(), MARK),
    lambda text: text.replace("<", "\uff1c<"),
    lambda text: text.replace(" ", "/"),
    lambda text: text.replace("=", " = "),
    lambda text: text.replace("<", "&lt;"),
    lambda text: text + "<!--",
    lambda text: "社团" + text,
    lambda text: text.replace(">", "\t>"),
    lambda text: text.replace("<", "<\u200b"),
    lambda text: text * 2,
    lambda text: "'\"`" + text,
    lambda text: f"]]>{text}",
)
MADE = (dress(shape.format(MARK)) for shape, dress in itertools.product(SHAPES, DRESSES))
PAYLOADS = list(dict.fromkeys(MADE))
RAN = "() => Boolean(window.__ran)"


def test_there_are_three_hundred_different_payloads() -> None:
    assert len(PAYLOADS) >= 300


def test_no_payload_runs_from_a_ledger_its_list_its_record_or_its_form(
    visit: Visit, samples: dict[str, Any]
) -> None:
    """Pasted as names of clubs: shown in the preview, the receipt, the list and the record."""
    clerk = visit("clerk")
    clerk.page.on("dialog", lambda dialog: dialog.accept())
    heads = "学校标识码\t社团名称\t类别\t学段\t统计日期\t参加人数"
    names = [f"{n} " + one.replace("\t", " ").replace('"', '""') for n, one in enumerate(PAYLOADS)]
    rows = [f'{samples["school"]}\t"{one}"\t艺术\t小学\t2022.3.1\t5' for one in names]
    clerk.go("/ledgers/clubs/import/").type("pasted", "\n".join((heads, *rows))).button("检查")
    assert not clerk.page.evaluate(RAN)
    clerk.press(clerk.page.locator('button[value="commit"], button[value="good"]').first)
    assert "已写入" in clerk.words
    for address in (clerk.path, "/ledgers/clubs/?sort=-name", "/ledgers/clubs/?q=script"):
        clerk.go(address)
        assert not clerk.page.evaluate(RAN), address
        assert "<script>" in clerk.words
    clerk.press(clerk.page.locator("#rows td a").first)
    assert not clerk.page.evaluate(RAN)
    clerk.link("修改")
    assert not clerk.page.evaluate(RAN)


def test_no_payload_runs_from_an_address_or_a_search(visit: Visit) -> None:
    director = visit("director")
    for payload in PAYLOADS[::25]:
        director.go("/").page.locator("#search-box").fill(payload)
        with director.page.expect_navigation():
            director.page.keyboard.press("Enter")
        assert not director.page.evaluate(RAN), payload


def test_no_payload_runs_from_an_instruction_that_another_reads(visit: Visit) -> None:
    director = visit("director")
    director.go("/notices/compose/?kind=instruct&item=M9&org=370784105")
    director.type("text", PAYLOADS[0] + PAYLOADS[13]).button("发出批示")
    assert not director.page.evaluate(RAN)
    town = visit("town_officer").go("/notices/")
    assert "<script>" in town.words
    assert not town.page.evaluate(RAN)


def test_a_payload_that_ran_would_be_seen(visit: Visit) -> None:
    director = visit("director").go("/")
    director.page.evaluate(f"() => {{ {MARK} }}")
    assert director.page.evaluate(RAN)
