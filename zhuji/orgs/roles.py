"""The roles of a county: where each may be held, what it sees, what it may do.

Code, not rows: who sees a child's record is reviewed like code and cannot be clicked together.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from zhuji.kernel.errors import NotFound
from zhuji.kernel.messages import Label, say


class Subject(StrEnum):
    """Whom the rows of a ledger are about. `care` is a minor's hardship, risk or support."""

    ORG = "org"
    STAFF = "staff"
    PUPIL = "pupil"
    CARE = "care"


class Reach(StrEnum):
    """`all`: the org and everything below. `own`: oneself, or the pupils of one's classes."""

    ALL = "all"
    OWN = "own"


class Sight(StrEnum):
    """How a value is shown; a masked one can be revealed with a reason, an absent one cannot."""

    ABSENT = "absent"
    MASKED = "masked"
    CLEAR = "clear"


class Verb(StrEnum):
    READ = "read"
    ENTER = "enter"
    REVIEW = "review"
    INSTRUCT = "instruct"
    OVERRIDE = "override"
    PUBLISH = "publish"
    EXPORT = "export"
    REVEAL = "reveal"
    OBSERVE = "observe"
    APPOINT = "appoint"
    MAINTAIN = "maintain"
    AUDIT = "audit"


# By the levels of a ledger's columns; `orgs` stands below the ledgers, so they are named here.
# `number` is a pupil's: it holds their identity number, and yet somebody must tell pupils apart.
Levels = Mapping[str, Sight]
NUMBER = "number"
_CLEAR, _MASKED, _ABSENT = Sight.CLEAR, Sight.MASKED, Sight.ABSENT
_OPEN = {"public": _CLEAR, "work": _CLEAR}
NAMED: Levels = {**_OPEN, NUMBER: _MASKED, "personal": _CLEAR, "sensitive": _ABSENT}
VEILED: Levels = {**_OPEN, NUMBER: _ABSENT, "personal": _MASKED, "sensitive": _ABSENT}
FULL: Levels = {**_OPEN, NUMBER: _MASKED, "personal": _CLEAR, "sensitive": _MASKED}
_ORDER = tuple(Sight)


@dataclass(frozen=True)
class Window:
    """What a role sees of one kind of rows."""

    reach: Reach
    levels: Levels = field(hash=False)

    def sight(self, level: str) -> Sight:
        """A level nobody decided on stays hidden."""
        return self.levels.get(level, Sight.ABSENT)


@dataclass(frozen=True)
class Role:
    key: str
    label: Label
    held_at: frozenset[str]
    windows: Mapping[Subject, Window] = field(default_factory=dict, hash=False)
    verbs: frozenset[Verb] = frozenset()
    administers: bool = False

    def reaches_all(self, subject: Subject) -> bool:
        """Sees every row about such a subject at the org and below, not only its own."""
        window = self.windows.get(subject)
        return window is not None and window.reach is Reach.ALL

    @property
    def needs_second_factor(self) -> bool:
        """Who governs accounts, or can see what is personal of a minor or sensitive of anyone."""
        return self.administers or any(
            window.sight("sensitive") is not Sight.ABSENT
            or (subject in MINORS and window.sight("personal") is not Sight.ABSENT)
            for subject, window in self.windows.items()
        )


MINORS = frozenset({Subject.PUPIL, Subject.CARE})
_COUNTY = frozenset({"county"})
_BUREAU = frozenset({"county", "office"})
_TOWN = frozenset({"town"})
_SCHOOLS = frozenset({"school", "kindergarten", "teaching_point"})
_ALL, _OWN = Reach.ALL, Reach.OWN
_EVERYTHING_BELOW = {
    Subject.ORG: Window(_ALL, NAMED),
    Subject.STAFF: Window(_ALL, NAMED),
    Subject.PUPIL: Window(_ALL, VEILED),
}

