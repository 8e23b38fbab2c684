"""Address of the language switch."""

from django.urls import path

from zhuji.web.language import views

urlpatterns = [path("language/", views.choose, name="set-language")]
