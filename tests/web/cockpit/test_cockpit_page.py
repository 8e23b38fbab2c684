"""The cockpit as it hangs on a wall: owner, day, way down, an act, tables, no ranking."""

import re
from datetime import date
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.programme.yunxi import JUNE
from tests.web.plan.county import at, build, judge, page

pytestmark = pytest.mark.django_db
ZONES = ("targets", "progress", "towns", "warnings", "money", "satisfaction", "staffing")


@pytest.fixture(autouse=True)
def people(db: None) -> None:
    build()


def test_every_zone_has_an_owner_a_day_and_a_way_down() -> None:
    judge()
    shown = page("director", "/cockpit/")
    zones = re.findall(r'<section class="zone .*?</section>', shown, flags=re.S)
    assert [re.search(r'<h2 id="zone-(\w+)"', one)[1] for one in zones] == list(ZONES)  # type: ignore[index]
    for one in zones:
        assert "截至 2025年6月30日" in one
    for one in zones[:5]:
        assert "责任：" in one
        assert '<p class="zone-end"><a href="/' in one


def test_a_director_instructs_a_town_officer_reminds_and_a_head_does_neither() -> None:
    judge()
    assert "/notices/compose/?kind=instruct&amp;item=" in page("director", "/cockpit/")
    assert "/notices/compose/?kind=remind&amp;item=" in page("town", "/cockpit/")
    assert "/notices/compose/" not in page("head", "/cockpit/")


def test_every_act_offered_opens_a_form() -> None:
    judge()
    client = at("director")
    shown = client.get("/cockpit/").content.decode()
    acts = set(re.findall(r'href="(/notices/compose/[^"]+)"', shown))
    assert acts
    for address in acts:
        assert client.get(address.replace("&amp;", "&")).status_code == 200, address


def test_every_way_down_exists() -> None:
    judge()
    client = at("director")
    shown = client.get("/cockpit/").content.decode()
    main = shown[shown.index('class="screen"') : shown.index("screen-legend")]
    for address in set(re.findall(r'href="(/[^"]+)"', main)):
        if "compose" not in address and not address.startswith("/static/"):
            assert client.get(address.replace("&amp;", "&")).status_code == 200, address


def test_a_table_stands_with_each_chart_and_no_person_is_named() -> None:
    judge()
    shown = page("director", "/cockpit/")
    charts = re.findall(r"<figure.*?</figure>", shown, flags=re.S)
    assert charts
    assert all("<table" in one for one in charts)
    main = shown[shown.index('class="screen"') :]
    assert "某" not in main  # the people are called director某 and so on
    assert "青石村小学" not in main


def test_an_old_judgement_is_marked_and_an_act_is_not_offered_on_it() -> None:
    judge(on=date(2025, 3, 31))
    shown = page("director", "/cockpit/")
    assert "91 天前的数据" in shown
    judge(on=JUNE, snapshot="two")
    judge(on=date(2025, 3, 31), snapshot="two")
    old = page("director", "/cockpit/?on=2025-03-31")
    assert "不是最新的" in old
    assert "/notices/compose/" not in old
    assert "天前的数据" not in page("director", "/cockpit/")


def test_the_slideshow_can_be_paused_and_left_and_is_quiet_without_script() -> None:
    judge()
    shown = page("director", "/cockpit/?play=1")
    assert "data-screen-play" in shown
    assert 'data-pause="暂停"' in shown
    assert re.search(r'class="player"[^>]*hidden', shown)
    assert "退出大屏" in shown
    assert "data-screen-play" not in page("director", "/cockpit/")


def test_the_workbook_says_what_the_screen_says() -> None:
    judge()
    book = openpyxl.load_workbook(BytesIO(at("director").get("/cockpit/?format=xlsx").content))
    assert book.sheetnames == ["总览", "规划进展", "镇街", "预警", "资金", "趋势"]
    towns = [row[0].value for row in book["镇街"].iter_rows()]
    assert {"青石镇", "白沙镇"} <= set(towns)


@pytest.mark.parametrize("who", ["director", "town", "head"])
def test_it_asks_at_most_thirty_statements(who: str) -> None:
    judge()
    client = at(who)
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/cockpit/").status_code == 200
    assert len(asked) <= 30


def test_before_anything_was_judged_it_offers_to_judge() -> None:
    assert "还没有判定过" in page("director", "/cockpit/")


def test_who_may_read_nothing_finds_nothing() -> None:
    judge()
    assert at("system").get("/cockpit/").status_code == 404
