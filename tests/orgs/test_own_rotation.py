"""After a rotation second factors and requests for correction open; the old key may go."""

from pathlib import Path

import pytest

from tests.orgs import cast
from tests.web.sign_in import people
from zhuji.ledgers import rotating
from zhuji.orgs import keyring, links, second_factor
from zhuji.orgs.clock import database_now
from zhuji.orgs.models import ChildLink


@pytest.mark.usefixtures("county")
def test_everything_opens_with_the_new_key_alone(zhuji_home: Path) -> None:
    clerk = people.enrolled(people.clerk())
    now = database_now()
    codes = second_factor.recovery_codes(clerk, now=now)
    links.issue(cast.SCHOOL, 1, actor=clerk, now=now, why="申请")
    link = ChildLink.objects.get()
    asked, open_one = (links.ask_correction(link, said, now=now) for said in ("姓名", "住址"))
    links.answer_correction(asked, "已改", {cast.SCHOOL}, actor=clerk, now=now)
    keyring.add_key(zhuji_home)
    done = rotating.rotate_all()
    assert done["mfa_authenticator.secret"].renewed == 1
    assert done["mfa_authenticator.seed"].renewed == 1
    assert done["orgs_correction.wording"].renewed == 2
    assert done["orgs_correction.answer"].renewed == 1
    keyring.drop_key(zhuji_home, 1)
    second_factor.show_code(clerk, people.code(), now=database_now())
    second_factor.show_code(clerk, codes[0], now=database_now())
    kept = {one.pk: one for one in links.corrections_at({cast.SCHOOL})}
    assert links.wording_of(kept[open_one]) == "住址"
    assert links.answer_of(kept[asked]) == "已改"
