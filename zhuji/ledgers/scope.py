"""What a file may refer to: codes in the database, and rows that the file itself brings."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TypeVar

from zhuji.ledgers.converters import Names
from zhuji.ledgers.declare import Ledger
from zhuji.ledgers.models import rows_of
from zhuji.ledgers.registry import BY_KEY

# Below the number of parameters that any database takes in one statement.
CHUNK = 900

Thing = TypeVar("Thing")
Key = tuple[object, ...]
Place = tuple[str, int]


class Scope:
    """Grows while the sheets of one file are checked, in the order of the registry."""

    def __init__(self) -> None:
        self._orgs: dict[str, str] | None = None
        self._brought: dict[str, set[object]] = {}
        self._faulty: dict[str, set[object]] = {}
        self._keys: dict[str, dict[Key, Place]] = {}

    def names(self) -> Names:
        return Names(self.orgs)

    @property
    def orgs(self) -> dict[str, str]:
        if self._orgs is None:
            found = rows_of("orgs").values_list("org", "name")
            self._orgs = {str(code): str(name) for code, name in found}
        return self._orgs

    def first_place(self, ledger: Ledger, key: Key, place: Place) -> Place:
        """Where this key stood first in the file; this place itself if it is new."""
        return self._keys.setdefault(ledger.key, {}).setdefault(key, place)

    def bring(self, ledger: Ledger, good: Iterable[object], faulty: Iterable[object]) -> None:
        """Remember the codes whose rows this file brings, and those whose rows are refused."""
        self._brought.setdefault(ledger.key, set()).update(good)
        self._faulty.setdefault(ledger.key, set()).update(faulty)

    def bring_orgs(self, names: Iterable[tuple[object, object]]) -> None:
        self.orgs.update((str(code), str(name)) for code, name in names)

    def is_refused(self, ledger_key: str, code: object) -> bool:
        return code in self._faulty.get(ledger_key, ())

    def absent(self, ledger_key: str, wanted: Collection[object]) -> set[object]:
        """Those of the wanted codes that neither the file nor the database holds."""
        left = set(wanted) - self._brought.get(ledger_key, set())
        return left - set(present(BY_KEY[ledger_key], left))


def present(ledger: Ledger, codes: Collection[object]) -> Iterator[object]:
    """Those of the codes that the ledger holds."""
    [key] = ledger.natural_key
    rows = rows_of(ledger.key)
    for chunk in chunks(list(codes), CHUNK):
        yield from rows.filter(**{f"{key}__in": chunk}).values_list(key, flat=True)


def chunks(things: Sequence[Thing], size: int) -> Iterator[Sequence[Thing]]:
    for start in range(0, len(things), size):
        yield things[start : start + size]
