"""Notices: to whom, when, how often, what they may not say, and who has read them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.orgs.cast import IN_ONE, NOW, OTHER_SCHOOL, SCHOOL, TODAY, TOWN
from zhuji.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from zhuji.kernel.messages import Label, say
from zhuji.orgs import audit
from zhuji.orgs.models import Entry
from zhuji.orgs.scope import Reader
from zhuji.tasks import actions, queries, rules
from zhuji.tasks.actions import Debtors, Matter, Sent, Words
from zhuji.tasks.models import Notice, Reading

People = dict[str, Reader]
CLAUSE = Matter("item", "M9")
DUE = date(2022, 3, 20)
PLAIN = Words(text="请按期完成专项培训", due=DUE)
EVENING = datetime(2022, 3, 1, 12, tzinfo=UTC)  # eight in the evening in Shanghai
MORNING = datetime(2022, 3, 1, 23, tzinfo=UTC)  # seven the next morning


def instruct(reader: Reader, *orgs: str, words: Words = PLAIN, once: str = "t1") -> Sent:
    return actions.instruct(reader, CLAUSE, orgs, words, now=NOW, once=once)


def remind(
    reader: Reader, *orgs: str, owing: tuple[str, ...] = (), now: datetime = NOW, once: str = "t1"
) -> Sent:
    those = Debtors(orgs, owing or orgs)
    return actions.remind(reader, CLAUSE, those, PLAIN, now=now, once=once)


def test_an_instruction_reaches_the_head_of_the_org_at_once_and_nobody_else(people: People) -> None:
    instruct(people["director"], TOWN)
    [seen] = queries.mine(people["town"], now=NOW)
    assert (seen.sentence, seen.due, seen.about_key) == ("请按期完成专项培训", DUE, "M9")
    assert seen.read_at is None
    others = people.keys() - {"town"}
    assert {name: queries.mine(people[name], now=NOW) for name in others} == dict.fromkeys(
        others, ()
    )


def test_the_director_sees_that_it_was_read_and_when_for_the_first_time(people: People) -> None:
    instruct(people["director"], TOWN, SCHOOL)
    [before] = queries.sent(people["director"])
    assert (before.read, [one.org for one in before.unread]) == (0, [SCHOOL, TOWN])
    [seen] = queries.mine(people["town"], now=NOW)
    later = NOW + timedelta(minutes=5)
    assert actions.read(people["town"], seen.number, now=later).read_at == later
    again = actions.read(people["town"], seen.number, now=later + timedelta(days=1))
    assert again.read_at == later
    [after] = queries.sent(people["director"])
    assert [(one.org, one.read_at) for one in after.targets] == [(SCHOOL, None), (TOWN, later)]
    assert Reading.objects.count() == 1


def test_a_prepared_sentence_is_read_in_both_languages(people: People) -> None:
    instruct(people["director"], TOWN, words=Words("account"))
    [seen] = queries.mine(people["town"], now=NOW)
    assert isinstance(seen.sentence, Label)
    assert seen.sentence.zh == "请查明这一条落后的原因，按期书面说明。"


def test_what_is_typed_with_braces_stays_as_typed(people: People) -> None:
    instruct(people["director"], TOWN, words=Words(text="见{附件}"))
    [seen] = queries.mine(people["town"], now=NOW)
    assert seen.sentence == "见{附件}"


@pytest.mark.parametrize("who", ["officer", "town", "head", "clerk", "teacher"])
def test_only_the_director_instructs(people: People, who: str) -> None:
    with pytest.raises(NotAllowed):
        instruct(people[who], SCHOOL)
    assert not Notice.objects.exists()


def test_an_org_out_of_reach_is_as_if_it_were_not_there(people: People) -> None:
    for send in (instruct, remind):
        with pytest.raises(NotFound):
            send(people["town"], OTHER_SCHOOL)


@pytest.mark.parametrize("who", ["head", "clerk", "teacher"])
def test_a_school_does_not_remind_itself(people: People, who: str) -> None:
    with pytest.raises(NotAllowed):
        remind(people[who], SCHOOL)


def test_a_town_does_not_remind_itself_but_its_schools(people: People) -> None:
    with pytest.raises(NotAllowed):
        remind(people["town"], TOWN)
    assert remind(people["town"], SCHOOL).orgs == (SCHOOL,)
    assert [len(queries.mine(people[who], now=NOW)) for who in ("head", "clerk", "teacher")] == [
        1,
        1,
        0,
    ]


def test_only_those_who_owe_are_reminded(people: People) -> None:
    sent = remind(people["officer"], SCHOOL, OTHER_SCHOOL, owing=(SCHOOL,))
    assert sent.orgs == (SCHOOL,)
    assert list(sent.skipped) == [OTHER_SCHOOL]
    assert queries.mine(people["other_head"], now=NOW) == ()


def test_a_task_is_reminded_of_once_a_day_by_whomever(people: People) -> None:
    remind(people["officer"], SCHOOL)
    with pytest.raises(Refused):
        remind(people["town"], SCHOOL, once="t2")
    tomorrow = NOW + timedelta(days=1)
    assert remind(people["town"], SCHOOL, now=tomorrow, once="t3").orgs == (SCHOOL,)
    other = Debtors((SCHOOL,), (SCHOOL,))
    about = Matter("item", "M10")
    assert actions.remind(people["town"], about, other, PLAIN, now=NOW, once="t4").orgs == (SCHOOL,)


@pytest.mark.parametrize(
    ("now", "arrives"),
    [
        (NOW, NOW),
        (EVENING - timedelta(seconds=1), EVENING - timedelta(seconds=1)),
        (EVENING, MORNING),
        (EVENING + timedelta(hours=6), MORNING),
        (MORNING - timedelta(seconds=1), MORNING),
        (MORNING, MORNING),
    ],
)
def test_nobody_is_reminded_at_night(now: datetime, arrives: datetime) -> None:
    assert rules.arrival(now) == arrives


def test_an_evening_reminder_is_there_at_seven_and_counts_for_that_day(people: People) -> None:
    remind(people["officer"], SCHOOL, now=EVENING)
    assert queries.mine(people["head"], now=MORNING - timedelta(seconds=1)) == ()
    assert len(queries.mine(people["head"], now=MORNING)) == 1
    with pytest.raises(Refused):
        remind(people["officer"], SCHOOL, now=MORNING, once="t2")


@pytest.mark.parametrize(
    "text",
    [
        f"请家访 {IN_ONE}",
        f"请家访{IN_ONE[1:]}",
        f"请家访 {IN_ONE[1:7]} {IN_ONE[7:15]} {IN_ONE[15:]}",
        "电话 13900000000",
        "电话139-0000-0000",
        "电话１３９０００００００００"[:13],
        "电话 0536-4261234",
        "李小明三天没有到校",
        "请看李 小明的情况",
    ],
)
def test_no_child_is_named_in_a_notice(people: People, text: str) -> None:
    with pytest.raises(BadInput) as refusal:
        instruct(people["director"], TOWN, words=Words(text=text))
    assert "李小明" not in str(refusal.value)
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    "text", ["请于2022年3月20日前完成90学时", "第13条共1234567元", "李明同志请牵头"]
)
def test_ordinary_numbers_and_names_of_adults_pass(people: People, text: str) -> None:
    assert instruct(people["director"], TOWN, words=Words(text=text)).orgs == (TOWN,)


@pytest.mark.parametrize("words", [Words(), Words("no_such"), Words(text="长" * 201)])
def test_a_notice_says_something_short(people: People, words: Words) -> None:
    with pytest.raises(BadInput):
        instruct(people["director"], TOWN, words=words)


def test_the_same_form_sent_twice_sends_once(people: People) -> None:
    first, second = instruct(people["director"], TOWN), instruct(people["director"], TOWN)
    assert first.orgs == second.orgs == (TOWN,)
    assert Notice.objects.count() == 1
    assert Entry.objects.filter(verb="notice.instruction").count() == 1
    remind(people["officer"], SCHOOL)
    assert remind(people["officer"], SCHOOL).orgs == (SCHOOL,)
    with pytest.raises(Refused):
        instruct(people["director"], SCHOOL)


def test_each_act_leaves_one_entry(people: People) -> None:
    instruct(people["director"], TOWN)
    [entry] = audit.entries_about("notice", "item:M9")
    assert (entry.verb, entry.actor) == ("notice.instruction", "director")
    [seen] = queries.mine(people["town"], now=NOW)
    actions.read(people["town"], seen.number, now=NOW)
    [read] = audit.entries_about("notice", str(seen.number))
    assert (read.verb, read.actor, read.org) == ("notice.read", "town", TOWN)


def test_another_persons_notice_does_not_exist(people: People) -> None:
    instruct(people["director"], TOWN)
    number = Notice.objects.get().pk
    with pytest.raises(NotFound):
        actions.read(people["head"], number, now=NOW)
    assert queries.sent(people["officer"]) == ()


def test_the_system_tells_one_person_once_in_their_own_language(people: People) -> None:
    for _ in range(2):
        actions.tell(
            "clerk",
            Matter("import", "7"),
            say("导入 {file}", file="表.xlsx"),
            now=NOW,
            once="import-7",
        )
    [seen] = queries.mine(people["clerk"], now=NOW)
    assert (str(seen.sentence), seen.kind) == ("导入 表.xlsx", "told")
    assert queries.unread(people["clerk"], now=NOW) == 1
    assert queries.unread(people["head"], now=NOW) == 0


def test_unread_come_first_then_the_nearest_date(people: People) -> None:
    for number, due in enumerate((None, DUE, TODAY)):
        instruct(
            people["director"], TOWN, words=Words(text=f"第{number}件", due=due), once=f"t{number}"
        )
    first = next(one for one in queries.mine(people["town"], now=NOW) if one.due == TODAY)
    actions.read(people["town"], first.number, now=NOW)
    assert [one.sentence for one in queries.mine(people["town"], now=NOW)] == [
        "第1件",
        "第0件",
        "第2件",
    ]


def test_what_to_do_comes_in_the_order_of_dates_and_goes_when_it_is_over(people: People) -> None:
    instruct(people["director"], TOWN)
    instruct(people["director"], TOWN, words=Words(text="请知悉"), once="t2")
    also = [queries.Todo("return", "1/x", "填报", TODAY)]
    town = people["town"]

    def titles(today: date) -> list[str]:
        return [str(one.title) for one in queries.todo(town, today=today, now=NOW, also=also)]

    assert titles(TODAY) == ["填报", "请按期完成专项培训", "请知悉"]
    for one in queries.mine(town, now=NOW):
        actions.read(town, one.number, now=NOW)
    assert titles(TODAY) == ["填报", "请按期完成专项培训"]
    assert titles(DUE + timedelta(days=1)) == ["填报"]
