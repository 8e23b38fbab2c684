"""Addresses of the trust page."""

from django.urls import path

from zhuji.web.trust import views

urlpatterns = [
    path("trust/", views.trust, name="trust"),
    path("trust/verify/", views.verify, name="trust-verify"),
    path("trust/report/", views.report, name="trust-report"),
]
