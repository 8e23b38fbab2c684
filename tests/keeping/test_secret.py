"""Passphrases and key files."""

from pathlib import Path

import pytest

from zhuji.kernel.errors import BadInput, Refused
from zhuji.programme.keeping import secret


def test_a_key_file_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    home, path = tmp_path / "home", tmp_path / "a.key"
    secret.make_file(path, home)
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(secret.of_file(path, home).value) == 32
    before = path.read_text()
    with pytest.raises(Refused, match="已经存在，不覆盖"):
        secret.make_file(path, home)
    assert path.read_text() == before


def test_a_key_file_does_not_lie_with_the_data(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "keys").mkdir(parents=True)
    with pytest.raises(Refused, match="不能放在数据目录"):
        secret.make_file(home / "keys" / "a.key", home)
    with pytest.raises(Refused, match="不能放在数据目录"):
        secret.of_file(home / "keys" / "a.key", home)


def test_a_key_file_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.key"
    secret.make_file(path, tmp_path / "home")
    path.chmod(0o640)
    with pytest.raises(Refused, match="chmod 600"):
        secret.of_file(path, tmp_path / "home")


@pytest.mark.parametrize("text", ["", "abc", "zz" * 32, "ab" * 31, "钥匙"])
def test_a_file_that_is_no_key_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.key"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match="不是筑基的密钥文件"):
        secret.of_file(path, tmp_path / "home")


def test_a_missing_key_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="zhuji backup --make-key"):
        secret.of_file(tmp_path / "a.key", tmp_path / "home")


def test_a_new_passphrase_is_long_and_an_old_one_is_what_it_is() -> None:
    with pytest.raises(BadInput, match="不少于 12 个字符"):
        secret.of_passphrase("elevenchars", new=True)
    assert secret.of_passphrase("short").value == b"short"
    with pytest.raises(BadInput, match="没有给出口令"):
        secret.of_passphrase("")
