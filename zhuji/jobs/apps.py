"""Long work as a Django application."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "zhuji.jobs"
    verbose_name = "后台工作"
