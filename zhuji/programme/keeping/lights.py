"""A judgement over the newest snapshot, in totals that a restored county must show again."""

import logging
from hashlib import sha256
from pathlib import Path

from zhuji.ledgers import queries
from zhuji.plan.files import find_package
from zhuji.programme import judge, packages
from zhuji.programme.keeping.manifest import Lights
from zhuji.programme.packages import STANDARDS
from zhuji.warehouse import snapshots
from zhuji.warehouse.engine import open_engine

_log = logging.getLogger(__name__)


def count(store: Path, plan: str, plans: Path) -> Lights | None:
    """None without a snapshot, or when the plan cannot judge it: a backup is made all the same."""
    known = snapshots.list_(store)
    if not known:
        return None
    newest = known[-1]
    try:
        loaded = packages.load_for(plan, plans, newest.as_of)
        with open_engine(store, newest, queries.warehouse_tables()) as engine:
            run = judge.run(loaded, engine, on=newest.as_of, snapshot=newest.id)
            judgement = run.judgement()
    except Exception:
        _log.exception("no judgement in this backup")
        return None
    counts: dict[str, dict[str, int]] = {}
    for item in judgement.items:
        kind = counts.setdefault(item.kind, {})
        kind[item.light.value] = kind.get(item.light.value, 0) + 1
    return Lights(
        plan=plan,
        version=judgement.version,
        package=state(plan, plans),
        snapshot=newest.id,
        counts=counts,
    )


def state(plan: str, plans: Path) -> str:
    """Tells two states of a plan and its standards apart; another state may judge otherwise."""
    digest = sha256()
    for folder in (find_package(plan, plans), plans / STANDARDS):
        for path in sorted(folder.rglob("*.yaml")):
            digest.update(f"{path.relative_to(folder)}\n".encode())
            digest.update(sha256(path.read_bytes()).digest())
    return digest.hexdigest()
