"""Addresses of the plan."""

from django.urls import path

from zhuji.web.plan import asking, views

urlpatterns = [
    path("plan/", views.board, name="plan-board"),
    path("plan/judge/", asking.judge, name="plan-judge"),
    path("plan/<str:node>/", views.node, name="plan-node"),
]
