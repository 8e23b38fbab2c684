"""A write that bears a key is answered twice and done once."""

from datetime import timedelta

import pytest

from tests.orgs.cast import NOW
from zhuji.kernel.errors import BadInput, Refused
from zhuji.orgs import idempotency
from zhuji.orgs.idempotency import Act, once
from zhuji.orgs.models import Done

pytestmark = pytest.mark.django_db
ACT = Act("clerk", NOW, "k1")


def counted(times: list[int]) -> dict[str, object]:
    times.append(1)
    return {"row_id": len(times)}


def test_the_same_again_is_answered_as_the_first_time() -> None:
    times: list[int] = []
    assert once(ACT, "v", {"a": 1}, lambda: counted(times)) == ({"row_id": 1}, False)
    assert once(ACT, "v", {"a": 1}, lambda: counted(times)) == ({"row_id": 1}, True)
    assert times == [1]


@pytest.mark.parametrize(("verb", "content"), [("v", {"a": 2}), ("w", {"a": 1})])
def test_the_key_of_another_write_is_refused(verb: str, content: object) -> None:
    once(ACT, "v", {"a": 1}, lambda: counted([]))
    with pytest.raises(Refused, match="已经用于另一次写入"):
        once(ACT, verb, content, lambda: counted([]))


def test_everybody_has_keys_of_their_own() -> None:
    once(ACT, "v", 1, lambda: counted([]))
    assert not once(Act("other", NOW, "k1"), "v", 1, lambda: counted([]))[1]


def test_without_a_key_nothing_is_remembered() -> None:
    times: list[int] = []
    for _ in range(2):
        once(Act("clerk", NOW), "v", 1, lambda: counted(times))
    assert (len(times), Done.objects.count()) == (2, 0)


def test_what_failed_can_be_mended_and_repeated_under_its_key() -> None:
    def fail() -> dict[str, object]:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        once(ACT, "v", {"a": "wrong"}, fail)
    assert once(ACT, "v", {"a": "right"}, lambda: counted([])) == ({"row_id": 1}, False)


def test_a_key_is_kept_for_a_week() -> None:
    once(ACT, "v", 1, lambda: counted([]))
    assert once(Act("clerk", NOW + timedelta(days=6), "k1"), "v", 1, lambda: counted([]))[1]
    week = NOW + timedelta(days=7)
    assert not once(Act("clerk", week, "k1"), "v", 2, lambda: counted([]))[1]
    assert idempotency.forget(now=week + timedelta(days=7)) == 1


def test_neither_content_nor_anything_long_is_kept() -> None:
    once(ACT, "v", {"phone": "13900001111"}, lambda: counted([]))
    assert "13900001111" not in repr(Done.objects.values_list().get())
    with pytest.raises(BadInput):
        once(Act("clerk", NOW, "x" * 101), "v", 1, lambda: counted([]))
