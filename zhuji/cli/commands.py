"""Every command with its help and examples; what is not here is Django's."""

import sys
from collections.abc import Sequence
from itertools import pairwise

from django.core.management import execute_from_command_line, get_commands
from django.utils.translation import activate
from django.utils.translation import gettext as _

from zhuji.cli import show
from zhuji.cli.arguments import Groups, parts_of
from zhuji.cli.outcome import OK, USAGE, guarded
from zhuji.cli.parser import Parser
from zhuji.cli.table import COMMANDS, Command

LANGUAGES = ("zh-hans", "en")


def dispatch(words: Sequence[str]) -> int:
    """Parse and run; a word that no command here bears goes to Django's own commands."""
    language = _language(words)
    if language:
        activate(language)
    names = {one.name for one in COMMANDS}
    parser = parser_of(next((word for word in words if word in names), ""))
    first = next((word for word in words if not word.startswith("-")), "")
    ours = not first or first in names or first == language
    if not ours and words[0] == first and first in get_commands():
        execute_from_command_line(["zhuji", *words])
        return OK
    try:
        if not ours:
            parser.error(_("不认识的命令：{word}").format(word=first))
        command = parser.parse_args(words)
    except SystemExit as leave:
        return OK if leave.code in (0, None) else USAGE
    if not hasattr(command, "run"):
        command.parser.print_help()
        return USAGE
    return guarded(command)


def _language(words: Sequence[str]) -> str:
    for before, word in pairwise(words):
        if before == "--lang" and word in LANGUAGES:
            return word
    return next((word[7:] for word in words if word.startswith("--lang=")), "")


def parser_of(named: str) -> Parser:
    """All commands by name and purpose; only the one that is named is loaded and spelt out."""
    parser = Parser(
        prog="zhuji",
        description=_("筑基：把方案变成数据，把台账变成判定"),
        epilog=_(
            "示例：\n"
            "  zhuji demo                                   从头演示：虚构县、导入、判定\n"
            "  zhuji import 教师.xlsx --dry-run             只检查，不写入\n"
            "  zhuji judge --on 2023-06-30 --org 370784105  判定一个镇\n"
            "  zhuji explain l1.primary --org 2137000101    追查一个数字"
        ),
    )
    parser.add_argument("--lang", choices=LANGUAGES, help=_("界面语言"))
    parser.set_defaults(parser=parser)
    groups = parts_of(parser)
    for one in COMMANDS:
        _add(groups, one, whole=one.name == named)
    return parser


def _add(groups: Groups, one: Command, *, whole: bool) -> None:
    about = show.words(one.about)
    parser = groups.add_parser(one.name, help=about, description=about)
    parser.set_defaults(parser=parser)
    if whole:
        one.declare(parser)


if __name__ == "__main__":
    sys.exit(dispatch(sys.argv[1:]))
