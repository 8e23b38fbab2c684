"""Tells Django where the pages' templates and tags are."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "zhuji.web"
