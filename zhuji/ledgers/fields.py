"""A database field for numbers that hold an identity number: stored sealed, used in the clear."""

import re
from typing import Any

from django.db import models

from zhuji.ledgers import vault
from zhuji.ledgers.declare import PUPIL_LIKE
from zhuji.orgs import ciphers

_pupil_like = re.compile(PUPIL_LIKE).fullmatch


class NumberField(models.CharField):  # type: ignore[type-arg]  # the plug-in wants them at run time
    """Equal numbers are stored alike, so keys, references and exact search work as with any text.

    `mixed`: the column may also name an organisation or a member of staff, which stay readable.
    """

    def __init__(self, *args: Any, mixed: bool = False, **kwargs: Any) -> None:
        self.mixed = mixed
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if self.mixed:
            kwargs["mixed"] = True
        return name, path, args, kwargs

    def get_prep_value(self, value: Any) -> Any:
        return stored(value, mixed=self.mixed)

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return opened(value)


def stored(value: Any, *, mixed: bool = False) -> Any:
    """As the database keeps it; what is sealed already and what cannot be read stay as they are."""
    if not isinstance(value, str) or not value or ciphers.is_sealed_number(value):
        return value
    if mixed and not _pupil_like(value):
        return value
    return vault.ring().seal_number(value)


def opened(value: str | None) -> str | None:
    if value is None or not ciphers.is_sealed_number(value):
        return value
    return vault.ring().open_number(value)
