"""Addresses of towns and schools."""

from django.urls import path

from zhuji.web.schools import views

urlpatterns = [
    path("orgs/", views.orgs, name="orgs"),
    path("orgs/<str:code>/", views.org, name="org"),
]
