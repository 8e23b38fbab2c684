"""Filling in, preparing and handing in: only gaps, two people, and a digest of what was shown."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.orgs import cast
from tests.orgs.cast import MOVING, NOW, OTHER_SCHOOL, SCHOOL, TOWN
from tests.returns.conftest import GAPS, record, wish
from zhuji.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from zhuji.ledgers import actions as ledgers
from zhuji.ledgers.models import rows_of
from zhuji.orgs import accounts
from zhuji.orgs.models import Entry
from zhuji.orgs.scope import Reader
from zhuji.returns import actions, filling, queries
from zhuji.returns.filling import Answers
from zhuji.returns.models import Round, Submission
from zhuji.returns.queries import Paper, Stage
from zhuji.tasks import queries as tasks
from zhuji.tasks.models import Notice

People = dict[str, Reader]
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def kept(people: People) -> Round:
    draft = actions.draft(people["officer"], wish(), now=NOW, once="form")
    return actions.open_round(people["officer"], draft.pk, now=NOW)


def paper(reader: Reader, kept: Round, org: str = SCHOOL) -> Paper:
    return queries.paper(reader, kept.pk, org)


def gaps(reader: Reader, kept: Round) -> list[str]:
    return [f"{row['id']}.passed" for row in paper(reader, kept).lacking]


def fill_all(people: People, kept: Round) -> None:
    names = gaps(people["clerk"], kept)
    filling.fill(people["clerk"], kept.pk, SCHOOL, Answers(dict.fromkeys(names, "是")), now=LATER)


def prepare(people: People, kept: Round) -> str:
    fill_all(people, kept)
    seen = paper(people["clerk"], kept).digest
    filling.prepare(people["clerk"], kept.pk, SCHOOL, seen=seen, now=LATER)
    return seen


def hand_in(people: People, kept: Round) -> Submission:
    seen = prepare(people, kept)
    return filling.submit(people["head"], kept.pk, SCHOOL, seen=seen, now=LATER)


def stage(people: People, kept: Round, org: str = SCHOOL) -> Stage:
    return next(one.stage for one in queries.states(people["officer"], kept) if one.org == org)


def test_only_the_missing_cells_are_asked_for(people: People, kept: Round) -> None:
    found = paper(people["clerk"], kept)
    assert len(found.rows) == 10
    assert {(row["staff_no"], row["session_no"]) for row in found.lacking} == GAPS
    assert found.open_cells == 3


def test_what_is_filled_in_stands_in_the_ledger_with_its_trace(people: People, kept: Round) -> None:
    fill_all(people, kept)
    rows = rows_of("training_records").filter(org=SCHOOL)
    assert rows.filter(passed=None).count() == 0
    assert set(rows.values_list("hours", flat=True)) == {Decimal(18)}
    assert Entry.objects.filter(actor="clerk", verb="ledger.import").count() == 1
    assert stage(people, kept) is Stage.FILLING


def test_a_wrong_cell_keeps_everything_out_and_is_named(people: People, kept: Round) -> None:
    first, second, third = gaps(people["clerk"], kept)
    answers = Answers({first: "是", second: "也许", third: ""})
    with pytest.raises(BadInput) as refusal:
        filling.fill(people["clerk"], kept.pk, SCHOOL, answers, now=LATER)
    [issue] = refusal.value.issues
    assert issue.code == second
    assert "也许" in str(issue.message)
    assert rows_of("training_records").filter(org=SCHOOL, passed=None).count() == 3
    assert stage(people, kept) is Stage.NOT_BEGUN


def test_nobodys_entry_is_overwritten(people: People, kept: Round) -> None:
    name = gaps(people["clerk"], kept)[0]
    rows_of("training_records").filter(pk=int(name.partition(".")[0])).update(passed=False)
    with pytest.raises(BadInput) as refusal:
        filling.fill(people["clerk"], kept.pk, SCHOOL, Answers({name: "是"}), now=LATER)
    assert [issue.code for issue in refusal.value.issues] == [name]


def test_no_cell_outside_the_form_can_be_filled(people: People, kept: Round) -> None:
    row = paper(people["clerk"], kept).rows[0]["id"]
    theirs = rows_of("training_records").filter(org=OTHER_SCHOOL)[0].pk
    for name in (f"{row}.org", f"{row}.changed_at", f"{theirs}.passed", "x"):
        with pytest.raises(Refused):
            filling.fill(people["clerk"], kept.pk, SCHOOL, Answers({name: "否"}), now=LATER)


def test_a_cell_may_not_apply_and_page_by_page(people: People, kept: Round) -> None:
    one, two, three = gaps(people["clerk"], kept)
    clerk = people["clerk"]
    filling.fill(clerk, kept.pk, SCHOOL, Answers({one: ""}, frozenset({one})), now=LATER)
    filling.fill(clerk, kept.pk, SCHOOL, Answers({two: "是", three: ""}), now=LATER)
    assert paper(clerk, kept).open_cells == 1
    filling.fill(clerk, kept.pk, SCHOOL, Answers({one: "", three: "否"}), now=LATER)
    assert paper(clerk, kept).open_cells == 1
    assert gaps(clerk, kept) == [one]


def test_preparer_and_approver_differ(people: People, kept: Round) -> None:
    seen = prepare(people, kept)
    for who in ("clerk", "town", "officer"):
        with pytest.raises(NotAllowed):
            filling.submit(people[who], kept.pk, SCHOOL, seen=seen, now=LATER)
    both = cast.person("both")
    for role in ("clerk", "principal"):
        cast.hold(both, cast.seat(role, SCHOOL))
    reader = cast.reader(both)
    filling.prepare(reader, kept.pk, SCHOOL, seen=seen, now=LATER)
    with pytest.raises(NotAllowed):
        filling.submit(reader, kept.pk, SCHOOL, seen=seen, now=LATER)
    done = filling.submit(people["head"], kept.pk, SCHOOL, seen=seen, now=LATER)
    assert (done.prepared_by, done.submitted_by, done.rows) == ("both", "head", 10)
    assert stage(people, kept) is Stage.SUBMITTED


def test_where_there_is_no_head_the_town_hands_in(people: People, kept: Round) -> None:
    seen = prepare(people, kept)
    accounts.suspend("head", actor=cast.chief(), now=NOW, why="离岗")
    filling.submit(people["town"], kept.pk, SCHOOL, seen=seen, now=LATER)
    assert stage(people, kept) is Stage.SUBMITTED


def test_the_head_does_not_fill_in_nor_does_a_teacher_or_a_stranger(
    people: People, kept: Round
) -> None:
    name = gaps(people["clerk"], kept)[0]
    answers = Answers({name: "是"})
    with pytest.raises(NotAllowed):
        filling.fill(people["head"], kept.pk, SCHOOL, answers, now=LATER)
    for who in ("teacher", "other_clerk", "other_head"):
        with pytest.raises(NotFound):
            filling.fill(people[who], kept.pk, SCHOOL, answers, now=LATER)
        with pytest.raises(NotFound):
            paper(people[who], kept)


def test_nothing_is_prepared_while_a_cell_is_open(people: People, kept: Round) -> None:
    seen = paper(people["clerk"], kept).digest
    with pytest.raises(Refused):
        filling.prepare(people["clerk"], kept.pk, SCHOOL, seen=seen, now=LATER)
    fill_all(people, kept)
    with pytest.raises(Refused) as refusal:
        filling.prepare(people["clerk"], kept.pk, SCHOOL, seen=seen, now=LATER)
    assert "重新核对" in str(refusal.value)


def test_a_change_before_the_signature_asks_to_look_again(people: People, kept: Round) -> None:
    seen = prepare(people, kept)
    cast.put("training_records", {**record(SCHOOL, "S000001", "PX3"), "hours": Decimal(20)})
    assert stage(people, kept) is Stage.FILLING
    with pytest.raises(Refused):
        filling.submit(people["head"], kept.pk, SCHOOL, seen=seen, now=LATER)
    assert not Submission.objects.exists()


@pytest.mark.parametrize("what", ["changed", "removed", "added"])
def test_a_later_change_takes_the_approval_away(people: People, kept: Round, what: str) -> None:
    hand_in(people, kept)
    assert stage(people, kept) is Stage.SUBMITTED
    row = record(SCHOOL, "S000001", "PX3")
    after = LATER + timedelta(hours=1)
    if what == "removed":
        ledgers.remove(
            "training_records", [("PX3", "S000001")], actor="测试", now=after, cause="更正"
        )
    else:
        changed = {**row, "hours": Decimal(20)} if what == "changed" else row | {"staff_no": "S9"}
        ledgers.put("training_records", [changed], actor="测试", now=after, cause="更正")
    assert stage(people, kept) is Stage.CHANGED
    assert paper(people["clerk"], kept).stage is Stage.CHANGED
    [todo] = queries.todo(people["clerk"])
    assert todo.state is tasks.State.FAULTY
    seen = paper(people["clerk"], kept).digest
    filling.prepare(people["clerk"], kept.pk, SCHOOL, seen=seen, now=after)
    filling.submit(people["head"], kept.pk, SCHOOL, seen=seen, now=after)
    assert stage(people, kept) is Stage.SUBMITTED
    assert Submission.objects.count() == 2


def test_a_change_elsewhere_or_of_another_column_takes_nothing_away(
    people: People, kept: Round
) -> None:
    hand_in(people, kept)
    after = LATER + timedelta(hours=1)
    other = {**record(OTHER_SCHOOL, "S000003", "PX3"), "hours": Decimal(20)}
    ledgers.put("training_records", [other], actor="测试", now=after, cause="更正")
    assert stage(people, kept) is Stage.SUBMITTED


def test_handing_in_twice_is_once(people: People, kept: Round) -> None:
    seen = prepare(people, kept)
    first = filling.submit(people["head"], kept.pk, SCHOOL, seen=seen, now=LATER)
    second = filling.submit(people["head"], kept.pk, SCHOOL, seen=seen, now=LATER)
    assert first.pk == second.pk
    assert Submission.objects.count() == 1


def test_a_school_without_any_row_says_so(people: People, kept: Round) -> None:
    clerk, head = people["moving_clerk"], people["moving_head"]
    seen = paper(clerk, kept, MOVING).digest
    with pytest.raises(Refused):
        filling.prepare(clerk, kept.pk, MOVING, seen=seen, now=LATER)
    filling.fill(clerk, kept.pk, MOVING, Answers({}, nil=True), now=LATER)
    seen = paper(clerk, kept, MOVING).digest
    filling.prepare(clerk, kept.pk, MOVING, seen=seen, now=LATER)
    filling.submit(head, kept.pk, MOVING, seen=seen, now=LATER)
    assert stage(people, kept, MOVING) is Stage.SUBMITTED


def test_those_who_have_not_handed_in_are_reminded_and_no_others(
    people: People, kept: Round
) -> None:
    hand_in(people, kept)
    sent = actions.remind(people["officer"], kept.pk, now=LATER, once="r1")
    assert sent.orgs == (MOVING,)
    [notice] = Notice.objects.all()
    assert (notice.about_kind, notice.about_key, notice.due) == ("round", str(kept.pk), kept.due)
    for who in ("officer", "town"):
        with pytest.raises(Refused):
            actions.remind(people[who], kept.pk, now=LATER, once="r2")
    with pytest.raises(NotFound):
        actions.remind(people["head"], kept.pk, now=LATER, once="r3")


def test_what_to_do_passes_from_the_clerk_to_the_head(people: People, kept: Round) -> None:
    def kinds(who: str) -> list[str]:
        return [one.kind for one in queries.todo(people[who])]

    assert (kinds("clerk"), kinds("head"), kinds("teacher")) == (["return"], [], [])
    prepare(people, kept)
    assert (kinds("clerk"), kinds("head")) == ([], ["return-check"])
    seen = paper(people["head"], kept).digest
    filling.submit(people["head"], kept.pk, SCHOOL, seen=seen, now=LATER)
    assert (kinds("clerk"), kinds("head")) == ([], [])
    draft = actions.draft(people["officer"], wish(title="再要一次"), now=NOW, once="form2")
    [todo] = queries.todo(people["officer"])
    assert (todo.kind, todo.key) == ("round-draft", str(draft.pk))


def test_a_closed_round_takes_no_more(people: People, kept: Round) -> None:
    name = gaps(people["clerk"], kept)[0]
    actions.close(people["officer"], kept.pk, now=LATER)
    with pytest.raises(Refused):
        filling.fill(people["clerk"], kept.pk, SCHOOL, Answers({name: "是"}), now=LATER)
    assert TOWN not in {one.org for one in queries.states(people["officer"], kept)}
