"""Everything a person has to do, from every part of the house, as one list by due date."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone

from zhuji.cockpit import home
from zhuji.jobs import approvals
from zhuji.jobs import queries as jobs
from zhuji.kernel.messages import Label, Message, say
from zhuji.ledgers import directory, unfinished
from zhuji.ledgers.unfinished import Left
from zhuji.returns import queries as returns
from zhuji.tasks import queries
from zhuji.tasks.queries import State, Todo
from zhuji.web.asked import Asked
from zhuji.web.links import href
from zhuji.web.notices.links import href as opens

_SOON_DAYS = 7
_STATES = {
    State.NOT_BEGUN: "new", State.IN_WORK: "doing", State.DONE: "done", State.FAULTY: "wrong",
}  # fmt: skip
Said = Message | Label | str


@dataclass(frozen=True)
class Task:
    """As the page shows it: the title begins with a verb, the whole line is one click."""

    title: Said
    href: str
    state: str
    due: date | None = None
    note: Said = ""
    late: bool = False


@dataclass(frozen=True)
class Group:
    """Tasks that are due at about the same time; the first `shown` are in sight."""

    label: Label
    shown: tuple[Task, ...]
    rest: tuple[Task, ...]

    @property
    def count(self) -> int:
        return len(self.shown) + len(self.rest)


_NEW = Label("先看这些", "First of all")
_TODAY = Label("今天", "Today")
_LATE = Label("已过期", "Overdue")
_SOON = Label("七天以内", "Within seven days")
_LATER = Label("以后", "Later")
_UNDATED = Label("没有期限", "Without a date")
_IN_SIGHT = {_NEW: 5, _TODAY: 10, _LATE: 6, _SOON: 6, _LATER: 3, _UNDATED: 3}


def groups(asked: Asked, found: home.Home) -> list[Group]:
    """What is wrong or unread first, then by day."""
    sorted_in: dict[Label, list[Task]] = {label: [] for label in _IN_SIGHT}
    today = asked.moment.today
    for task in _every(asked, found):
        sorted_in[_group(task, today)].append(task)
    return [
        Group(label, tuple(tasks[: _IN_SIGHT[label]]), tuple(tasks[_IN_SIGHT[label] :]))
        for label, tasks in sorted_in.items()
        if tasks
    ]


def _every(asked: Asked, found: home.Home) -> Iterator[Task]:
    reader, now, today = asked.moment.reader, asked.moment.now, asked.moment.today
    yield from _failed(reader.username)
    yield from (_request(one) for one in approvals.waiting(reader))
    yield from (_left(one) for one in unfinished.left(reader.username, now=now))
    own = queries.todo(reader, today=today, now=now, also=returns.todo(reader))
    names = directory.names(one.org for one in own if one.org)
    yield from (_own(one, names.get(one.org, ""), today) for one in own)
    yield from (_owed(one) for one in found.todo)


def _group(task: Task, today: date) -> Label:
    if task.due is None:
        return _NEW if task.state == "wrong" or task.href.startswith("/notices/") else _UNDATED
    if task.due < today:
        return _LATE
    days = (task.due - today).days
    if not days:
        return _TODAY
    return _SOON if days <= _SOON_DAYS else _LATER


def _own(one: Todo, org: str, today: date) -> Task:
    title = one.title
    if one.kind == "notice":
        title = say("查看通知“{sentence}”", sentence=one.title)
    return Task(title, opens(one.kind, one.key), _STATES[one.state], one.due, org,
                one.is_late(today))  # fmt: skip


def _owed(one: home.Todo) -> Task:
    """Of the plan, by the reader's post."""
    late = one.days_left is not None and one.days_left < 0
    return Task(_deed(one), href(one.link), "new", one.due, _of_whom(one), late)


def _deed(one: home.Todo) -> Message:
    if one.kind == "indicator":
        return say("补上差距：{label}", label=one.label)
    if one.kind == "milestone":
        return say("办成：{label}", label=one.label)
    return say("完成：{label}", label=one.label)


def _of_whom(one: home.Todo) -> Message:
    first = one.orgs[0].name if one.orgs else ""
    if len(one.orgs) > 1:
        return say("{org}等 {count} 个单位 · 条款 {clause}", org=first, count=len(one.orgs),
                   clause=one.clause)  # fmt: skip
    return say("{org} · {what} · 条款 {clause}", org=first, what=one.what, clause=one.clause)


def _failed(username: str) -> Iterable[Task]:
    """Jobs that ended badly and were not looked at since."""
    for one in jobs.unseen(username):
        if one.failure is not None or one.findings:
            title = say("处理没有做成的“{title}”", title=one.title)
            note: Said = one.failure or say("有 {count} 处需要改正", count=len(one.findings))
            yield Task(title, opens("job", str(one.number)), "wrong", note=note)


def _request(one: approvals.Request) -> Task:
    title = say("批准或退回：{title}", title=one.title)
    note = say("{count} 行涉及未成年人", count=one.rows)
    return Task(title, reverse("job-requests"), "new", timezone.localdate(one.until), note)


def _left(one: Left) -> Task:
    if one.upload:
        title = say("继续导入“{file}”", file=one.file or one.label)
        return Task(title, reverse("upload", args=[one.upload]), "doing", note=one.label)
    if one.row:
        title = say("继续修改“{ledger}”的一行", ledger=one.label)
        return Task(title, reverse("ledger-edit", args=[one.ledger, one.row]), "doing")
    title = say("继续登记“{ledger}”", ledger=one.label)
    return Task(title, reverse("ledger-new", args=[one.ledger]), "doing")
