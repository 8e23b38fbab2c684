"""J1 from the page of a school or clause on: instruct, and see that it was read."""

import pytest

from tests.orgs.cast import IN_ONE, OTHER_SCHOOL, SCHOOL, TOWN
from tests.web.returns.browser import Browser
from tests.web.returns.test_story import acts
from zhuji.tasks.models import Notice, Reading

SENTENCE = "请查明这一条落后的原因，按期书面说明。"


def instruct(org: str = TOWN) -> Browser:
    """From the button that every page of the plan shows."""
    director = Browser("director")
    [(_, href)] = [one for one in acts("director", "M9") if one[0] == "批示"]
    director.clicks += 1
    return director.go(f"{href}&org={org}")


def test_the_director_instructs_in_three_clicks_and_sees_that_it_was_read() -> None:
    director = instruct().tick(SENTENCE).press("发出批示")
    assert director.clicks == 3  # with the two before, on the pages of the plan, five
    assert director.at.startswith("/notices/?box=sent&new=")
    assert "已发给 1 个单位" in director.text
    assert "已读 0 / 1" in director.text
    town = Browser("town").go("/notices/")
    assert SENTENCE in town.text
    town.click("请查明")
    assert "已读 2" in town.text
    director.go("/notices/?box=sent")
    assert "已读 1 / 1" in director.text
    assert Reading.objects.count() == 1


def test_reloading_what_was_sent_sends_nothing_again() -> None:
    director = instruct().tick(SENTENCE)
    before = director.reading
    director.press("发出批示")
    director.reading = before
    director.press("发出批示")
    assert Notice.objects.count() == 1


def test_a_typed_sentence_with_a_child_in_it_comes_back_with_the_reason() -> None:
    director = instruct().type("text", f"请家访{IN_ONE}").type("due", "2022-03-20")
    director.press("发出批示")
    assert director.status == 422
    assert "<title>错误：" in director.text
    assert "不能有身份证号" in director.text
    assert f"请家访{IN_ONE}" in director.text
    assert 'value="2022-03-20"' in director.text
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    ("name", "text", "anchor"),
    [("due", "2022-02-28", "#due"), ("due", "下周", "#due"), ("text", "", "#text")],
)
def test_each_fault_is_told_where_it_is(name: str, text: str, anchor: str) -> None:
    director = instruct().type(name, text).press("发出批示")
    assert director.status == 422
    assert f'href="{anchor}"' in director.text


def test_no_org_chosen_is_a_fault_as_well() -> None:
    director = instruct().tick("机构").tick(SENTENCE).press("发出批示")
    assert director.status == 422
    assert "请至少选一个单位。" in director.text


@pytest.mark.parametrize("who", ["head", "clerk", "teacher"])
def test_who_may_not_send_has_no_form_and_no_address(who: str) -> None:
    browser = Browser(who)
    assert browser.go(f"/notices/compose/?kind=instruct&item=M9&org={SCHOOL}").status == 404
    data = {"item": "M9", "org": SCHOOL, "ready": "account", "once": "t"}
    assert browser.client.post("/notices/instruct/", data).status_code == 404
    assert not Notice.objects.exists()


def test_an_org_out_of_reach_is_not_offered_and_not_sent_to() -> None:
    town = Browser("town")
    assert town.go(f"/notices/compose/?kind=remind&item=M9&org={OTHER_SCHOOL}").status == 404
    assert town.go(f"/notices/compose/?kind=remind&item=M9&org={TOWN}").status == 404
    assert town.go(f"/notices/compose/?kind=remind&item=M9&org={SCHOOL}").status == 200
    assert "发出催办" in town.text


def test_a_notice_to_somebody_else_does_not_exist() -> None:
    instruct().tick(SENTENCE).press("发出批示")
    number = Notice.objects.get().pk
    assert Browser("head").go(f"/notices/{number}/").status == 404
    assert Reading.objects.count() == 0


def test_the_form_alone_is_answered_to_htmx() -> None:
    director = Browser("director")
    address = f"/notices/compose/?kind=instruct&item=M9&org={TOWN}"
    part = director.client.get(address, headers={"HX-Request": "true", "HX-Target": "compose"})
    assert "<html" not in part.content.decode()
    assert "发出批示" in part.content.decode()


def test_both_boxes_are_read_in_english() -> None:
    instruct().tick(SENTENCE).press("发出批示")
    town = Browser("town")
    answer = town.client.get("/notices/", headers={"Accept-Language": "en"})
    assert "Find out why this clause is behind" in answer.content.decode()
