"""The address of the chooser."""

from django.urls import path

from zhuji.web.choose import views

urlpatterns = [path("choose/", views.choose, name="choose")]
