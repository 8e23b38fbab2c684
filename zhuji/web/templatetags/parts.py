"""`{% show "light" light=x %}`, `{% part "card" title=x %}…{% endpart %}`: the parts of pages."""

from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import uuid4

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token, token_kwargs
from django.template.context import Context
from django.template.engine import Engine
from django.template.loader_tags import BlockNode
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from zhuji.kernel.messages import Label, Message
from zhuji.web import pages

register = template.Library()


# What a part is always given. All else it is told, or a page's own `rows` would leak into a field.
AROUND = ("request", "csrf_token", "frame")
# Parts that look alike whenever they are told the same: a board shows hundreds of them.
ALIKE = ("icon", "light")


class Part(template.Node):
    def __init__(
        self, name: FilterExpression, given: dict[str, FilterExpression], body: NodeList
    ) -> None:
        self.name, self.given, self.nodelist = name, given, body

    def render(self, context: Context) -> SafeString:
        given = {key: value.resolve(context) for key, value in self.given.items()}
        body = self.nodelist.render(context)
        if body.strip():
            given["body"] = body
        return _rendered(context, str(self.name.resolve(context)), given)


@register.tag("part")
def part(parser: Parser, token: Token) -> Part:
    words = token.split_contents()[1:]
    if not words:
        raise template.TemplateSyntaxError('say which part: {% part "dialog" id="x" %}')
    name = parser.compile_filter(words.pop(0))
    given = token_kwargs(words, parser)
    if words:
        raise template.TemplateSyntaxError(f"not understood in a part: {words[0]}")
    body = parser.parse(("endpart",))
    parser.delete_first_token()
    return Part(name, given, body)


@register.simple_tag(takes_context=True)
def show(context: Context, part: str, /, **given: object) -> SafeString:
    """The same for a part that needs nothing inside."""
    # A text that is marked safe equals one that must be escaped, so only plain ones are kept.
    if part in ALIKE and all(type(one) is str for one in given.values()):
        bound = context.template
        assert bound is not None
        return _alike(bound.engine, part, pages.language(), tuple(given.items()))
    return _rendered(context, part, given)


@lru_cache(maxsize=1024)
def _alike(
    engine: Engine, name: str, _language: str, given: tuple[tuple[str, object], ...]
) -> SafeString:
    return engine.get_template(f"web/parts/{name}.html").render(Context(dict(given)))


def _rendered(context: Context, name: str, given: dict[str, Any]) -> SafeString:
    around = {key: context[key] for key in AROUND if key in context}
    bound = context.template
    assert bound is not None
    chosen = bound.engine.get_template(f"web/parts/{name}.html")
    return chosen.render(context.new({**around, **given}))


@register.simple_tag
def once() -> SafeString:
    """The key of a form: pressed twice, or sent again by a poor line, it is done once."""
    return format_html('<input type="hidden" name="once" value="{}">', uuid4().hex)


@register.simple_tag
def options(choices: Iterable[tuple[object, Message | Label | str]], value: object) -> SafeString:
    """The choices of a list; written here because a county's schools stand in every filter."""
    made = (
        f'<option value="{escape(choice)}"{" selected" if choice == value else ""}>'
        f"{escape(pages.words(word))}</option>"
        for choice, word in choices or ()
    )
    return mark_safe("".join(made))  # noqa: S308 - both parts are escaped


@register.simple_tag(takes_context=True)
def again(context: Context, block: str) -> SafeString:
    """What the page put into a block, once more: the title of the window is also the heading."""
    shown: Any = BlockNode(block, NodeList()).render(context)
    return mark_safe(str(shown).strip())  # noqa: S308 - it was escaped when it was rendered


@register.filter
def spoken(told: Any) -> Any:
    """What a chart is told, in the reader's words, with numbers that a script can read."""
    match told:
        case Message() | Label():
            return pages.words(told)
        case Decimal():
            return float(told)
        case dict():
            return {key: spoken(value) for key, value in told.items()}
        case list() | tuple():
            return [spoken(value) for value in told]
        case _:
            return told
