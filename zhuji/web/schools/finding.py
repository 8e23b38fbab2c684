"""A name found by its Chinese, its pinyin or the initials of its pinyin, or by the code."""

from functools import lru_cache

from pypinyin import Style, lazy_pinyin

_NAMES = 4_000


def matches(asked: str, name: str, code: str) -> bool:
    """`jzzx` and `jingzhi zhong` both find 景芝中学."""
    wanted = asked.casefold().replace(" ", "")
    return not wanted or any(wanted in one for one in (*_readings(name), code))


@lru_cache(maxsize=_NAMES)
def _readings(name: str) -> tuple[str, str, str]:
    whole = "".join(lazy_pinyin(name))
    initials = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER))
    return name.casefold(), whole.casefold(), initials.casefold()
