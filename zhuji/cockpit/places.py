"""Organisations within reach: all of them with their lights, and who is behind one clause."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from zhuji.cockpit import nodes
from zhuji.cockpit.day import Board, opened
from zhuji.cockpit.faces import Owing, Place, Standing
from zhuji.kernel.lights import Light
from zhuji.orgs.scope import Reader
from zhuji.programme import kept
from zhuji.programme.scene import SCHOOLS


@dataclass(frozen=True)
class Entry:
    """One town or school with how many of its leaves show each light."""

    org: Place
    above: Place | None
    pupils: int | None
    lights: Mapping[Light, int]


@dataclass(frozen=True)
class Directory:
    standing: Standing
    entries: tuple[Entry, ...]  # in the order of the directory: no ranking


@dataclass(frozen=True, slots=True)
class Behind:
    """How an organisation directly below stands in one clause, with all that stand under it."""

    org: Place
    light: Light
    lacking: int
    overdue: int


def directory(reader: Reader, *, on: date | None = None) -> Directory:
    seen = opened(reader, on)
    codes = [
        code for code, note in seen.outline.orgs.items()
        if code in seen.readable and (note.kind == "town" or note.kind in SCHOOLS)
    ]  # fmt: skip
    lights = kept.tallies(seen.judging, nodes.LEAVES)
    found = (_entry(seen, code, lights.get(code, {})) for code in codes)
    return Directory(seen.standing(), tuple(found))


def _entry(seen: Board, code: str, counts: Mapping[Light, int]) -> Entry:
    note = seen.outline.orgs[code]
    pupils = sum(count for _stage, count in note.pupils) if note.pupils else None
    parent = note.parent or ""
    above = seen.place(parent) if parent in seen.outline.orgs else None
    return Entry(seen.place(code), above, pupils, counts)


def behind(
    reader: Reader,
    key: str,
    owing: Iterable[Owing],
    *,
    on: date | None = None,
    org: str | None = None,
) -> tuple[Behind, ...]:
    """`owing`: what the node's own page says is owed; who has no part in the clause is left out."""
    seen = opened(reader, on, org)
    direct = [
        code for code in seen.outline.under[seen.org]
        if seen.outline.orgs[code].parent == seen.org and code in seen.readable
    ]  # fmt: skip
    lights = kept.lights(seen.judging, direct)
    lacking, overdue = dict.fromkeys(direct, 0), dict.fromkeys(direct, 0)
    for one in owing:
        for code in seen.outline.line(one.org.code):
            if code in lacking:
                lacking[code] += 1
                overdue[code] += one.days_left is not None and one.days_left < 0
    return tuple(
        Behind(seen.place(code), light, lacking[code], overdue[code])
        for code in direct
        if (light := lights.get(code, {}).get(key, Light.NOT_APPLICABLE))
        is not Light.NOT_APPLICABLE
    )
