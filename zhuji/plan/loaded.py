"""A package as read: the plan with its imports merged, and where each of its values stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from zhuji.kernel.errors import Issue, Level
from zhuji.kernel.messages import Message
from zhuji.plan.model import Plan
from zhuji.plan.strict import Path
from zhuji.plan.tree import Node, nodes

# What the section of a value is called in a path: the field of `Plan`, or this for the header.
HEADER = "plan"


@dataclass(frozen=True, slots=True)
class Place:
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Sibling:
    """Another version of the same plan, standing beside it."""

    version: str
    takes_effect: date
    folder: str


@dataclass(frozen=True)
class Loaded:
    """`positions` maps (section, id, field, ...) to a place; `sources` says whose an entry is."""

    plan: Plan
    positions: Mapping[Path, Place]
    issues: tuple[Issue, ...] = ()  # what reading found and could live with
    sources: Mapping[tuple[str, str], str] = field(default_factory=dict)
    standards: tuple[Plan, ...] = ()
    siblings: tuple[Sibling, ...] = ()
    folder: str = ""
    ledgers: frozenset[str] | None = None  # names of ledgers and relations; None: not known here

    @cached_property
    def tree(self) -> tuple[Node, ...]:
        return nodes(self.plan)

    @cached_property
    def _parents(self) -> dict[str, str | None]:
        return {node.id: node.parent for node in self.tree}

    @cached_property
    def origin(self) -> Mapping[str, str]:
        """The package that declares each node of the tree."""
        sections = ("items", "indicators", "duties", "milestones")
        return {name: home for (section, name), home in self.sources.items() if section in sections}

    def parent_of(self, node_id: str) -> str | None:
        """The item under which a node stands; None for roots and for what is not in the plan."""
        return self._parents.get(node_id)

    def is_own(self, section: str, name: str) -> bool:
        """Declared by the plan itself, not by a standard it takes in."""
        return self.sources.get((section, name), self.plan.id) == self.plan.id

    def place(self, *path: str | int) -> Place | None:
        """Where a value stands, or the nearest thing around it that stands anywhere."""
        for length in range(len(path), 0, -1):
            found = self.positions.get(path[:length])
            if found is not None:
                return found
        return None

    def issue(
        self,
        path: Path,
        message: Message,
        proposal: Message | None = None,
        *,
        code: str,
        level: Level = Level.ERROR,
    ) -> Issue:
        """A finding at the place of a value."""
        place = self.place(*path) or self.place(HEADER)
        return Issue(
            level,
            message,
            file=place.file if place else None,
            line=place.line if place else None,
            proposal=proposal,
            code=code,
        )
