"""Address of the balance page."""

from django.urls import path

from zhuji.web.balance import views

urlpatterns = [path("balance/", views.balance, name="balance")]
