"""Settings from the environment: what is accepted, and what a wrong one says."""

import sqlite3
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from zhuji.project import environment


def test_without_a_word_the_database_is_a_file_in_the_data_directory(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("ZHUJI_DATABASE_URL", raising=False)
    made = environment.database(tmp_path)
    assert made["NAME"] == tmp_path / "zhuji.sqlite3"
    assert made["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert made["CONN_MAX_AGE"] is None


def test_the_database_file_is_kept_in_write_ahead_mode(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("ZHUJI_DATABASE_URL", raising=False)
    made = environment.database(tmp_path)
    with sqlite3.connect(made["NAME"]) as connection:
        for pragma in made["OPTIONS"]["init_command"].split(";"):
            connection.execute(pragma)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    connection.close()


def test_a_postgres_address_is_taken_apart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ZHUJI_DATABASE_URL", "postgres://zhuji:p%40ss@db.local:5433/county")
    made = environment.database(tmp_path)
    assert made["ENGINE"] == "django.db.backends.postgresql"
    assert (made["USER"], made["PASSWORD"]) == ("zhuji", "p@ss")
    assert (made["HOST"], made["PORT"], made["NAME"]) == ("db.local", "5433", "county")


@pytest.mark.parametrize(
    "url", ["mysql://h/d", "county.sqlite3", "sqlite://", "postgres://h", "postgres://h:port/d"]
)
def test_another_kind_of_database_is_refused_with_what_to_write(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, url: str
) -> None:
    monkeypatch.setenv("ZHUJI_DATABASE_URL", url)
    with pytest.raises(ImproperlyConfigured, match="请写成 sqlite"):
        environment.database(tmp_path)


def test_the_owner_has_the_same_address_until_another_is_set(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ZHUJI_DATABASE_URL", "postgres://zhuji@db/county")
    assert environment.owners_database(tmp_path)["USER"] == "zhuji"
    monkeypatch.setenv("ZHUJI_OWNER_DATABASE_URL", "postgres://zhuji_owner@db/county")
    assert environment.owners_database(tmp_path)["USER"] == "zhuji_owner"
    assert environment.database(tmp_path)["USER"] == "zhuji"
    monkeypatch.setenv("ZHUJI_OWNER_DATABASE_URL", "county")
    with pytest.raises(ImproperlyConfigured, match="ZHUJI_OWNER_DATABASE_URL 不可用"):
        environment.owners_database(tmp_path)


def test_an_unknown_language_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHUJI_LANGUAGE", "fr")
    with pytest.raises(ImproperlyConfigured, match="请改为 zh-hans 或 en"):
        environment.one_of("ZHUJI_LANGUAGE", environment.LANGUAGES)


def test_an_unknown_time_zone_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHUJI_TIME_ZONE", "Asia/Anqiu")
    with pytest.raises(ImproperlyConfigured, match="不是时区名"):
        environment.time_zone()


def test_the_key_is_made_once_and_readable_by_its_owner_only(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("ZHUJI_SECRET_KEY", raising=False)
    first = environment.secret_key(tmp_path)
    assert len(first) >= 50
    assert environment.secret_key(tmp_path) == first
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["secret-key"]
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600


def test_a_key_already_there_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "secret-key"
    environment._keep(path, "first")
    environment._keep(path, "second")
    assert path.read_text(encoding="ascii") == "first\n"


def test_a_short_key_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ZHUJI_SECRET_KEY", "short")
    with pytest.raises(ImproperlyConfigured, match="不少于 32"):
        environment.secret_key(tmp_path)


def test_a_setting_that_is_not_declared_cannot_be_read() -> None:
    with pytest.raises(KeyError):
        environment.read("ZHUJI_NOTHING")
