"""Addresses of long work and of the health page."""

from django.urls import path

from zhuji.web.jobs import health, views

urlpatterns = [
    path("jobs/", views.jobs, name="jobs"),
    path("jobs/requests/", views.requests, name="job-requests"),
    path("jobs/<int:number>/decide/", views.decide, name="job-decide"),
    path("jobs/<int:number>/", views.job, name="job"),
    path("jobs/<int:number>/result/", views.result, name="job-result"),
    path("jobs/<int:number>/cancel/", views.cancel, name="job-cancel"),
    path("health/", health.health, name="health"),
]
