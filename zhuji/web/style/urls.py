"""Addresses of the style guide."""

from django.urls import path

from zhuji.web.style import views

urlpatterns = [
    path("style/", views.guide, name="style"),
    path("style/refusal/", views.refusal, name="style-refusal"),
    path("style/nowhere/", views.nowhere, name="style-nowhere"),
    path("style/forbidden/", views.forbidden, name="style-forbidden"),
    path("style/broken/", views.broken, name="style-broken"),
    path("style/job/", views.job, name="style-job"),
]
