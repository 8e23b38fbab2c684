"""The request that every view behind a door is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from zhuji.cockpit.moment import Moment
    from zhuji.orgs.models import SignedIn


class Asked(HttpRequest):
    """Only a type: `doors` sets the moment, middlewares htmx and the sign-in."""

    moment: Moment
    htmx: HtmxDetails
    signed_in: SignedIn
