"""Addresses of returns."""

from django.urls import path

from zhuji.web.returns import asking, filling, views

urlpatterns = [
    path("returns/", views.returns, name="returns"),
    path("returns/new/", asking.new, name="return-new"),
    path("returns/keep/", asking.keep, name="return-keep"),
    path("returns/<int:number>/draft/", asking.draft, name="return-draft"),
    path("returns/<int:number>/drop/", asking.drop, name="return-drop"),
    path("returns/<int:number>/preview/", asking.preview, name="return-preview"),
    path("returns/<int:number>/", views.detail, name="round"),
    path("returns/<int:number>/remind/", views.remind, name="round-remind"),
    path("returns/<int:number>/close/", views.close, name="round-close"),
    path("returns/<int:number>/<slug:org>/", filling.fill, name="return-fill"),
    path("returns/<int:number>/<slug:org>/check/", filling.check, name="return-check"),
    path("returns/<int:number>/<slug:org>/receipt/", filling.receipt, name="return-receipt"),
]
