"""Returns as a Django application."""

from django.apps import AppConfig


class ReturnsConfig(AppConfig):
    name = "zhuji.returns"
    verbose_name = "填报"
