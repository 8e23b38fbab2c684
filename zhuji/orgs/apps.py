"""Organisations and people as a Django application."""

from django.apps import AppConfig


class OrgsConfig(AppConfig):
    name = "zhuji.orgs"
    verbose_name = "机构与人员"
