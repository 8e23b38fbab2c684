"""The English catalogue: collects the Chinese source texts, merges, checks and compiles them.

A second, identical catalogue is compiled for Chinese. Without it Django would fill a Chinese page
with English wherever the default language of the site is English.
"""

import io
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "zhuji"
ENGLISH = SOURCE / "locale" / "en" / "LC_MESSAGES" / "django.po"
CHINESE = SOURCE / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
KEYWORDS: dict[str, Any] = {
    **dict.fromkeys(("say", "_", "gettext", "gettext_lazy", "gettext_noop")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
}
HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
PLACEHOLDER = re.compile(r"\{(\w+)(?:[!:][^{}]*)?\}|%\((\w+)\)[sd]")
HEADER = """\
# English texts of Zhuji. `make translations` brings it up to date; the source language is Chinese.
msgid ""
msgstr ""
"Project-Id-Version: zhuji\\n"
"Language: en\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"""


def extract_django(
    fileobj: IO[bytes], keywords: Any, comment_tags: Any, options: Any
) -> Iterator[Any]:
    """Let Django turn a template into Python-like calls, then read these."""
    source = templatize(fileobj.read().decode("utf-8"))
    return extract_python(io.BytesIO(source.encode("utf-8")), keywords, comment_tags, options)


METHODS: dict[str, Callable[..., Iterable[Any]]] = {
    ".py": extract_python,
    ".html": extract_django,
    ".txt": extract_django,
}


def collect() -> Catalog:
    """Every source text, with the files that use it; the same text is listed once."""
    catalogue = Catalog(locale="en", charset="utf-8", fuzzy=False)
    for path in sorted(SOURCE.rglob("*.*")):
        method = METHODS.get(path.suffix)
        if method is None or {"migrations", "static"} & set(path.parts):
            continue
        where = path.relative_to(ROOT).as_posix()
        with path.open("rb") as file:
            for _, text, _, context in extract(method, file, KEYWORDS):
                if text:
                    catalogue.add(text, locations=[(where, 0)], context=context)
    return catalogue


def current() -> Catalog:
    with ENGLISH.open("rb") as file:
        return read_po(file, locale="en")


def update() -> None:
    """Keep every translation that is still wanted, drop the rest, leave new ones empty."""
    merged = current()
    merged.update(collect(), no_fuzzy_matching=True)
    merged.obsolete.clear()
    for message in merged:
        message.flags &= {"fuzzy"}  # Babel guesses formats; a per cent here is a per cent
    body = io.BytesIO()
    write_po(body, merged, width=96, omit_header=True, sort_output=True, include_lineno=False)
    ENGLISH.write_bytes(HEADER.encode("utf-8") + b"\n" + body.getvalue())


def compile_all() -> None:
    english = current()
    chinese = Catalog(locale="zh_Hans", charset="utf-8", fuzzy=False)
    for message in english:
        if message.id:
            chinese.add(message.id, _itself(message.id), context=message.context)
    for path, catalogue in ((ENGLISH, english), (CHINESE, chinese)):
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalogue)


def faults() -> list[str]:
    """What keeps the English catalogue from being complete, one sentence each."""
    wanted, have = collect(), current()
    found = []
    for message in wanted:
        if not message.id:
            continue
        answer = have.get(message.id, message.context)
        if answer is None:
            found.append(f"not in the catalogue: {message.id!r}")
        else:
            found += [f"{reason}: {message.id!r}" for reason in _wrong(answer)]
    known = {(message.id, message.context) for message in wanted}
    return found + [
        f"no longer in the source: {message.id!r}"
        for message in have
        if message.id and (message.id, message.context) not in known
    ]


def _wrong(message: Message) -> Iterator[str]:
    translations = _texts(message.string or "")
    if not all(translations):
        yield "no translation"
        return
    if message.fuzzy:
        yield "fuzzy"
    if any(HAN.search(text) for text in translations):
        yield "Chinese in the translation"
    asked = _names(_texts(message.id)[-1])
    if any(_names(text) != asked for text in translations):
        yield "other placeholders in the translation"


def _names(text: str) -> set[tuple[str, str]]:
    """The `{name}` and `%(name)s` a text asks for, however they are to be printed."""
    return set(PLACEHOLDER.findall(text))


def _texts(text: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def _itself(text: str | list[str] | tuple[str, ...]) -> str | tuple[str, ...]:
    """Chinese has one plural form: the general one."""
    return text if isinstance(text, str) else (text[-1],)


def check() -> None:
    found = faults()
    if found:
        sys.exit("\n".join([*found, f"{len(found)} faults; run `make translations`, then fill in"]))


def refresh() -> None:
    """Bring the catalogue up to date and list what is left for a translator."""
    update()
    sys.stdout.writelines(f"{fault}\n" for fault in faults())


COMMANDS = {"update": refresh, "compile": compile_all, "check": check}

if __name__ == "__main__":
    COMMANDS[sys.argv[1]]()
