"""The address of the search box."""

from django.urls import path

from zhuji.web.search import views

urlpatterns = [path("search/", views.search, name="search")]
