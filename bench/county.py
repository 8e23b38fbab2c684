"""The reference county, made once and kept: ledgers in a database and one whole snapshot."""

from __future__ import annotations

import os
import resource
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import django
from django.core.management import call_command

from zhuji.cli import main

ROOT = Path(__file__).resolve().parent.parent
PLAN = "anqiu-2021"
ON = date(2024, 8, 31)


# Models can be imported only after this, so every script here imports this module first.
HOME = Path(os.environ.setdefault("ZHUJI_HOME", str(ROOT / "var" / "bench" / "home")))
HOME.mkdir(parents=True, exist_ok=True)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhuji.project.settings")
django.setup()


def prepare() -> Path:
    """Fill the bench's own home if it is empty; minutes, once."""
    home = HOME
    if not (home / "zhuji.sqlite3").exists():
        _do(main.run(["invent", "--size", "reference", "--load"]))
    call_command("migrate", verbosity=0, interactive=False)
    if not any(home.glob("snapshots/*/manifest.json")):
        _do(main.run(["snapshot", "create", "--as-of", ON.isoformat(), "--full"]))
    return home


def _do(status: int) -> None:
    if status:
        raise SystemExit(status)


@dataclass(frozen=True)
class Spent:
    """Seconds by the clock, and of processors: all threads, and children that have ended."""

    wall: float
    cpu: float

    def __sub__(self, earlier: Spent) -> Spent:
        return Spent(self.wall - earlier.wall, self.cpu - earlier.cpu)

    def __add__(self, other: Spent) -> Spent:
        return Spent(self.wall + other.wall, self.cpu + other.cpu)


def now() -> Spent:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = time.process_time() + children.ru_utime + children.ru_stime
    return Spent(time.perf_counter(), cpu)


@dataclass(frozen=True)
class Spread:
    """Median and range of what was measured several times."""

    values: tuple[float, ...]

    def __str__(self) -> str:
        ordered = sorted(self.values)
        middle = ordered[len(ordered) // 2]
        return f"{middle:.2f} ({ordered[0]:.2f} - {ordered[-1]:.2f})"


if __name__ == "__main__":
    prepare()
