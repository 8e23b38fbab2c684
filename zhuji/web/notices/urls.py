"""Addresses of notices."""

from django.urls import path

from zhuji.web.notices import compose, views

urlpatterns = [
    path("notices/", views.notices, name="notices"),
    path("notices/<int:number>/", views.notice, name="notice"),
    path("notices/compose/", compose.compose, name="notice-compose"),
    path("notices/instruct/", compose.instruct, name="notice-instruct"),
    path("notices/remind/", compose.remind, name="notice-remind"),
]
