"""Addresses of the workshop; what names a package comes last."""

from django.urls import path

from zhuji.web.workshop import comparing, enacting, views

urlpatterns = [
    path("workshop/", views.shelf, name="workshop"),
    path("workshop/upload/", enacting.upload, name="workshop-upload"),
    path("workshop/compare/", comparing.compare, name="workshop-compare"),
    path("workshop/enact/", enacting.enact, name="workshop-enact"),
    path("workshop/propose/", enacting.propose, name="workshop-propose"),
    path("workshop/proposals/<int:number>/confirm/", enacting.confirm, name="workshop-confirm"),
    path("workshop/proposals/<int:number>/withdraw/", enacting.withdraw, name="workshop-withdraw"),
    path("workshop/<str:key>/", views.package, name="workshop-package"),
    path("workshop/<str:key>/source/", views.source, name="workshop-source"),
]
