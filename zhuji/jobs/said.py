"""Sentences as JSON, so that a job says later, in any language, what it said when it ran."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from zhuji.kernel.codes import veiled
from zhuji.kernel.errors import Issue
from zhuji.kernel.messages import Label, Message


def packed(said: object) -> Any:
    """A message, label, day or list as what JSON knows; anything else as its text."""
    match said:
        case Message():
            params = {name: packed(value) for name, value in said.params.items()}
            return {"say": said.template, "with": params}
        case Label():
            return {"zh": said.zh, "en": said.en}
        case date() if not isinstance(said, datetime):
            return {"day": said.isoformat()}
        case list() | tuple():
            return [packed(one) for one in said]
        case None | bool() | int():
            return said
        case _:
            return veiled(str(said))


def unpacked(kept: Any) -> Any:
    match kept:
        case {"say": str(template), "with": dict(params)}:
            return Message(template, {name: unpacked(value) for name, value in params.items()})
        case {"zh": str(zh), "en": str(en)}:
            return Label(zh, en)
        case {"day": str(text)}:
            return date.fromisoformat(text)
        case list():
            return [unpacked(one) for one in kept]
        case _:
            return kept


def sentence(kept: Mapping[str, Any]) -> Message:
    found = unpacked(kept)
    return found if isinstance(found, Message) else Message(str(found).replace("{", "{{"))


def findings(issues: Sequence[Issue], most: int = 200) -> list[Any]:
    """What was wrong with a file, as whole sentences; more than that nobody reads on a page.

    A phone in the column of birthdays is quoted as what is wrong there, and kept masked.
    """
    return [packed(issue.sentence()) for issue in issues[:most]]
