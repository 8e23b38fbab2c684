"""A judgement taken apart for keeping, and put together again: one folio for an organisation."""

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import astuple, dataclass
from itertools import compress
from typing import Any

from zhuji.kernel.lights import Light
from zhuji.programme.judgement import NOTHING, Item, Judgement, Lack, Measured
from zhuji.programme.outline import Entry, Outline
from zhuji.programme.wire import Packed, Pool, Pooled, pack, unpack

LIGHTS = tuple(Light)
_NUMBER = {light: number for number, light in enumerate(LIGHTS)}


def write_items(items: Iterable[Item]) -> bytes:
    pool, rows = Pool(), []
    for item in items:
        measured = None if item.measured == NOTHING else list(astuple(item.measured))
        rows.append([
            _NUMBER[item.light], item.value, item.n,
            pool.add((item.unit, item.decimals, item.verified)),
            pool.add(item.goal), pool.add(item.as_of), pool.add(item.reason),
            measured, len(item.missing),
        ])  # fmt: skip
    return pack({"pool": pool.values, "rows": rows})


def write_lacks(items: Iterable[Item]) -> bytes:
    pool, found = Pool(), {}
    for item in items:
        if item.missing:
            found[item.id] = [
                [lack.org, pool.add(lack.what), pool.add(lack.due), lack.count]
                for lack in item.missing
            ]
    return pack({"pool": pool.values, "found": found})


def read_items(kept: Packed, outline: Outline) -> tuple[Item, ...]:
    """The items without what is missing; `lacks` has that."""
    told = unpack(kept)
    pool = Pooled(told["pool"])
    return tuple(
        _item(entry, row, pool) for entry, row in zip(outline.entries, told["rows"], strict=True)
    )


def _item(entry: Entry, row: list[Any], pool: Pooled) -> Item:
    light, value, n, shape, goal, as_of, reason, measured, _ = row
    unit, decimals, verified = pool[shape]
    return Item(
        entry.id, entry.kind, entry.parent, entry.clause, entry.label, LIGHTS[light], value,
        unit, decimals, pool[goal], n, pool[as_of], (), pool[reason], entry.owner, verified,
        NOTHING if measured is None else _measured(measured),
    )  # fmt: skip


def _measured(row: list[Any]) -> Measured:
    basis, reached, target, pace, interval = row
    return Measured(basis, reached, target, pace, None if interval is None else tuple(interval))


def read_lacks(kept: Packed, outline: Outline) -> dict[str, tuple[Lack, ...]]:
    told = unpack(kept)
    pool = Pooled(told["pool"])
    return {
        key: tuple(
            Lack(org, outline.name(org), pool[what], outline.by_id[key].owner, pool[due], count)
            for org, what, due, count in rows
        )
        for key, rows in told["found"].items()
    }


def judgement(outline: Outline, org: str, items: tuple[Item, ...]) -> Judgement:
    return Judgement(
        plan=outline.plan,
        version=outline.version,
        title=outline.title,
        on=outline.on,
        org=org,
        org_name=outline.name(org),
        snapshot=outline.snapshot,
        invented=outline.invented,
        items=items,
        issues=outline.issues,
        starts=outline.starts,
    )


# --- lights alone ----------------------------------------------------------------------------


def write_lights(ids: Iterable[str], lights: Mapping[str, str]) -> bytes:
    return pack({"ids": list(ids), "lights": dict(lights)})


def lights_of(items: Iterable[Item]) -> str:
    """One digit for each item."""
    return "".join(str(_NUMBER[item.light]) for item in items)


@dataclass(frozen=True, slots=True)
class Lights:
    """Of every organisation a digit for each item, as they were written."""

    ids: tuple[str, ...]
    by_org: Mapping[str, str]


def read_lights(kept: Packed) -> Lights:
    told = unpack(kept)
    return Lights(tuple(told["ids"]), told["lights"])


def lights_by_item(kept: Lights, orgs: Iterable[str]) -> dict[str, dict[str, Light]]:
    """By organisation and item, of those asked for."""
    return {
        org: {key: LIGHTS[int(one)] for key, one in zip(kept.ids, kept.by_org[org], strict=True)}
        for org in orgs
        if org in kept.by_org
    }


def tallies(kept: Lights, wanted: Container[str]) -> dict[str, dict[Light, int]]:
    """By organisation, how many of the wanted items show each light."""
    chosen = [key in wanted for key in kept.ids]
    found = {}
    for org, digits in kept.by_org.items():
        counts = Counter(compress(digits, chosen))
        found[org] = {light: counts[str(number)] for light, number in _NUMBER.items()}
    return found
