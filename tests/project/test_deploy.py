"""The reverse proxy that we hand out: TLS only, and a visitor cannot speak for the proxy."""

import re
from pathlib import Path

import pytest

from zhuji.cli import main

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
NGINX = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
# What makes tables, drops what is past its term, or restores into a database of its own.
OWNERS = {"zhuji-owner.service", "zhuji-drill.service"}


def servers() -> list[str]:
    return re.split(r"^server \{$", NGINX, flags=re.MULTILINE)[1:]


def test_tls_is_of_the_two_newest_versions_only() -> None:
    assert re.findall(r"ssl_protocols (.+);", NGINX) == ["TLSv1.2 TLSv1.3"]


def test_what_comes_without_tls_is_only_sent_to_where_there_is_tls() -> None:
    plain = [one for one in servers() if "listen 443" not in one]
    assert len(plain) == 1
    assert "return 301 https://" in plain[0]
    assert "proxy_pass" not in plain[0]


def test_headers_that_the_site_trusts_are_set_by_the_proxy() -> None:
    assert "proxy_set_header X-Forwarded-Proto $scheme;" in NGINX
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in NGINX


def test_the_proxys_log_keeps_no_query() -> None:
    [line] = re.findall(r"log_format zhuji (.+)", NGINX)
    assert "$uri" in line
    assert "$request_uri" not in NGINX.partition("log_format")[2].partition(";")[0]
    assert "$args" not in NGINX.partition("log_format")[2].partition(";")[0]


def test_what_serves_requests_never_holds_the_owners_password() -> None:
    units = {
        path.name: path.read_text(encoding="utf-8") for path in DEPLOY.glob("systemd/*.service")
    }
    assert {name for name, text in units.items() if "owner.env" in text} == OWNERS
    assert "ZHUJI_OWNER" not in (DEPLOY / "zhuji.env.example").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "is_owners"),
    [
        (["migrate"], True),
        (["--lang", "en", "upkeep"], True),
        (["audit", "retire", "view"], True),
        (["audit", "verify"], False),
        (["serve", "--port", "8080"], False),
        (["worker"], False),
        (["backup"], False),
        ([], False),
    ],
)
def test_only_commands_of_the_owner_come_as_the_owner(words: list[str], is_owners: bool) -> None:
    assert main._is_owners(words) is is_owners
