"""What the pages of notices and returns say: from whom, to whom, and what a person may send."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import template
from django.urls import reverse

from zhuji.kernel.messages import Label, Message, say
from zhuji.orgs.roles import Verb
from zhuji.returns.queries import OrgState, Stage
from zhuji.tasks import rules
from zhuji.web.templatetags import figures

register = template.Library()


@register.filter
def named(names: Mapping[str, str], org: str) -> str:
    """The name of an org, or its code where the reader may not see the name."""
    return names.get(org, org)


@register.filter
def notice_href(number: int) -> str:
    return reverse("notice", args=(number,))


@register.filter
def from_whom(line: Any) -> Message | Label:
    """Kind, sender and time, in one line under the sentence."""
    at = figures.moment(line.notice.at)
    if not line.sender:
        return say("{kind} · {at}", kind=line.notice.label, at=at)
    return say("{kind} · {sender} · {at}", kind=line.notice.label, sender=line.sender, at=at)


@register.simple_tag(takes_context=True)
def may_send(context: Any) -> dict[str, bool]:
    """Which of the acts on a clause this person has: instruct, remind, ask for a return."""
    moment = getattr(context.get("request"), "moment", None)
    if moment is None:
        return {}
    above = any(rules.stands_above(moment.reader, org) for org in moment.reader.orgs)
    found = {
        "instruct": moment.holds(Verb.INSTRUCT),
        "remind": above,
        "ask": above,
    }
    return found if any(found.values()) else {}


@register.filter
def task_state(one: OrgState) -> str:
    """As the task part names it."""
    if one.stage is Stage.CHANGED:
        return "wrong"
    if not one.owes:
        return "done"
    return "new" if one.stage is Stage.NOT_BEGUN else "doing"


@register.simple_tag(takes_context=True)
def is_late(context: Any, due: date | None) -> bool:
    moment = getattr(context.get("request"), "moment", None)
    return due is not None and moment is not None and due < moment.today
