"""The security administrator lets somebody in; that person signs in by password and code."""

import time

from allauth.mfa.totp.internal.auth import hotp_value

from tests.e2e.visitor import Visit, Visitor

PASSWORD = "槐树下的水井2023年"  # noqa: S105  # of an invented person
OWN = "水井边的新槐树2023年"
PERIOD = 30


def code(secret: str, steps: int = 0) -> str:
    """As the app on the telephone shows it."""
    return f"{hotp_value(secret, int(time.time()) // PERIOD + steps):06}"


def add(chief: Visitor, username: str) -> None:
    chief.go("/account/people/").link("添加人员")
    chief.type("username", username).type("name", "云小溪").type("password", PASSWORD)
    chief.button("添加")
    assert chief.path == f"/account/people/{username}/"


def appoint(chief: Visitor, role: str, org: str) -> None:
    deed = chief.page.locator("details.deed", has_text="从哪一天起").first
    chief.press(deed.locator("summary"))
    deed.locator('[name="role"]').select_option(role)
    deed.locator('[name="org"]').fill(org)
    deed.locator('[name="why"]').fill("任免文件 2023-6")
    chief.press(deed.get_by_role("button", name="任命"))


def sign_in(visitor: Visitor, username: str, password: str = PASSWORD) -> None:
    visitor.go("/sign-in/").type("username", username).type("password", password).button("登录")


def test_somebody_is_added_appointed_enrols_and_signs_in_with_password_and_code(
    visit: Visit,
) -> None:
    chief = visit("security_administrator")
    add(chief, "yunxi")
    appoint(chief, "officer", "370784000")
    assert "科员" in chief.words
    newcomer = visit()
    sign_in(newcomer, "yunxi")
    assert newcomer.path.startswith("/account/factors/")
    secret = newcomer.page.locator("section:has(#app) code").inner_text().replace(" ", "")
    newcomer.type("code", code(secret, -1)).button("登记")
    assert newcomer.page.locator("ol.codes li").count() == 10
    newcomer.link("已经抄下")
    assert "别人设的首次口令" in newcomer.words
    newcomer.type("old", PASSWORD).type("new", OWN).type("again", OWN).button("更改口令")
    assert newcomer.path == "/"
    newcomer.press(newcomer.page.locator("details.person summary")).button("退出")
    sign_in(newcomer, "yunxi", OWN)
    assert newcomer.path.startswith("/sign-in/second/")
    newcomer.type("code", "000000").button("继续")
    assert newcomer.page.title().startswith("错误：")
    newcomer.type("code", code(secret)).button("继续")
    assert newcomer.path == "/"
    assert "云小溪" in newcomer.page.locator("header.top").inner_text()


def test_a_wrong_password_is_refused_without_saying_which_part_was_wrong(visit: Visit) -> None:
    said = []
    for username in ("director", "nobody-of-this-name"):
        stranger = visit()
        sign_in(stranger, username)
        assert stranger.page.title().startswith("错误：")
        said.append(stranger.page.locator("[data-errors]").inner_text())
    assert said[0] == said[1]


def test_who_is_not_signed_in_is_led_to_sign_in_and_then_to_where_they_were_going(
    visit: Visit,
) -> None:
    stranger = visit().go("/plan/M9/")
    assert stranger.path.startswith("/sign-in/?next=")
    stranger.link("选一位人物").press(stranger.page.locator('button[value="director"]'))
    assert stranger.path == "/plan/M9/"
