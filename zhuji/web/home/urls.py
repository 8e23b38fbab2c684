"""Address of home."""

from django.urls import path

from zhuji.web.home import views

urlpatterns = [path("", views.home, name="home")]
