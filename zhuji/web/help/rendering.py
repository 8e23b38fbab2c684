"""Markdown made into HTML: no raw HTML passes, links lead to pages that are served."""

import posixpath
import re
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.token import Token

_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_OPEN_TABLE = (
    '<div class="table-box" tabindex="0" role="group" aria-label="表格"><table class="table-data">'
)
_PRE, _REACHED = "<pre>", '<pre tabindex="0">'  # the keyboard scrolls what it can reach


def _parser() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")
    made.add_render_rule("table_open", lambda *_: _OPEN_TABLE)
    made.add_render_rule("table_close", lambda *_: "</table></div>")
    return made


@lru_cache(maxsize=256)
def html(text: str, page: str, known: frozenset[str]) -> SafeString:
    """The body of a page without its title. `page`: its id, from which its links are read."""
    parser = _parser()
    tokens = _without_title(parser.parse(text))
    number = 0
    for token in tokens:
        if token.type == "heading_open" and token.tag == "h2":
            number += 1
            token.attrSet("id", anchor(number))
        _join(token.children or ())
        _links(token.children or (), page, known)
    made = str(parser.renderer.render(tokens, parser.options, {})).replace(_PRE, _REACHED)
    # Made by a parser that lets no HTML of the text through.
    return SafeString(made)


def anchor(number: int) -> str:
    """Of the nth heading of a page: Chinese headings make poor addresses."""
    return f"s{number}"


def _without_title(tokens: list[Token]) -> list[Token]:
    opens = tokens and tokens[0].type == "heading_open" and tokens[0].tag == "h1"
    return tokens[3:] if opens else tokens


def _join(children: Sequence[Token]) -> None:
    """A line of Chinese that goes on in the next one is not parted by a space."""
    for before, token, behind in zip(children, children[1:], children[2:], strict=False):
        wide = (before.content[-1:] + behind.content[:1]).strip()
        if token.type == "softbreak" and wide and not wide.isascii():
            token.type, token.content = "text", ""


def _links(children: Sequence[Token], page: str, known: Collection[str]) -> None:
    for token in children:
        if token.type == "link_open":
            where = address(str(token.attrs.get("href", "")), page, known)
            token.attrs = _attributes(where)
        elif token.type == "image":  # nothing is fetched from elsewhere
            token.type, token.tag, token.content = "text", "", token.content or ""


def _attributes(where: str) -> dict[str, Any]:
    if not where:
        return {}
    if _SCHEME.match(where):
        return {"href": where, "rel": "noopener noreferrer"}
    return {"href": where}


def address(href: str, page: str, known: Collection[str]) -> str:
    """Of a page of the help or of the product; empty for a file that is not served."""
    if href.startswith("#") or (href.startswith("/") and not href.startswith("//")):
        return href
    if _SCHEME.match(href):
        return href if href.startswith("https://") else ""
    path, _, part = href.partition("#")
    target = posixpath.normpath(posixpath.join("docs", _folder(page), path))
    inside = target.removeprefix("docs/").removesuffix(".md").removesuffix("/README")
    if inside not in known:
        return ""
    try:
        return reverse("help-page", args=[inside]) + (f"#{part}" if part else "")
    except NoReverseMatch:
        return ""


def _folder(page: str) -> str:
    """A section's first page stands inside its folder, any other beside its neighbours."""
    return page if "/" not in page else posixpath.dirname(page)
