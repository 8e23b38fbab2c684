"""Where each address leads."""

from django.urls import include, path

from zhuji.api.app import api

urlpatterns = [path("", include("zhuji.web.urls")), path("api/", api.urls)]

handler404 = "zhuji.web.problems.nowhere"
handler403 = "zhuji.web.problems.forbidden"
handler500 = "zhuji.web.problems.broken"
