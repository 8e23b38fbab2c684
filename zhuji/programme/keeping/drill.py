"""The proof of a backup: restored into a fresh place, compared, and the outcome written down."""

import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from zhuji import __version__
from zhuji.kernel.errors import NotFound, Refused
from zhuji.kernel.messages import say
from zhuji.programme.keeping import place, sealed, shelf
from zhuji.programme.keeping.backup import Plan
from zhuji.programme.keeping.compare import Point, points
from zhuji.programme.keeping.manifest import Manifest
from zhuji.programme.keeping.meter import Meter, Step
from zhuji.programme.keeping.place import Place
from zhuji.programme.keeping.restore import look, restore
from zhuji.programme.keeping.secret import Secret
from zhuji.programme.keeping.shelf import Drilled


@dataclass(frozen=True)
class Outcome:
    path: Path
    manifest: Manifest
    points: tuple[Point, ...]
    drilled: Drilled


@dataclass(frozen=True)
class Trial:
    """What is tried, with what, and when it began."""

    path: Path
    secret: Secret
    now: datetime
    plans: Path | None = None  # the folder of plans; without it no judgement is compared


def drill(source: Place, trial: Trial, step: Step | None = None) -> Outcome:
    """Restore a backup beside the data and hold it against its manifest; nothing of it stays.

    A backup that cannot be restored is a failed drill and recorded; a wrong secret is not.
    """
    if not trial.path.is_file():
        raise NotFound(say("没有备份文件 {path}。", path=trial.path))
    began = time.monotonic()
    with trial.path.open("rb") as file:
        head = sealed.read_head(file)
    try:
        manifest, found = _tried(source, trial, step)
    except Refused as refusal:
        shelf.record(source.backups, _drilled(trial, head.id, began, (), (str(refusal),)))
        raise
    differing = tuple(str(point.name) for point in found if point.same is False)
    drilled = _drilled(trial, head.id, began, found, differing)
    shelf.record(source.backups, drilled)
    return Outcome(trial.path, manifest, found, drilled)


def _tried(source: Place, trial: Trial, step: Step | None) -> tuple[Manifest, tuple[Point, ...]]:
    with shelf.working(source.backups) as work:
        # Read twice: only the manifest says which engine a fresh place must have.
        size = trial.path.stat().st_size
        manifest = look(trial.path, trial.secret, Meter(size, step))
        assert manifest.origin is not None, "`look` refuses an archive without a database"
        with place.fresh(work, manifest.origin.vendor, source.database) as fresh:
            restore(trial.path, trial.secret, fresh, step=step)
            judged = manifest.lights
            plan = Plan(judged.plan, trial.plans) if judged and trial.plans else None
            return manifest, points(manifest, fresh, plan)


def _drilled(
    trial: Trial, backup: str, began: float, found: tuple[Point, ...], differing: tuple[str, ...]
) -> Drilled:
    return Drilled(
        backup=backup,
        file=trial.path.name,
        at=trial.now.isoformat(),
        seconds=round(time.monotonic() - began, 1),
        passed=not differing,
        compared=sum(point.same is not None for point in found),
        differing=differing,
        version=__version__,
    )
