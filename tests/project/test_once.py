"""What is put back is what was built, and nothing is put back where something else stands."""

from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import override_settings

from tests import once
from tests.orgs import cast
from zhuji.ledgers import queries

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="在 PostgreSQL 上每次都重新建"),
]


def test_the_second_time_it_is_put_back_with_the_keys_it_was_sealed_with() -> None:
    made: list[int] = []

    @once.built
    def build() -> str:
        made.append(1)
        cast.put("orgs", org())
        cast.put("staff", {**cast.staff("S000007"), "phone": "13900000007"})
        return "built"

    home = Path(settings.ZHUJI_HOME)
    for place in (home / "first", home / "second"):
        place.mkdir()
        with override_settings(ZHUJI_HOME=place), transaction.atomic():
            assert build() == "built"
            assert [row["phone"] for row in queries.rows("staff")] == ["13900000007"]
            assert (place / "keys" / "fields.json").stat().st_mode & 0o777 == 0o600
            transaction.set_rollback(True)
    assert made == [1]


def test_over_anything_else_it_is_built_anew() -> None:
    cast.put("orgs", org())
    made: list[int] = []

    @once.built
    def build() -> int:
        made.append(1)
        cast.put("staff", cast.staff("S000007"))
        return len(made)

    for expected in (1, 2):
        with transaction.atomic():
            assert build() == expected
            transaction.set_rollback(True)
        cast.put("staff", cast.staff(f"S00000{expected}"))


def test_what_changed_a_row_that_stood_there_cannot_be_put_back() -> None:
    cast.put("orgs", org())

    @once.built
    def build() -> None:
        cast.put("orgs", {**org(), "name": "改名"})

    with pytest.raises(AssertionError, match="changed what stood in ledger_orgs"):
        build()


def org() -> dict[str, object]:
    return {
        "org": cast.OTHER_SCHOOL,
        "name": "某校",
        "kind": "school",
        "valid_from": cast.SINCE,
    }
