"""What can be wrong, said so that the reader knows where it is and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from zhuji.kernel.messages import Message, say


class Level(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Issue:
    """One finding in something a person gave us: a sentence, a place, a proposal."""

    level: Level
    message: Message
    file: str | None = None
    line: int | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    value: object = None
    proposal: Message | None = None
    code: str = ""

    def where(self) -> Message:
        """The place, widest first; an empty sentence when nothing is known."""
        places = self._places()
        if not places:
            return Message("")
        whole = places[0]
        for place in places[1:]:
            whole = say("{whole}，{part}", whole=whole, part=place)
        return whole

    def _places(self) -> list[Message]:
        places: list[Message] = []
        if self.file is not None:
            places.append(say("文件“{file}”", file=self.file))
        if self.line is not None:
            places.append(say("第 {line} 行", line=self.line))
        if self.sheet:  # a text file has none
            places.append(say("工作表“{sheet}”", sheet=self.sheet))
        if self.row is not None:
            places.append(say("第 {row} 行", row=self.row))
        if self.column is not None:
            places.append(say("“{column}”列", column=self.column))
        return places

    def sentence(self) -> Message:
        """Place, finding and proposal as one sentence."""
        whole = self.message
        if self._places():
            whole = say("{place}：{finding}", place=self.where(), finding=whole)
        if self.proposal is not None:
            whole = say("{finding} {proposal}", finding=whole, proposal=self.proposal)
        return whole

    def __str__(self) -> str:
        return str(self.sentence())


class DomainError(Exception):
    """A refusal the user reads; str(error) is the Chinese sentence."""

    def __init__(self, message: Message, issues: tuple[Issue, ...] = ()) -> None:
        super().__init__(message, issues)
        self.message = message
        self.issues = issues

    @property
    def proposal(self) -> Message | None:
        """What to do instead, when the refusal knows."""
        return next((issue.proposal for issue in self.issues if issue.proposal), None)

    def __str__(self) -> str:
        return str(self.message)


class NotFound(DomainError):
    """It does not exist, or not for this reader: the two look the same from outside."""


class NotAllowed(DomainError):
    """It exists, but this person may not do this to it now."""


class BadInput(DomainError):
    """What was given cannot be understood; the sentence says what to give instead."""


class Refused(DomainError):
    """It was understood and is allowed, but doing it would break a rule."""


def bad_value(
    message: Message, *, value: object, code: str, proposal: Message | None = None
) -> BadInput:
    """Make the refusal of one value, with its proposal, for whoever knows the place to add."""
    issue = Issue(Level.ERROR, message, value=value, proposal=proposal, code=code)
    return BadInput(message, (issue,))
