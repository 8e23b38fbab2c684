"""`zhuji found`: the first person of an installation, who lets in and appoints everybody else."""

import argparse
import getpass
import sys

from django.utils.translation import gettext as _

from zhuji.cli import show
from zhuji.cli.arguments import does, now, today
from zhuji.cli.outcome import OK
from zhuji.cli.parser import Parser
from zhuji.kernel.errors import BadInput, NotFound
from zhuji.kernel.messages import say
from zhuji.ledgers import queries
from zhuji.orgs import accounts
from zhuji.orgs.accounts import Newcomer
from zhuji.orgs.roles import SECURITY_ADMINISTRATOR
from zhuji.orgs.rules import Seat


def found(parser: Parser) -> None:
    does(parser, _found, "found anquan --name 王安全 --org 370784")
    parser.add_argument("username", metavar=_("用户名"), help=_("登录用的名字"))
    parser.add_argument("--name", required=True, help=_("姓名"))
    parser.add_argument("--org", required=True, help=_("县教育局或它的科室在机构台账里的代码"))


def _found(asked: argparse.Namespace) -> int:
    at = next(iter(queries.rows("orgs", orgs=[asked.org])), None)
    if at is None:
        raise NotFound(say("机构台账里没有 {org}；请先导入机构台账。", org=asked.org))
    seat = Seat(SECURITY_ADMINISTRATOR.key, asked.org, str(at["kind"]), today())
    person = accounts.found(Newcomer(asked.username, asked.name), _password(), seat, now=now())
    show.line(say("已建立安全管理员 {name}；请登录并设第二因素", name=person.username), "green")
    return OK


def _password() -> str:
    """Asked twice at a terminal; in a pipe one line is read."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    given = getpass.getpass(show.words(say("口令：")))
    if getpass.getpass(show.words(say("再输一次："))) != given:
        raise BadInput(say("两次输入的口令不同，没有建立。"))
    return given
