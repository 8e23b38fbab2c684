"""Addresses of signing in and out."""

from django.urls import path

from zhuji.web.sign_in import provider, second, views

urlpatterns = [
    path("sign-in/", views.enter, name="sign-in"),
    path("sign-in/second/", second.show, name="second-factor"),
    path("sign-in/second/key/options/", second.key_options, name="second-factor-key-options"),
    path("sign-in/second/key/", second.show_key, name="second-factor-key"),
    path("sign-in/provider/", provider.go, name="provider"),
    path("sign-in/provider/back/", provider.come_back, name="provider-back"),
    path("sign-out/", views.leave, name="sign-out"),
]
