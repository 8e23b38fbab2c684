"""argparse in the reader's language: headings, usage, and what is wrong with the words."""

import argparse
import re
import sys
from typing import Any, NoReturn

from django.utils.translation import gettext as _

from zhuji.cli import show
from zhuji.kernel.messages import Message, say


class Help(argparse.RawDescriptionHelpFormatter):
    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, _("用法：") if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    def __init__(self, **settings: Any) -> None:
        super().__init__(**{"formatter_class": Help, "add_help": False, **settings})
        # argparse has no public way to name its two groups.
        self._positionals.title = _("参数")
        self._optionals.title = _("选项")
        self.add_argument("-h", "--help", action="help", help=_("显示这段说明"))

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(2, f"{self.prog}: {show.words(in_words(message))}\n")


def in_words(message: str) -> Message:
    """What argparse says in English, as one of our sentences."""
    if found := re.fullmatch(r"the following arguments are required: (.*)", message):
        return say("缺少 {names}", names=found[1])
    if found := re.fullmatch(r"unrecognized arguments: (.*)", message):
        return say("不认识 {words}", words=found[1])
    if found := re.fullmatch(r"argument (.*?): invalid choice: (.*) \(choose from (.*)\)", message):
        return say(
            "{name} 不能是 {given}；可选：{choices}",
            name=found[1],
            given=found[2],
            choices=found[3],
        )
    if found := re.fullmatch(r"argument (.*?): expected .* arguments?", message):
        return say("{name} 后面要写一个值", name=found[1])
    if found := re.fullmatch(r"argument (.*?): (?:invalid \w+ value: )?(.*)", message, re.DOTALL):
        return say("{name} 写得不对：{problem}", name=found[1], problem=found[2])
    return say("命令写得不对：{problem}", problem=message)
