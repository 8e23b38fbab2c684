"""Where each address leads."""

from django.urls import include, path

urlpatterns = [path("", include("zhuji.web.urls"))]

handler404 = "zhuji.web.problems.nowhere"
handler403 = "zhuji.web.problems.forbidden"
handler500 = "zhuji.web.problems.broken"
