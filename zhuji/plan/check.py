"""The checks of a package: a tuple of rules, each one function from what was read to findings."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from pathlib import Path as Folder

from zhuji.kernel.errors import BadInput, Issue, Level
from zhuji.plan.load import load
from zhuji.plan.loaded import Loaded
from zhuji.plan.rules import (
    coverage,
    dates,
    goals,
    hanging,
    indicators,
    references,
    sums,
    usage,
)

Rule = Callable[[Loaded], Iterable[Issue]]

RULES: tuple[Rule, ...] = (
    dates.plan_days_agree,
    dates.versions_follow_each_other,
    dates.folder_bears_the_name,
    dates.calendar_fits_together,
    hanging.node_ids_are_unique,
    hanging.imports_hang_under_items,
    hanging.parents_exist,
    hanging.parents_make_no_circle,
    hanging.clauses_exist,
    hanging.leaves_hang_under_items,
    coverage.every_item_can_be_known,
    coverage.every_action_has_something_below,
    references.roles_exist,
    references.groups_exist,
    references.organisations_exist,
    references.ledgers_exist,
    references.kinds_exist,
    references.indicators_named_by_goals_exist,
    references.examples_name_something,
    indicators.formulas_name_indicators,
    indicators.formulas_make_no_circle,
    indicators.formulas_stand_on_something,
    indicators.stages_agree,
    goals.thresholds_are_in_force,
    goals.thresholds_do_not_overlap,
    goals.thresholds_name_stages_of_the_indicator,
    goals.goals_fall_due_inside_the_plan,
    goals.forms_fit_their_indicators,
    goals.standing_goals_have_no_day,
    dates.duties_run_inside_the_plan,
    dates.duties_are_whole,
    dates.weekly_duties_have_teaching_weeks,
    dates.milestones_fall_inside_the_plan,
    dates.milestones_name_one_subject,
    sums.sums_reconcile,
    sums.money_parts_add_up,
    sums.money_makes_no_circle,
    sums.floors_fit_in_quotas,
    usage.groups_are_used,
    usage.roles_are_used,
    usage.kinds_are_used,
    usage.organisations_are_used,
    usage.unverified_things_are_listed,
)
_ORDER = {Level.ERROR: 0, Level.WARNING: 1, Level.INFO: 2}


def check(
    loaded: Loaded,
    known_ledgers: Collection[str] | None = None,
    rules: tuple[Rule, ...] = RULES,
) -> tuple[Issue, ...]:
    """All findings, errors first, then by file and line.

    `known_ledgers` names every ledger and relation; without it their names are not checked.
    """
    ledgers = None if known_ledgers is None else frozenset(known_ledgers)
    seen = replace(loaded, ledgers=ledgers)
    found = [*loaded.issues, *(issue for rule in rules for issue in rule(seen))]
    return tuple(sorted(found, key=lambda i: (_ORDER[i.level], i.file or "", i.line or 0)))


def examine(
    folder: Folder, standards: Folder, known_ledgers: Collection[str] | None = None
) -> tuple[Loaded | None, tuple[Issue, ...]]:
    """Read and check in one step, for a report: what cannot be read gives its issues alone."""
    try:
        loaded = load(folder, standards)
    except BadInput as refusal:
        return None, refusal.issues
    return loaded, check(loaded, known_ledgers)


def sound(issues: Iterable[Issue]) -> bool:
    """No errors; warnings and notes do not keep a plan from being put in force."""
    return all(issue.level is not Level.ERROR for issue in issues)
