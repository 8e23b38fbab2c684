"""Chinese is the source language; the English catalogue is complete and says the same."""

import ast
from pathlib import Path

import pytest
from django.utils import translation
from pytest_django import Settings

from zhuji.kernel.messages import placeholders
from zhuji.project import catalogue


def test_every_text_has_its_english_with_the_same_placeholders() -> None:
    assert catalogue.faults() == [], "run `make translations`, then fill in the English"


def calls_of_say(path: Path) -> list[ast.Call]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say"
    ]


def misfit(call: ast.Call) -> str:
    """Why this sentence would not be translated, or not be sayable; empty when it is fine."""
    first = call.args[0] if call.args else None
    if not (isinstance(first, ast.Constant) and isinstance(first.value, str)):
        return "the template is not a literal, so no translator ever sees it"
    given = {word.arg for word in call.keywords}
    if None in given or placeholders(first.value) == given:
        return ""
    return f"asks for {sorted(placeholders(first.value))}"


def test_every_sentence_is_a_literal_with_the_parameters_it_asks_for() -> None:
    found = [
        f"{path.relative_to(catalogue.ROOT)}:{call.lineno}: {reason}"
        for path in sorted(catalogue.SOURCE.rglob("*.py"))
        for call in calls_of_say(path)
        if (reason := misfit(call))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ('say("第 {row} 行", row=3)', ""),
        ('say("第 {row} 行", line=3)', "asks for ['row']"),
        ('say(f"第 {row} 行")', "the template is not a literal, so no translator ever sees it"),
        ('say("{a}", **more)', ""),
    ],
)
def test_a_misfit_is_recognised(source: str, reason: str) -> None:
    [statement] = ast.parse(source).body
    assert isinstance(statement, ast.Expr)
    assert isinstance(statement.value, ast.Call)
    assert misfit(statement.value) == reason


def test_a_template_is_read_as_django_reads_it(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        '{% load i18n %}<h1>{% translate "台账" %}</h1>'
        "{% blocktranslate with n=rows|length %}共 {{ n }} 行{% endblocktranslate %}",
        encoding="utf-8",
    )
    with page.open("rb") as file:
        texts = [
            text for _, _, text, _ in catalogue.extract_django(file, catalogue.KEYWORDS, (), {})
        ]
    assert texts == ["台账", "共 %(n)s 行"]


@pytest.mark.parametrize("site", ["zh-hans", "en"])
def test_each_reader_gets_their_own_language_whatever_the_site_speaks(
    settings: Settings, site: str
) -> None:
    settings.LANGUAGE_CODE = site
    with translation.override("en"):
        assert translation.gettext("第 {row} 行") == "row {row}"
    with translation.override("zh-hans"):
        assert translation.gettext("第 {row} 行") == "第 {row} 行"
