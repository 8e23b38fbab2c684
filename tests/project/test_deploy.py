"""The reverse proxy that we hand out: TLS only, and a visitor cannot speak for the proxy."""

import re
from pathlib import Path

NGINX = (Path(__file__).resolve().parents[2] / "deploy" / "nginx.conf").read_text(encoding="utf-8")


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
