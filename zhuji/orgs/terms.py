"""How long the trail is kept, as the register of personal data says: it is data, not code."""

from datetime import timedelta
from functools import cache
from pathlib import Path

import yaml
from django.conf import settings

from zhuji.orgs.verify_audit import KEPT_DAYS

REGISTER = ("security", "data-register.yaml")
KINDS = ("entry", "view")
SEAL = "seal"


def kept(kind: str) -> timedelta:
    """A seal binds records of both kinds, so it is kept as long as the longer of them."""
    days = _days(Path(settings.ZHUJI_DOCS))
    return timedelta(days=max(days.values()) if kind == SEAL else days[kind])


@cache
def _days(docs: Path) -> dict[str, int]:
    held = yaml.safe_load(docs.joinpath(*REGISTER).read_text(encoding="utf-8"))
    # What went younger than the law allows, the verifier would call deleted.
    return {kind: max(int(held[kind]["kept_days"]), KEPT_DAYS) for kind in KINDS}
