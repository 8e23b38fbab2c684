"""What people and links hold encrypted, as rotation must see it."""

from collections.abc import Sequence
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction

from zhuji.orgs.models import Correction
from zhuji.orgs.rotation import Cell, Column

Changes = Sequence[tuple[Cell, str]]


class Wording:
    """A request for correction, or its answer; what is not answered yet holds nothing."""

    table = "orgs_correction"

    def __init__(self, name: str) -> None:
        self.name = name

    def after(self, at: str, most: int) -> Sequence[Cell]:
        rows = Correction.objects.exclude(**{self.name: ""}).order_by("pk")
        if at:
            rows = rows.filter(pk__gt=at)
        return [Cell(str(row.pk), getattr(row, self.name), str(row.pk)) for row in rows[:most]]

    def replace(self, changes: Changes) -> int:
        with transaction.atomic():
            return sum(
                Correction.objects.filter(pk=cell.at, **{self.name: cell.stored}).update(
                    **{self.name: renewed}
                )
                for cell, renewed in changes
            )


class Secrets:
    """The secret of an app or the seed of recovery codes, inside what allauth stores."""

    table, name = "mfa_authenticator", "data"

    def __init__(self, part: str) -> None:
        self.part = part

    def after(self, at: str, most: int) -> Sequence[Cell]:
        rows = Authenticator.objects.filter(data__has_key=self.part).order_by("pk")
        if at:
            rows = rows.filter(pk__gt=at)
        return [Cell(str(row.user_id), row.data[self.part], str(row.pk)) for row in rows[:most]]

    def replace(self, changes: Changes) -> int:
        with transaction.atomic():
            return sum(self._renewed(cell, renewed) for cell, renewed in changes)

    def _renewed(self, cell: Cell, renewed: str) -> int:
        row: Any = Authenticator.objects.select_for_update().filter(pk=cell.at).first()
        if row is None or row.data.get(self.part) != cell.stored:
            return 0
        row.data[self.part] = renewed
        row.save(update_fields=["data"])
        return 1


def columns() -> list[tuple[str, Column]]:
    """By name, for two of them stand in one column of the database."""
    return [
        ("orgs_correction.wording", Wording("wording")),
        ("orgs_correction.answer", Wording("answer")),
        ("mfa_authenticator.secret", Secrets("secret")),
        ("mfa_authenticator.seed", Secrets("seed")),
    ]
