"""What the pages of the plan are asked for: a day, an organisation; and a day nobody judged."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from zhuji.cockpit.day import NotJudged
from zhuji.jobs import actions as jobs
from zhuji.kernel.dates import read_date
from zhuji.kernel.errors import BadInput, Refused
from zhuji.kernel.messages import Message, say
from zhuji.orgs import county
from zhuji.orgs.roles import Verb
from zhuji.programme import kept, long_work
from zhuji.web.asked import Asked, act
from zhuji.web.doors import signed_in
from zhuji.web.pages import page

P = ParamSpec("P")
View = Callable[Concatenate[Asked, P], HttpResponseBase]


@dataclass(frozen=True)
class Where:
    """Which judgement, and whose. `typed` is the day as it stands in the address."""

    on: date | None
    org: str | None
    typed: str = ""
    fault: Message | None = None

    @property
    def errors(self) -> list[dict[str, Any]]:
        return [{"message": self.fault, "anchor": "on"}] if self.fault else []

    @property
    def status(self) -> int:
        return 422 if self.fault else 200


def where(asked: Asked) -> Where:
    """A day that cannot be read opens the newest one, and says so."""
    typed, org = asked.GET.get("on", "").strip(), asked.GET.get("org", "").strip() or None
    if not typed:
        return Where(None, org)
    try:
        on = read_date(typed)
    except BadInput as fault:
        return Where(None, org, typed, fault.message)
    if on > asked.moment.today:
        return Where(None, org, typed, say("{day} 还没有到，只能看今天和以前的日子。", day=on))
    return Where(on, org, typed)


def judged(view: View[P]) -> View[P]:
    """A day that nobody judged gets a page that offers to have it judged."""

    @wraps(view)
    def routed(asked: Asked, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            return view(asked, *args, **kwargs)
        except NotJudged as lack:
            return _not_judged(asked, lack)

    return routed


def _not_judged(asked: Asked, lack: NotJudged) -> HttpResponseBase:
    on = lack.on or asked.moment.today
    context = {
        "told": lack.message,
        "on": on,
        "days": kept.days()[:12],
        "may_ask": any(asked.moment.holds(verb) for verb in long_work.JUDGE.verbs),
        "crumbs": [{"label": say("规划看板")}],
    }
    return page(asked, "plan/not_judged.html", context, parts={"board": "plan/_not_judged.html"})


@signed_in("POST", verb=Verb.READ)
def judge(asked: Asked) -> HttpResponseBase:
    """As a job; whoever may not have a day judged is refused by the action."""
    moment = asked.moment
    on = read_date(asked.POST.get("on", ""))
    if on > moment.today:
        raise Refused(say("{day} 还没有到，只能判定今天和以前的日子。", day=on))
    arguments = {"plan": _plan(), "on": on.isoformat()}
    if kept.latest() is None:
        arguments["fresh"] = "yes"
    return redirect("job", jobs.ask_once("judge", arguments, act(asked)))


def _plan() -> str:
    """That of the newest judgement; before the first one the county's own, if there is but one."""
    judging, invented = kept.latest(), county.invented()
    if judging is not None:
        return judging.plan
    if invented is not None:
        return invented.plan
    every = [one.parent.name for one in Path(settings.ZHUJI_PLANS).glob("*/plan.yaml")]
    if len(every) != 1:
        raise Refused(say("还不知道按哪一个方案判定，请先由维护人员用命令判定一次。"))
    return every[0]
