"""The plan board: targets, actions with their measures, safeguards, and how each light is made."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from zhuji.cockpit import nodes
from zhuji.cockpit.day import opened
from zhuji.cockpit.faces import Change, Face, Place, Standing
from zhuji.kernel.lights import Light
from zhuji.kernel.messages import Label
from zhuji.orgs.scope import Reader
from zhuji.programme import kept
from zhuji.programme.judgement import Item

_KINDS = ("target", "measure", "safeguard", *nodes.LEAVES)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader narrows the board down to; an empty text asks for everything."""

    town: str = ""
    owner: str = ""
    light: str = ""


@dataclass(frozen=True, slots=True)
class Owner:
    id: str
    label: Label


@dataclass(frozen=True)
class Action:
    face: Face
    measures: tuple[Face, ...]


@dataclass(frozen=True)
class Board:
    standing: Standing
    targets: tuple[Face, ...]
    actions: tuple[Action, ...]
    safeguards: tuple[Face, ...]
    totals: Mapping[str, Mapping[Light, int]]  # of everything, whatever is asked for
    towns: tuple[Place, ...]
    owners: tuple[Owner, ...]
    asked: Asked
    changes: tuple[Change, ...] = ()
    compared_with: date | None = None


EVERYTHING = Asked()


def board(
    reader: Reader, *, on: date | None = None, org: str | None = None, asked: Asked = EVERYTHING
) -> Board:
    """`asked.town` opens the board of that town instead."""
    seen = opened(reader, on, asked.town or org)
    items = kept.items(seen.judging, seen.org)
    made = nodes.faces(seen, items, nodes.is_branch)
    wanted = {key: one for key, one in made.items() if _asked_for(one, asked)}
    before = kept.before(seen.judging)
    return Board(
        standing=seen.standing(),
        targets=_of_kind(wanted, "target"),
        actions=tuple(_actions(made, wanted)),
        safeguards=_of_kind(wanted, "safeguard"),
        totals=totals(items),
        towns=tuple(
            seen.place(code)
            for code, note in seen.outline.orgs.items()
            if note.kind == "town" and code in seen.readable
        ),
        owners=tuple(_owners(made.values())),
        asked=asked,
        changes=nodes.changes(seen, before, [seen.org]),
        compared_with=before.on if before else None,
    )


def totals(items: Iterable[Item]) -> dict[str, dict[Light, int]]:
    """How many items of each kind show each light."""
    found = {kind: dict.fromkeys(Light, 0) for kind in _KINDS}
    for item in items:
        if item.kind in found:
            found[item.kind][item.light] += 1
    return found


def _asked_for(one: Face, asked: Asked) -> bool:
    lit = not asked.light or one.light.value == asked.light
    return lit and (not asked.owner or one.owner_id == asked.owner)


def _of_kind(found: Mapping[str, Face], kind: str) -> tuple[Face, ...]:
    return tuple(one for one in found.values() if one.kind == kind)


def _actions(made: Mapping[str, Face], wanted: Mapping[str, Face]) -> Iterable[Action]:
    """An action is shown when it is asked for itself, or for a measure in it."""
    for one in made.values():
        if one.kind == "action":
            measures = tuple(
                part for part in wanted.values() if part.kind == "measure" and part.parent == one.id
            )
            if measures or one.id in wanted:
                yield Action(one, measures)


def _owners(faces: Iterable[Face]) -> Iterable[Owner]:
    found = {one.owner_id: one.owner for one in faces if one.owner_id}
    return (Owner(key, label) for key, label in found.items())
