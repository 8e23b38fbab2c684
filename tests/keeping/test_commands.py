"""`zhuji backup`, `drill` and `restore` as they are typed."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.keeping import small
from tests.keeping.conftest import ROOT, environment
from zhuji.programme.keeping.place import Place

pytestmark = pytest.mark.proof

# One process for several command lines: starting Django is most of the time.
TYPING = """
import sys
import django; django.setup()
from zhuji.cli.commands import dispatch
for line in sys.argv[1:]:
    print("status", dispatch(line.split()))
"""


def typed(home: Path, *lines: str, stdin: str = "") -> str:
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", TYPING, *lines],
        cwd=ROOT,
        env={**environment(home), "COLUMNS": "200"},
        input=stdin,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout + done.stderr


def statuses(told: str) -> list[str]:
    return [line[-1] for line in told.splitlines() if line.startswith("status")]


def test_a_county_is_kept_proven_and_brought_back(source: Place, tmp_path: Path) -> None:
    key, out = tmp_path / "a.key", tmp_path / "out.backup"
    told = typed(
        source.home,
        "backup --list",
        f"backup --make-key {key}",
        f"backup --key-file {key} --out {out} --with-keys --no-judge",
        f"backup --key-file {key} --no-judge --keep 1",
        f"backup --key-file {key} --no-judge --keep 1",
        f"drill --key-file {key}",
        "backup --list",
        f"backup --key-file {key} --no-judge --keep 1",
        f"restore {out} --key-file {key}",
    )
    assert statuses(told) == ["0", "0", "0", "0", "0", "0", "0", "0", "1"]
    for sentence in (
        "还没有备份；请执行 zhuji backup",
        "还没有一份备份证明过能恢复；请执行 zhuji drill",
        "备份已写入并读回核对",
        "密钥没有包含在内",
        "没有删除旧备份：要先有一份通过演练",
        "演练通过：",
        "最近一次证明可恢复：",
        "里已有数据，不覆盖",
    ):
        assert sentence in told, sentence
    back = tmp_path / "back"
    told = typed(
        back,
        f"restore {out} --key-file {key} --keys {out.with_suffix('.keys')}",
        f"restore {out} --key-file {key}",
    )
    assert statuses(told) == ["0", "1"]
    assert "已恢复到" in told
    before, after = small.files(source.home), small.files(back)
    assert after["county/教师.csv"] == before["county/教师.csv"]
    assert after["keys/pseudonym.key"] == before["keys/pseudonym.key"]


def test_a_passphrase_comes_by_standard_input(source: Place, tmp_path: Path) -> None:
    out = tmp_path / "out.backup"
    told = typed(
        source.home,
        f"backup --out {out} --no-judge",
        f"backup --out {out} --no-judge",
        f"drill {out}",
        stdin="short\n一个足够长的恢复用口令啊\n另一个口令\n",
    )
    assert statuses(told) == ["1", "0", "1"]
    assert "口令太短：请用不少于 12 个字符" in told
    assert "口令不对，打不开这份备份；什么也没有改动。" in told
