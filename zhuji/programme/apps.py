"""The plan in force as a Django application."""

from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    name = "zhuji.programme"
    verbose_name = "规划执行"
