"""Address of the cockpit."""

from django.urls import path

from zhuji.web.cockpit import views

urlpatterns = [path("cockpit/", views.cockpit, name="cockpit")]
