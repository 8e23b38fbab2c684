"""The catalogue: what is collected, what is kept, and what counts as a fault."""

from pathlib import Path

import pytest

from zhuji.project import catalogue

SOURCE = 'say("第 {row} 行", row=1)\nsay("共 {n:0>2} 项", n=2)\n'


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of one module, with an empty English catalogue."""
    source = tmp_path / "zhuji"
    source.mkdir()
    (source / "sheet.py").write_text(SOURCE, encoding="utf-8")
    english = source / "en.po"
    english.write_text(catalogue.HEADER, encoding="utf-8")
    monkeypatch.setattr(catalogue, "ROOT", tmp_path)
    monkeypatch.setattr(catalogue, "SOURCE", source)
    monkeypatch.setattr(catalogue, "ENGLISH", english)
    return english


def fill(po: Path, answers: dict[str, str]) -> None:
    text = po.read_text(encoding="utf-8")
    for source, answer in answers.items():
        text = text.replace(f'msgid "{source}"\nmsgstr ""', f'msgid "{source}"\nmsgstr "{answer}"')
    po.write_text(text, encoding="utf-8")


def test_new_texts_come_in_empty_and_count_as_faults(project: Path) -> None:
    assert len(catalogue.faults()) == 2
    catalogue.update()
    assert catalogue.faults() == [
        "no translation: '第 {row} 行'",
        "no translation: '共 {n:0>2} 项'",
    ]


def test_a_translation_may_print_a_placeholder_its_own_way(project: Path) -> None:
    catalogue.update()
    fill(project, {"第 {row} 行": "row {row}", "共 {n:0>2} 项": "{n} items"})
    assert catalogue.faults() == []


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("row", "other placeholders in the translation"),
        ("row {line}", "other placeholders in the translation"),
        ("行 {row}", "Chinese in the translation"),
    ],
)
def test_a_bad_translation_is_named(project: Path, answer: str, reason: str) -> None:
    catalogue.update()
    fill(project, {"第 {row} 行": answer, "共 {n:0>2} 项": "{n} items"})
    assert catalogue.faults() == [f"{reason}: '第 {{row}} 行'"]


def test_updating_keeps_what_is_translated_and_drops_what_is_gone(project: Path) -> None:
    catalogue.update()
    fill(project, {"第 {row} 行": "row {row}", "共 {n:0>2} 项": "{n} items"})
    before = project.read_text(encoding="utf-8")
    catalogue.update()
    assert project.read_text(encoding="utf-8") == before
    (project.parent / "sheet.py").write_text(SOURCE.splitlines()[0], encoding="utf-8")
    assert catalogue.faults() == ["no longer in the source: '共 {n:0>2} 项'"]
    catalogue.update()
    assert catalogue.faults() == []
    assert 'msgstr "row {row}"' in project.read_text(encoding="utf-8")
