"""What the browser is handed: cookies that neither scripts nor other sites can use."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.django_db
def test_the_page_of_the_sign_in_sets_cookies_for_this_site_alone() -> None:
    answer = Client().get("/sign-in/")
    assert answer.cookies["csrftoken"]["samesite"] == "Lax"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_cookie_of_a_sign_in_is_no_scripts_business_and_stays_on_this_site() -> None:
    assert settings.SESSION_COOKIE_HTTPONLY is True
    assert settings.SESSION_COOKIE_SAMESITE == "Lax"


def test_behind_https_no_cookie_travels_without_it() -> None:
    asked = (
        "from django.conf import settings as s;"
        "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS >= 31536000);"
        "print(*(one for one in (s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME)))"
    )
    environment = {
        **os.environ,
        "ZHUJI_HTTPS": "yes",
        "DJANGO_SETTINGS_MODULE": "zhuji.project.settings",
    }
    told = subprocess.run(  # noqa: S603  # our own interpreter
        [sys.executable, "-c", asked],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.split() == ["True"] * 3 + ["__Host-sessionid", "__Host-csrftoken"]
