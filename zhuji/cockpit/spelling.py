"""How a Chinese name can be typed: as it is, in pinyin, by initials, or in a mixture of these."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from pypinyin import Style, pinyin

WHOLE, BEGINNING, INSIDE, SCATTERED, NOTHING = 100, 80, 60, 30, 0
_LONGEST = 60  # signs that are looked at
_ABBREVIATED = 14  # signs of a name that is abbreviated by leaving out some of them
_INITIALS = ("zh", "ch", "sh")


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign of a name. `forms`: what may be typed for it, the longest first."""

    forms: tuple[str, ...]
    heads: frozenset[str]  # with which letters a form can begin
    is_han: bool


Key = tuple[Sign, ...]


def plain(text: str) -> str:
    """Without spaces, points, width and case: 'Ｍ１２ ' is typed like 'm12'."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in folded if sign.isalnum())


def words(text: str) -> tuple[str, ...]:
    """What was typed, word by word; each must be found."""
    found = (plain(word)[:_LONGEST] for word in text.split()[:5])
    return tuple(word for word in found if word)


@lru_cache(maxsize=32_768)
def key(name: str) -> Key:
    """The signs of a name. Kept by the name itself, so that it can never be out of date."""
    return tuple(_sign(sign) for sign in plain(name)[:_LONGEST])


@lru_cache(maxsize=8_192)
def _sign(sign: str) -> Sign:
    if sign.isascii():
        return Sign((sign,), frozenset(sign), is_han=False)
    readings = dict.fromkeys(_readings(sign))
    initials = dict.fromkeys(start for each in readings for start in _starts(each))
    forms = sorted((sign, *readings, *initials), key=len, reverse=True)
    return Sign(tuple(dict.fromkeys(forms)), frozenset(form[0] for form in forms), is_han=True)


def _readings(sign: str) -> Iterator[str]:
    """The two commonest: a third is one that nobody types."""
    for one in pinyin(sign, style=Style.NORMAL, heteronym=True, errors="ignore")[:1]:
        for reading in list(dict.fromkeys(one))[:2]:
            yield reading
            if "v" in reading:  # 吕 is typed lv or lu
                yield reading.replace("v", "u")


def _starts(reading: str) -> Iterator[str]:
    if reading.startswith(_INITIALS):
        yield reading[:2]
    yield reading[0]


def match(name: Key, wanted: tuple[str, ...]) -> int:
    """How well a name answers what was typed; the worst word counts."""
    return min((_one(name, word) for word in wanted), default=NOTHING)


def _one(name: Key, word: str) -> int:
    first = word[0]
    for start, sign in enumerate(name):
        if first not in sign.heads:
            continue
        end = _spelt(name, start, word)
        if end >= 0:
            if start:
                return INSIDE
            return WHOLE if end == len(name) else BEGINNING
    return SCATTERED if len(word) > 1 and _scattered(name, word) else NOTHING


def _spelt(name: Key, at: int, word: str) -> int:
    """Behind which sign the word ends when it is read from `at` on; -1 when it cannot be."""
    if not word:
        return at
    if at == len(name):
        return -1
    for form in name[at].forms:
        if form.startswith(word):  # the last syllable may still be in the typing
            return at + 1
        if word.startswith(form):
            end = _spelt(name, at + 1, word[len(form) :])
            if end >= 0:
                return end
    return -1


def _scattered(name: Key, word: str) -> bool:
    """一中 for 第一中学: each sign in its order, with gaps; in Chinese only."""
    if len(name) > _ABBREVIATED:
        return False
    rest = iter(name)
    return not word.isascii() and all(any(sign in one.forms for one in rest) for sign in word)
