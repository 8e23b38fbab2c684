"""The address of “who saw this child”."""

from django.urls import path

from zhuji.web.children import views

urlpatterns = [path("children/", views.children, name="children")]
