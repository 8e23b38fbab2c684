"""`zhuji audit` as an operator uses it."""

from pathlib import Path

import pytest

from tests.orgs.cast import NOW
from zhuji.cli.commands import dispatch
from zhuji.cli.outcome import OK, WITH_ERRORS
from zhuji.orgs import audit
from zhuji.orgs.audit import About
from zhuji.orgs.models import Entry

pytestmark = pytest.mark.django_db


def run(*words: str) -> int:
    return dispatch(["audit", *words])


def test_seal_export_verify_and_find_an_edit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(3):
        audit.record("row.change", About("staff", str(number)), actor="clerk", now=NOW)
    heads, exported = tmp_path / "heads.txt", tmp_path / "audit.jsonl"
    assert run("seal", "--heads", str(heads)) == OK
    assert run("export", "--out", str(exported)) == OK
    assert run("verify", "--heads", str(heads)) == OK
    assert run("verify", str(exported), "--heads", str(heads)) == OK
    assert "留痕完好" in capsys.readouterr().out
    kept = Entry.objects.earliest("sequence")
    Entry.objects.filter(pk=kept.pk).update(actor="nobody")
    assert run("verify", "--heads", str(heads)) == WITH_ERRORS
    assert f"entry {kept.pk} 被改过" in capsys.readouterr().out
    assert run("verify", str(exported), "--heads", str(heads)) == OK


def test_sealing_nothing_is_no_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("seal") == OK
    assert "新封存 0 条" in capsys.readouterr().out
