"""How commands declare themselves, and the argument types they share."""

import argparse
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TypeAlias

from django.utils import timezone
from django.utils.translation import gettext as _

from zhuji.cli import show
from zhuji.cli.parser import Parser
from zhuji.kernel import dates
from zhuji.kernel.errors import BadInput

# argparse has no public name for what add_subparsers returns.
Groups: TypeAlias = "argparse._SubParsersAction[Parser]"  # noqa: SLF001


def command(
    groups: Groups,
    name: str,
    run: Callable[[argparse.Namespace], int],
    help_text: str,
    examples: Sequence[str] = (),
) -> Parser:
    """One command; its examples are printed under its help."""
    parser = groups.add_parser(
        name,
        help=help_text,
        description=help_text,
        epilog="\n".join([_("示例："), *(f"  zhuji {example}" for example in examples)])
        if examples
        else None,
    )
    parser.set_defaults(run=run, parser=parser)
    return parser


def day(text: str) -> date:
    """A date as people write it: 2023-06-30, 2023.6.30, 二〇二三年六月三十日."""
    try:
        return dates.read_date(text)
    except BadInput as refusal:
        raise argparse.ArgumentTypeError(show.words(refusal.message)) from refusal


def today() -> date:
    """The faces read the clock; everything below gets the day as an argument."""
    return timezone.localdate()


def now() -> datetime:
    return timezone.now()  # noqa: TID251  # a face
