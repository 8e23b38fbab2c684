"""Sentences for users: a Chinese template with its parameters, translated only by the faces."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from string import Formatter
from types import MappingProxyType

CHINESE = "zh-hans"
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


@dataclass(frozen=True, slots=True)
class Message:
    """Parameters may be any object, so the hash covers the template only.

    What is in a list is joined, and a day is written, as the reader's language does it.
    """

    template: str
    params: Mapping[str, object] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        missing = placeholders(self.template) - self.params.keys()
        if missing:
            raise ValueError(f"no value for {sorted(missing)} in {self.template!r}")
        object.__setattr__(self, "params", MappingProxyType(dict(self.params)))

    def __str__(self) -> str:
        return translated(self, str, CHINESE)

    def __reduce__(self) -> tuple[type[Message], tuple[str, dict[str, object]]]:
        return Message, (self.template, dict(self.params))


def say(template: str, /, **params: object) -> Message:
    """Make a sentence; every literal passed here is extracted for the English catalogue."""
    return Message(template, params)


@lru_cache(maxsize=4096)
def placeholders(template: str) -> frozenset[str]:
    """Names a template asks for; a translation must ask for the same."""
    return frozenset(name for _, name, _, _ in Formatter().parse(template) if name is not None)


def translated(message: Message, translate: Callable[[str], str], language: str) -> str:
    """Say it in another language; messages and labels among the parameters go along."""
    params = {
        name: _translated_param(value, translate, language)
        for name, value in message.params.items()
    }
    template = translate(message.template) if message.template else ""
    return template.format_map(params)


def _translated_param(value: object, translate: Callable[[str], str], language: str) -> object:
    match value:
        case Message():
            return translated(value, translate, language)
        case Label():
            return value.get(language)
        case list() | tuple():
            between = ", " if is_english(language) else "、"
            return between.join(str(_translated_param(one, translate, language)) for one in value)
        case date() if not isinstance(value, datetime) and is_english(language):
            return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"
        case _:
            return value


def is_english(language: str) -> bool:
    """`en` and its regions; everything else is read in Chinese."""
    return language.lower().split("-")[0] == "en"


@dataclass(frozen=True, slots=True)
class Label:
    """A name that belongs to a declaration, carried in both languages side by side."""

    zh: str
    en: str

    def get(self, language: str) -> str:
        """English for `en` and its regions, Chinese for everything else."""
        return self.en if is_english(language) else self.zh

    def __str__(self) -> str:
        return self.zh
