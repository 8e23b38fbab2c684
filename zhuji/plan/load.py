"""A package and the standards it takes in, read as one plan; refused whole when any part is bad."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path as Folder
from typing import Any

from zhuji.kernel.errors import BadInput, Issue, Level
from zhuji.kernel.messages import Message, say
from zhuji.plan.entries import header_of, read_folder
from zhuji.plan.files import is_package, versions_beside
from zhuji.plan.loaded import HEADER, Loaded, Place, Sibling
from zhuji.plan.model import CalendarData, Declared, Import, Plan
from zhuji.plan.strict import Path

# What a standard brings into the plan. The first three hang under `under`.
_HUNG = ("indicators", "duties", "milestones")
_BROUGHT = (*_HUNG, "roles", "groups", "kinds", "examples")
# The same id may stand in both when it says the same; these fields decide.
_SAME = {"roles": (), "groups": ("where",), "kinds": ("ledger",)}


@dataclass(slots=True)
class _Merging:
    """The plan while its standards come in."""

    standards: Folder
    sections: dict[str, list[Any]]
    positions: dict[Path, Place]
    sources: dict[tuple[str, str], str]
    taken: dict[str, Plan] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)

    def complain(self, path: Path, message: Message, proposal: Message, code: str) -> None:
        place = self.positions.get(path)
        file, line = (place.file, place.line) if place else (None, None)
        self.issues.append(Issue(Level.ERROR, message, file, line, proposal=proposal, code=code))


def load(folder: Folder, standards: Folder) -> Loaded:
    """Read a package with its imports, or raise BadInput that carries every issue."""
    root = folder.resolve()
    plan, positions = read_folder(root)
    sources = {
        (section, entry_id(entry)): plan.id
        for section in (*_BROUGHT, "items")
        for entry in getattr(plan, section)
    }
    sections = {section: list(getattr(plan, section)) for section in _BROUGHT}
    merging = _Merging(standards, sections, positions, sources)
    for number, wanted in enumerate(plan.imports):
        _take(merging, wanted, wanted.under, ((HEADER, "imports", number), (plan.id,)))
    if merging.issues:
        raise BadInput(merging.issues[0].sentence(), tuple(merging.issues))
    siblings, issues = _siblings(root, plan.id)
    return Loaded(
        plan=plan.model_copy(update=_merged(plan, merging)),
        positions=merging.positions,
        issues=issues,
        sources=merging.sources,
        standards=tuple(merging.taken.values()),
        siblings=siblings,
        folder=root.name,
    )


def entry_id(entry: Declared) -> str:
    """What an entry is called in its section: its id, an example's name, a unit's code."""
    for name in ("id", "name", "org"):
        if name in type(entry).model_fields:
            return str(getattr(entry, name))
    raise TypeError(type(entry).__name__)


def _take(
    merging: _Merging, wanted: Import, under: str | None, at: tuple[Path, tuple[str, ...]]
) -> None:
    """Take in one standard and what it takes in itself, each once."""
    path, chain = at
    if wanted.package in chain:
        circle = " → ".join((*chain[chain.index(wanted.package) :], wanted.package))
        problem = say("方案包互相引用，成了一圈：{circle}。", circle=circle)
        merging.complain(path, problem, say("请删去其中一处引用。"), "import.cycle")
        return
    if wanted.package in merging.taken:
        return
    standard, positions = _read_standard(merging, wanted.package, path)
    if standard is None:
        return
    merging.taken[standard.id] = standard
    _bring_all(merging, standard, positions, under)
    for number, further in enumerate(standard.imports):
        spot: Path = (f"{HEADER}:{standard.id}", "imports", number)
        found = positions.get((HEADER, "imports", number))
        if found:
            merging.positions[spot] = found
        _take(merging, further, under, (spot, (*chain, standard.id)))


def _read_standard(
    merging: _Merging, name: str, path: Path
) -> tuple[Plan | None, dict[Path, Place]]:
    folder = merging.standards / name
    if not is_package(folder):
        problem = say("找不到标准包“{name}”。", name=name)
        proposal = say("请检查名称，或把它放进 standards 文件夹。")
        merging.complain(path, problem, proposal, "import.unknown")
        return None, {}
    try:
        standard, positions = read_folder(folder.resolve())
    except BadInput as refusal:
        merging.issues += refusal.issues
        return None, {}
    if standard.id == name and standard.standard:
        return standard, positions
    problem = say("文件夹“{name}”里的方案包不是名为“{name}”的标准包。", name=name)
    proposal = say("请在它的 plan.yaml 里写“id: {name}”和“standard: true”。", name=name)
    merging.complain(path, problem, proposal, "import.not_standard")
    return None, {}


def _hung(entry: Declared, section: str, under: str | None) -> Declared:
    if section not in _HUNG or under is None:
        return entry
    clauses: tuple[str, ...] = entry.clauses  # type: ignore[attr-defined]
    return entry.model_copy(update={"clauses": (under, *clauses)})


def _bring_all(
    merging: _Merging, standard: Plan, positions: dict[Path, Place], under: str | None
) -> None:
    brought: set[Path] = set()
    for section in _BROUGHT:
        for entry in getattr(standard, section):
            key = (section, entry_id(entry))
            if key in merging.sources:
                _meet(merging, standard, section, entry)
            else:
                merging.sections[section].append(_hung(entry, section, under))
                merging.sources[key] = standard.id
                brought.add(key)
    for path, place in positions.items():
        if path[:2] in brought or path[0] == "calendar":
            merging.positions.setdefault(path, place)


def _meet(merging: _Merging, standard: Plan, section: str, entry: Declared) -> None:
    """Two packages declare the same id: harmless when both say the same."""
    name = entry_id(entry)
    other = next(had for had in merging.sections[section] if entry_id(had) == name)
    fields = _SAME.get(section)
    if fields is not None and all(getattr(entry, f) == getattr(other, f) for f in fields):
        return
    merging.complain(
        (section, name),
        say(
            "“{name}”在方案包“{first}”和“{second}”里各有一个，内容不同。",
            name=name,
            first=merging.sources[(section, name)],
            second=standard.id,
        ),
        say("请把其中一个改名。"),
        "import.clash",
    )


def _merged(plan: Plan, merging: _Merging) -> dict[str, object]:
    calendars = [plan.calendar, *(standard.calendar for standard in merging.taken.values())]
    sections = {section: tuple(entries) for section, entries in merging.sections.items()}
    return {**sections, "calendar": _one_calendar(calendars)}


def _one_calendar(calendars: Iterable[CalendarData]) -> CalendarData:
    """The plan's own school years first; days off are added up."""
    terms: dict[str, Any] = {}
    holidays: set[Any] = set()
    makeup: set[Any] = set()
    said = [one for one in calendars if one.terms or one.holidays or one.makeup_days]
    for one in said:
        for term in one.terms:
            terms.setdefault(term.school_year, term)
        holidays.update(one.holidays)
        makeup.update(one.makeup_days)
    return CalendarData(
        terms=tuple(terms.values()),
        holidays=tuple(sorted(holidays)),
        makeup_days=tuple(sorted(makeup)),
        source="；".join(one.source for one in said if one.source),
        verified=all(one.verified for one in said),
    )


def _siblings(root: Folder, plan_id: str) -> tuple[tuple[Sibling, ...], tuple[Issue, ...]]:
    """Versions that stand beside; one that cannot be read is that one's own concern."""
    found: list[Sibling] = []
    issues: list[Issue] = []
    for folder in versions_beside(root, plan_id):
        try:
            other = header_of(folder)
        except BadInput:
            issues.append(
                Issue(
                    Level.WARNING,
                    say("旁边的版本“{folder}”读不出。", folder=folder.name),
                    file=f"{folder.name}/plan.yaml",
                    proposal=say("请先检查并改正那个版本。"),
                    code="versions.unreadable",
                )
            )
            continue
        if other.id == plan_id:
            found.append(Sibling(other.version, other.takes_effect, folder.name))
    return tuple(found), tuple(issues)


def load_versions(folder: Folder, standards: Folder) -> tuple[Loaded, ...]:
    """A package and the versions that stand beside it, by the day they take effect."""
    first = load(folder, standards)
    beside = versions_beside(folder.resolve(), first.plan.id)
    others = [load(path, standards) for path in beside]
    same = [first, *(other for other in others if other.plan.id == first.plan.id)]
    return tuple(sorted(same, key=lambda loaded: loaded.plan.takes_effect))
