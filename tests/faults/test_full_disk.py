"""No space left: told in a sentence, nothing half done, reading goes on, and then all is well."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.proof

ROOT = Path(__file__).resolve().parents[2]
SENTENCE = "磁盘空间已满，这次没有写入，已有的数据不受影响；请告诉维护人员，腾出空间后重试。"


def own_mounts() -> bool:
    tool = shutil.which("unshare")
    if tool is None or os.getuid() != 0:
        return False
    return subprocess.run([tool, "-m", "true"], check=False, capture_output=True).returncode == 0  # noqa: S603


def test_a_full_disk_is_told_and_leaves_everything_as_it_was(tmp_path: Path) -> None:
    if not own_mounts():
        pytest.skip("这里不能挂载自己的小磁盘（要 root 和 unshare），没有试磁盘写满")
    home = tmp_path / "small"
    home.mkdir()
    env = {
        **os.environ,
        "ZHUJI_HOME": str(home),
        "ZHUJI_DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "zhuji.project.settings",
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(  # noqa: S603
        ["unshare", "-m", sys.executable, "-m", "tests.faults.disk", str(tmp_path)],  # noqa: S607
        env=env, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["full"] == dict.fromkeys(found["full"], SENTENCE)
    assert found["changed"] == []
    assert found["reading"] == "done"
    assert found["after"] == dict.fromkeys(found["after"], "done")
