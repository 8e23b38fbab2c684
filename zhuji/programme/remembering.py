"""What a judging says never changes, so each process of the site remembers what was read last."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache, wraps
from typing import Concatenate, ParamSpec, TypeVar

from zhuji.programme.models import Judging

P = ParamSpec("P")
T = TypeVar("T")
Reading = Callable[Concatenate[Judging, P], T]


@dataclass(frozen=True)
class _Known:
    """The number of a judging that was deleted may be given again: its moment goes along."""

    number: int
    made_at: datetime
    judging: Judging = field(compare=False)


def remembered(most: int) -> Callable[[Reading[P, T]], Reading[P, T]]:
    """Keeps the last `most` answers of a function of a judging and of what can be hashed."""

    def wrap(read: Reading[P, T]) -> Reading[P, T]:
        @lru_cache(maxsize=most)
        def answer(known: _Known, *args: P.args, **kwargs: P.kwargs) -> T:
            return read(known.judging, *args, **kwargs)

        @wraps(read)
        def asked(judging: Judging, /, *args: P.args, **kwargs: P.kwargs) -> T:
            known = _Known(judging.pk, judging.made_at, judging)
            return answer(known, *args, **kwargs)  # type: ignore[arg-type]  # all can be hashed

        return asked

    return wrap
