"""`zhuji upkeep`: what the worker does every night, now."""

import argparse

from zhuji.cli import show
from zhuji.cli.arguments import does
from zhuji.cli.outcome import OK
from zhuji.cli.parser import Parser
from zhuji.jobs import upkeep
from zhuji.kernel.messages import say
from zhuji.orgs.clock import database_now


def declare(parser: Parser) -> None:
    does(parser, _upkeep, "upkeep")


def _upkeep(asked: argparse.Namespace) -> int:
    with show.progress(say("正在维护")):
        lines = upkeep.everything(database_now())
    for line in lines:
        show.line(line)
    return OK
