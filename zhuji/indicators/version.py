"""The version of a formula: a short digest of what is computed, not of how it is written."""

from __future__ import annotations

from hashlib import sha256

from zhuji.indicators.formula import CANONICAL, Allow, parse_formula
from zhuji.plan.model import Indicator


def formula_version(indicator: Indicator) -> str:
    """Changes with the value, the rows, their source or their time; not with a label or a goal."""
    allow = Allow.AGGREGATE if indicator.source else Allow.INDICATORS
    parts = (
        indicator.source or "",
        indicator.period,
        indicator.at,
        indicator.absent,
        "split" if indicator.split else "",
        ",".join(indicator.stages),
        indicator.among or "",
        parse_formula(str(indicator.value), allow=allow).sql(dialect=CANONICAL),
        "" if indicator.where is None else _canonical(str(indicator.where)),
    )
    return sha256("\n".join(parts).encode()).hexdigest()[:12]


def _canonical(condition: str) -> str:
    return parse_formula(condition, allow=Allow.ROWS).sql(dialect=CANONICAL)
