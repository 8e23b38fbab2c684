"""Addresses of complaints and suggestions."""

from django.urls import path

from zhuji.web.feedback import views

urlpatterns = [
    path("feedback/", views.feedback, name="feedback"),
    path("feedback/received/", views.inbox, name="feedback-inbox"),
    path("feedback/<int:number>/", views.one, name="feedback-one"),
]
