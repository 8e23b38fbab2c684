"""Asking once: what is proposed, to whom, and what is not asked because a ledger knows it."""

from datetime import date
from fractions import Fraction

import pytest
from django.conf import settings

from tests.orgs import cast
from tests.orgs.cast import COUNTY, MOVING, NOW, OTHER_SCHOOL, SCHOOL, TODAY, TOWN
from tests.returns.conftest import COLUMNS, GAPS, record, wish
from zhuji.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from zhuji.orgs import audit
from zhuji.orgs.scope import Reader
from zhuji.plan.model import Plan
from zhuji.programme import packages
from zhuji.returns import actions, forms, proposing, queries
from zhuji.returns.models import Return, Round
from zhuji.returns.proposing import Source
from zhuji.returns.queries import Stage

People = dict[str, Reader]
RECORDS = Source("training_records")


@pytest.fixture(scope="module")
def plan() -> Plan:
    return packages.load("anqiu-2021", settings.ZHUJI_PLANS).plan


def opened(reader: Reader, *scope: str) -> Round:
    kept = actions.draft(reader, wish(*scope), now=NOW, once="form")
    return actions.open_round(reader, kept.pk, now=NOW)


def test_a_clause_names_the_ledgers_that_its_duties_and_indicators_read(plan: Plan) -> None:
    found = proposing.sources(plan, "M9")
    assert {"training_records", "training_sessions", "titles"} <= {one.ledger for one in found}
    [sessions] = proposing.sources(plan, "m9_special_hours")[1:]
    assert sessions == Source("training_sessions", (("kind", "special"),))
    assert proposing.sources(plan, "no_such_clause") == ()


def test_the_form_for_a_clause_is_proposed_nine_tenths_filled(people: People, plan: Plan) -> None:
    found = proposing.best(people["officer"], proposing.sources(plan, "m9_hours"), TODAY)
    assert found is not None
    assert found.form.ledger == "training_records"
    assert found.form.columns == COLUMNS
    assert found.form.since == date(2021, 9, 1)
    assert found.measure.share == Fraction(9, 10)
    assert (found.measure.known, found.measure.cells) == (72, 80)


def test_only_those_who_enter_such_rows_and_stand_below_are_proposed(people: People) -> None:
    assert proposing.propose(people["officer"], RECORDS, TODAY).orgs == (
        SCHOOL,
        OTHER_SCHOOL,
        MOVING,
    )
    assert proposing.propose(people["town"], RECORDS, TODAY).orgs == (SCHOOL,)
    sessions = proposing.propose(people["officer"], Source("training_sessions"), TODAY)
    assert sessions.orgs == (TOWN, cast.OTHER_TOWN)
    seldom = {"form", "batch_no", "cost", "evidence"}  # nobody ever filled these in
    assert seldom & set(sessions.form.columns) == set()
    with pytest.raises(Refused):
        proposing.propose(people["head"], RECORDS, TODAY)


def test_an_area_is_a_town_with_its_schools(people: People) -> None:
    found = proposing.areas(people["officer"], (SCHOOL, OTHER_SCHOOL, MOVING), TODAY)
    assert [(one.org, [org for org, _ in one.members]) for one in found] == [
        (TOWN, [SCHOOL]),
        (cast.OTHER_TOWN, [OTHER_SCHOOL, MOVING]),
    ]


def test_a_hardship_ledger_is_not_asked_for_by_an_office_that_cannot_see_it(people: People) -> None:
    with pytest.raises(NotAllowed):
        proposing.propose(people["officer"], Source("special_pupils"), TODAY)
    with pytest.raises(NotAllowed):
        actions.draft(people["officer"], wish(ledger="special_pupils"), now=NOW, once="form")


def test_what_the_county_enters_itself_is_not_asked_of_schools(people: People) -> None:
    with pytest.raises(Refused):
        proposing.propose(people["officer"], Source("orgs"), TODAY)


def test_columns_that_the_asker_sees_masked_cannot_be_asked_for(people: People) -> None:
    keys = {column.key for column in forms.open_columns(people["officer"], "pupils")}
    assert keys & {"name", "id_number", "guardian_phone", "pupil_no", "org"} == set()
    with pytest.raises(BadInput):
        actions.draft(
            people["officer"], wish(ledger="pupils", columns=("name",)), now=NOW, once="form"
        )


def test_what_a_ledger_knows_completely_is_not_asked_for(people: People) -> None:
    officer = people["officer"]
    kept = actions.draft(officer, wish(OTHER_SCHOOL), now=NOW, once="form")
    with pytest.raises(Refused) as refusal:
        actions.open_round(officer, kept.pk, now=NOW)
    assert "已经全部填好" in str(refusal.value)
    assert not Return.objects.exists()
    cast.put("training_records", {**record(OTHER_SCHOOL, "S000003", "PX1"), "passed": None})
    assert actions.open_round(officer, kept.pk, now=NOW).state == "open"


