"""The request that every view behind a door is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

from zhuji.orgs.idempotency import Act

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from zhuji.cockpit.moment import Moment
    from zhuji.orgs.models import SignedIn


class Asked(HttpRequest):
    """Only a type: `doors` sets the moment, middlewares htmx and the sign-in."""

    moment: Moment
    htmx: HtmxDetails
    signed_in: SignedIn


def act(asked: Asked, once: str = "") -> Act:
    """What a form asks to be done: by whom, when, why, with the key that it carries, or `once`."""
    moment, given = asked.moment, asked.POST
    key = given.get("once") or once
    return Act(moment.reader.username, moment.now, key, given.get("why", ""), "web")
