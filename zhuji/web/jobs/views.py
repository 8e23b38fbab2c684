"""One's own jobs: the list, one of them as it goes on, its result, and not wanting it any more."""

from collections.abc import Mapping
from typing import Any

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse

from zhuji.jobs import actions, approvals, queries
from zhuji.jobs.queries import Standing
from zhuji.kernel.errors import BadInput
from zhuji.kernel.messages import Label, Message, say
from zhuji.tasks.queries import names
from zhuji.web.asked import Asked
from zhuji.web.doors import signed_in
from zhuji.web.lists import Head
from zhuji.web.pages import page

MOST_NAMED = 5
_HEADS = (
    Head(Label("工作", "Job")),
    Head(Label("状态", "State")),
    Head(Label("提交", "Asked")),
    Head(Label("结束", "Ended")),
    Head(Label("结果", "Result")),
)


@signed_in("GET", verb=None)
def jobs(asked: Asked) -> HttpResponse:
    moment = asked.moment
    context = {
        "jobs": queries.of(moment.person.username),
        "requests": len(approvals.waiting(moment.reader)),
        "heads": _HEADS,
        "crumbs": [{"label": say("后台任务")}],
    }
    return page(asked, "jobs/list.html", context)


@signed_in("GET", verb=None)
def job(asked: Asked, number: int) -> HttpResponse:
    """Asked for again each second while it goes on; at its end the whole page is loaded anew."""
    moment = asked.moment
    standing = queries.one(moment.person.username, number)
    part = f"job-{number}"
    if not standing.is_unfinished:
        if asked.headers.get("HX-Target") == part:
            return HttpResponse(headers={"HX-Refresh": "true"})
        if not standing.is_seen:
            actions.see(number, actor=moment.person.username, now=moment.now)
    context = {
        "one": standing,
        "job": _shown(standing),
        "part": part,
        "target": _target(standing.facts),
        "approvers": _approvers(asked, standing),
        "crumbs": [
            {"label": say("后台任务"), "href": reverse("jobs")},
            {"label": standing.title},
        ],
    }
    return page(asked, "jobs/job.html", context, parts={part: "jobs/_progress.html"})


@signed_in("GET", verb=None)
def result(asked: Asked, number: int) -> HttpResponseBase:
    found = actions.hand_out(asked.moment.reader, number, now=asked.moment.now)
    answer = FileResponse(
        found.path.open("rb"), as_attachment=True, filename=found.name, content_type=found.type
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


@signed_in("GET", verb=None)
def requests(asked: Asked) -> HttpResponse:
    """What waits for this reader's consent."""
    return _requests(asked)


@signed_in("POST", verb=None)
def decide(asked: Asked, number: int) -> HttpResponseBase:
    reader, now = asked.moment.reader, asked.moment.now
    try:
        if asked.POST.get("do") == "refuse":
            approvals.refuse(reader, number, asked.POST.get("why", ""), now=now)
        else:
            approvals.grant(reader, number, now=now)
    except BadInput as fault:
        return _requests(asked, fault, number)
    return redirect("job-requests")


def _requests(asked: Asked, fault: BadInput | None = None, about: int = 0) -> HttpResponse:
    found = approvals.waiting(asked.moment.reader)
    context = {
        "requests": found,
        "names": names(one.asked_by for one in found),
        "about": about,
        "errors": [{"message": fault.message, "anchor": f"why-{about}"}] if fault else [],
        "crumbs": [
            {"label": say("后台任务"), "href": reverse("jobs")},
            {"label": say("等我批准的导出")},
        ],
    }
    return page(asked, "jobs/requests.html", context, status=422 if fault else 200)


@signed_in("POST", verb=None)
def cancel(asked: Asked, number: int) -> HttpResponseBase:
    actions.cancel(number, actor=asked.moment.person.username, now=asked.moment.now)
    return redirect("job", number)


def _approvers(asked: Asked, one: Standing) -> tuple[Any, ...]:
    """Who can be asked to agree, while somebody must."""
    if not one.is_held:
        return ()
    return approvals.approvers(asked.moment.reader, one.kind)[:MOST_NAMED]


def _shown(one: Standing) -> dict[str, Any]:
    """As the part of the page that shows progress wants it."""
    return {
        "state": one.state,
        "running": one.is_unfinished,
        "href": reverse("job", args=[one.number]),
        "label": _label(one),
        "done": one.done,
        "total": one.total,
        "left": _left(one),
        "result": one.failure or one.label,
        "result_href": "",
    }


def _label(one: Standing) -> Message:
    if one.is_stopping:
        return say("正在取消：{title}", title=one.title)
    if one.ahead:
        return say("{title}，前面还有 {count} 件", title=one.title, count=one.ahead)
    return one.title


def _left(one: Standing) -> Message | None:
    minutes = one.minutes_left
    if minutes is None:
        return None
    return say("{count} 分钟", count=minutes) if minutes > 1 else say("不到一分钟")


def _target(facts: Mapping[str, Any]) -> str:
    """The page of what the job made, when there is such a page."""
    try:
        return reverse("import", args=[facts["import"]]) if "import" in facts else ""
    except NoReverseMatch:
        return ""