def test_in_a_round_only_those_with_gaps_are_asked(people: People) -> None:
    kept = opened(people["officer"])
    found = {one.org: (one.stage, one.lacks) for one in queries.states(people["officer"], kept)}
    assert found == {
        SCHOOL: (Stage.NOT_BEGUN, len(GAPS)),
        OTHER_SCHOOL: (Stage.KNOWN, 0),
        MOVING: (Stage.NOT_BEGUN, 5),
    }
    assert queries.mine(people["other_clerk"]) == ()
    assert [one.org for _, one in queries.mine(people["clerk"])] == [SCHOOL]


def test_a_draft_lacking_something_says_everything_at_once(people: People) -> None:
    officer = people["officer"]
    bare = wish(title=" ", columns=(), scope=(), due=None)
    kept = actions.draft(officer, bare, now=NOW, once="form")
    with pytest.raises(BadInput) as refusal:
        actions.open_round(officer, kept.pk, now=NOW)
    assert [issue.code for issue in refusal.value.issues] == ["title", "columns", "scope", "due"]
    late = actions.draft(officer, wish(due=date(2022, 2, 28)), now=NOW, once="form")
    with pytest.raises(BadInput) as refusal:
        actions.open_round(officer, late.pk, now=NOW)
    assert [issue.code for issue in refusal.value.issues] == ["due"]


def test_the_same_form_keeps_one_draft_and_opens_one_round(people: People) -> None:
    officer = people["officer"]
    first = actions.draft(officer, wish(title="一"), now=NOW, once="form")
    second = actions.draft(officer, wish(title="二"), now=NOW, once="form")
    assert (first.pk, second.title) == (second.pk, "二")
    for _ in range(2):
        actions.open_round(officer, first.pk, now=NOW)
    assert Return.objects.count() == 3
    assert [one.verb for one in audit.entries_about("round", str(first.pk))] == ["return.open"]
    with pytest.raises(Refused):
        actions.draft(officer, wish(), now=NOW, once="form", number=first.pk)


def test_a_town_cannot_ask_beyond_its_schools_nor_a_school_anybody(people: People) -> None:
    with pytest.raises(BadInput):
        actions.draft(people["town"], wish(SCHOOL, OTHER_SCHOOL), now=NOW, once="form")
    for who in ("head", "clerk", "teacher"):
        with pytest.raises(NotAllowed):
            actions.draft(people[who], wish(SCHOOL), now=NOW, once="form")


def test_a_draft_is_its_owners_alone_and_a_round_that_of_the_office(people: People) -> None:
    kept = actions.draft(people["officer"], wish(), now=NOW, once="form")
    with pytest.raises(NotFound):
        queries.own_draft(people["director"], kept.pk)
    for who in ("director", "officer"):
        with pytest.raises(NotFound):
            queries.overseen(people[who], kept.pk)
    actions.open_round(people["officer"], kept.pk, now=NOW)
    assert queries.overseen(people["director"], kept.pk).from_org == cast.OFFICE
    assert [one.pk for one in queries.rounds(people["director"])] == [kept.pk]
    for who in ("head", "clerk"):
        assert queries.rounds(people[who]) == ()
        with pytest.raises(NotFound):
            queries.overseen(people[who], kept.pk)


def test_a_town_sees_of_a_round_only_its_own_schools_and_cannot_end_it(people: People) -> None:
    kept = opened(people["officer"])
    assert queries.rounds(people["town"]) == (kept,)
    assert [one.org for one in queries.states(people["town"], kept)] == [SCHOOL]
    assert actions.remind(people["town"], kept.pk, now=NOW, once="r").orgs == (SCHOOL,)
    with pytest.raises(NotAllowed):
        actions.close(people["town"], kept.pk, now=NOW)


def test_rows_are_narrowed_by_day_and_by_choice(people: People) -> None:
    town = people["officer"]
    form = forms.Form("training_sessions", ("title",), {"kind": "party"}, TODAY)
    assert forms.measure(town, form, [TOWN]).orgs[TOWN].rows == 0
    form = forms.Form("training_sessions", ("title",), {"kind": "special"}, date(2021, 9, 30))
    assert forms.measure(town, form, [TOWN]).orgs[TOWN].rows == 0
    form = forms.Form("training_sessions", ("title",), {"kind": "special"}, date(2021, 10, 1))
    assert forms.measure(town, form, [TOWN]).orgs[TOWN].rows == 5
    since = forms.Form("training_sessions", ("title",), {}, TODAY, date(2021, 10, 2))
    assert forms.measure(town, since, [TOWN]).orgs[TOWN].rows == 0


def test_a_filter_that_the_ledger_does_not_have_is_refused(people: People) -> None:
    for where in ({"kind": "special"}, {"passed": "yes"}, {"org__kind": "town"}):
        with pytest.raises(BadInput):
            actions.draft(people["officer"], wish(where=where), now=NOW, once="form")


def test_a_closed_round_owes_nothing(people: People) -> None:
    kept = opened(people["officer"])
    assert len(queries.mine(people["clerk"])) == 1
    with pytest.raises(NotFound):
        actions.close(people["head"], kept.pk, now=NOW)
    actions.close(people["officer"], kept.pk, now=NOW)
    assert queries.mine(people["clerk"]) == ()
    with pytest.raises(Refused):
        actions.remind(people["officer"], kept.pk, now=NOW, once="r")
    assert COUNTY not in {one.org for one in queries.states(people["officer"], kept)}
