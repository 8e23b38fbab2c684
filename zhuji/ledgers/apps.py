"""The ledgers as a Django application."""

from django.apps import AppConfig


class LedgersConfig(AppConfig):
    name = "zhuji.ledgers"
    verbose_name = "台账"
