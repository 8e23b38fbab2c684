"""How commands declare themselves, and the argument types they share.

A command that stands in the table is a function that takes its parser and fills it.
"""

import argparse
import getpass
import os
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
    """One of the commands under another, as `zhuji plan check`."""
    parser = groups.add_parser(name, help=help_text, description=help_text)
    does(parser, run, *examples)
    return parser


def does(parser: Parser, run: Callable[[argparse.Namespace], int], *examples: str) -> None:
    """What a command runs; its examples are printed under its help."""
    if examples:
        parser.epilog = "\n".join([_("示例："), *(f"  zhuji {example}" for example in examples)])
    parser.set_defaults(run=run)


def parts_of(parser: Parser) -> Groups:
    """The commands under one that does nothing by itself."""
    return parser.add_subparsers(metavar=_("命令"))


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


def operator() -> str:
    """Who works at the machine, as the audit trail names them: the account of the system."""
    try:
        return f"cli:{getpass.getuser()}"
    except (KeyError, OSError):  # an account without a name, as containers have
        return f"cli:{os.getuid()}"
