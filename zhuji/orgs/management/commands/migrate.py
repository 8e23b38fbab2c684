"""Django's `migrate`, and at its end the rights of the application's role."""

from typing import Any

from django.core.management.commands import migrate
from django.db import transaction

from zhuji.orgs import rights


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        if options["plan"] or options["check_unapplied"]:
            return
        with transaction.atomic():
            rights.settle()
