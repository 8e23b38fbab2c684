"""Every address of the pages, by area; an area's own `urls.py` names its routes."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("zhuji.web.home.urls")),
    path("", include("zhuji.web.plan.urls")),
    path("", include("zhuji.web.indicators.urls")),
    path("", include("zhuji.web.schools.urls")),
    path("", include("zhuji.web.balance.urls")),
    path("", include("zhuji.web.cockpit.urls")),
    path("", include("zhuji.web.workshop.urls")),
    path("", include("zhuji.web.language.urls")),
    path("", include("zhuji.web.jobs.urls")),
    path("", include("zhuji.web.notices.urls")),
    path("", include("zhuji.web.ledgers.urls")),
    path("", include("zhuji.web.returns.urls")),
    path("", include("zhuji.web.sign_in.urls")),
    path("", include("zhuji.web.account.urls")),
    path("", include("zhuji.web.choose.urls")),
    path("", include("zhuji.web.search.urls")),
    path("", include("zhuji.web.help.urls")),
    path("", include("zhuji.web.trust.urls")),
    path("", include("zhuji.web.children.urls")),
    path("", include("zhuji.web.feedback.urls")),
]

if settings.DEBUG:  # the style guide is for whoever changes the look
    urlpatterns.append(path("", include("zhuji.web.style.urls")))