DIRECTOR = Role(
    "director",
    Label("局长", "Bureau director"),
    _COUNTY,
    _EVERYTHING_BELOW,
    frozenset({Verb.READ, Verb.INSTRUCT, Verb.OVERRIDE, Verb.PUBLISH}),
)
OFFICER = Role(
    "officer",
    Label("科员", "Programme officer"),
    _BUREAU,
    _EVERYTHING_BELOW,
    frozenset({Verb.READ, Verb.ENTER, Verb.REVIEW, Verb.EXPORT, Verb.PUBLISH}),
)
TOWN_OFFICER = Role(
    "town_officer",
    Label("教管办", "Town education officer"),
    _TOWN,
    _EVERYTHING_BELOW,
    frozenset({Verb.READ, Verb.ENTER, Verb.REVIEW, Verb.EXPORT}),
)
PRINCIPAL = Role(
    "principal",
    Label("校长", "Head"),
    _SCHOOLS,
    {
        Subject.ORG: Window(_ALL, NAMED),
        Subject.STAFF: Window(_ALL, FULL),
        Subject.PUPIL: Window(_ALL, FULL),
        Subject.CARE: Window(_ALL, FULL),
    },
    frozenset({Verb.READ, Verb.REVIEW, Verb.EXPORT, Verb.REVEAL}),
)
CLERK = Role(
    "clerk",
    Label("填报员", "School clerk"),
    _SCHOOLS,
    {
        Subject.ORG: Window(_ALL, NAMED),
        Subject.STAFF: Window(_ALL, FULL),
        Subject.PUPIL: Window(_ALL, FULL),
        Subject.CARE: Window(_ALL, FULL),
    },
    frozenset({Verb.READ, Verb.ENTER, Verb.EXPORT, Verb.REVEAL}),
)
TEACHER = Role(
    "teacher",
    Label("教师", "Teacher"),
    _SCHOOLS,
    {
        Subject.ORG: Window(_ALL, NAMED),
        Subject.STAFF: Window(_OWN, FULL),
        Subject.PUPIL: Window(_OWN, FULL),
        Subject.CARE: Window(_OWN, NAMED),
    },
    frozenset({Verb.READ, Verb.ENTER, Verb.REVEAL}),
)
RESEARCHER = Role(
    "researcher",
    Label("教研员", "Researcher"),
    _BUREAU,
    {Subject.ORG: Window(_ALL, NAMED), Subject.STAFF: Window(_ALL, NAMED)},
    frozenset({Verb.READ, Verb.OBSERVE}),
)
CARE_OFFICER = Role(
    "care_officer",
    Label("关爱专员", "Care officer"),
    _COUNTY | _TOWN | _SCHOOLS,
    {
        Subject.ORG: Window(_ALL, NAMED),
        Subject.PUPIL: Window(_ALL, FULL),
        Subject.CARE: Window(_ALL, FULL),
    },
    frozenset({Verb.READ, Verb.ENTER, Verb.REVEAL}),
)
# A parent comes by a one-time link to one child; no ledger row is reached through a post.
PARENT = Role("parent", Label("家长", "Parent"), _SCHOOLS)
AUDITOR = Role(
    "auditor",
    Label("审计员", "Auditor"),
    _COUNTY,
    {
        Subject.ORG: Window(_ALL, NAMED),
        Subject.STAFF: Window(_ALL, VEILED),
        Subject.PUPIL: Window(_ALL, VEILED),
    },
    frozenset({Verb.READ}),
)
SYSTEM_ADMINISTRATOR = Role(
    "system_administrator",
    Label("系统管理员", "System administrator"),
    _BUREAU,
    verbs=frozenset({Verb.MAINTAIN}),
    administers=True,
)
SECURITY_ADMINISTRATOR = Role(
    "security_administrator",
    Label("安全管理员", "Security administrator"),
    _BUREAU,
    verbs=frozenset({Verb.APPOINT}),
    administers=True,
)
AUDIT_ADMINISTRATOR = Role(
    "audit_administrator",
    Label("审计管理员", "Audit administrator"),
    _BUREAU,
    verbs=frozenset({Verb.AUDIT}),
    administers=True,
)

ROLES: tuple[Role, ...] = (
    DIRECTOR,
    OFFICER,
    TOWN_OFFICER,
    PRINCIPAL,
    CLERK,
    TEACHER,
    RESEARCHER,
    CARE_OFFICER,
    PARENT,
    AUDITOR,
    SYSTEM_ADMINISTRATOR,
    SECURITY_ADMINISTRATOR,
    AUDIT_ADMINISTRATOR,
)
ROLES_BY_KEY = {role.key: role for role in ROLES}
# What a system administrator sees while a maintenance session is open, and not a minute longer.
MAINTENANCE = Role(
    "maintenance",
    Label("维护时段", "Maintenance session"),
    frozenset(),
    {
        Subject.ORG: Window(_ALL, NAMED),
        Subject.STAFF: Window(_ALL, VEILED),
        Subject.PUPIL: Window(_ALL, VEILED),
    },
    frozenset({Verb.READ}),
)
# What a guardian sees of their own child through a one-time link. Numbers and phones stay masked:
# whoever holds the link is not known to be the guardian.
GUARDIAN = Role(
    "guardian",
    Label("监护人", "Guardian"),
    frozenset(),
    {Subject.PUPIL: Window(_OWN, FULL)},
    frozenset({Verb.READ}),
)


def role(key: str) -> Role:
    found = ROLES_BY_KEY.get(key)
    if found is None:
        raise NotFound(say("没有名为“{key}”的角色。", key=key))
    return found


def best(sights: "list[Sight]") -> Sight:
    """The clearest; nothing at all is absent."""
    return max(sights, key=_ORDER.index, default=Sight.ABSENT)
