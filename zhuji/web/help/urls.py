"""Addresses of the help."""

from django.urls import path

from zhuji.web.help import views

urlpatterns = [
    path("help/", views.front, name="help"),
    path("help/<path:page>/", views.document, name="help-page"),
]
