"""Addresses of indicators."""

from django.urls import path

from zhuji.web.indicators import views

urlpatterns = [
    path("indicators/<str:key>/", views.indicator, name="indicator"),
    path("indicators/<str:key>/explain/", views.explain, name="indicator-explain"),
]
