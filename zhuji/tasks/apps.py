"""Tasks and notices as a Django application."""

from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "zhuji.tasks"
    verbose_name = "待办与通知"
