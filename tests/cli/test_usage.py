"""What is typed wrong is told in a sentence with status 2; English is English throughout."""

import logging
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from tests.cli.conftest import ON, Terminal
from zhuji.cli import main
from zhuji.cli.parser import Parser
from zhuji.cli.table import COMMANDS
from zhuji.ledgers import queries

CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]+")
NAMES = (
    *("plan", "plan check", "invent", "demo", "reference", "template", "import", "export"),
    *("undo", "snapshot", "snapshot create", "snapshot list", "snapshot verify"),
    *("judge", "explain"),
)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("nonsense",), "不认识的命令：nonsense"),
        (("--plan", "x", "judge"), "x"),
        (("judge", "--on", "2023-13-45"), "2023-13-45"),
        (("judge", "--format", "pdf"), "pdf"),
        (("import",), "file"),
        (("undo", "一"), "一"),
        (("explain",), "id"),
        (("snapshot", "destroy"), "destroy"),
        (("--lang", "fr", "judge"), "fr"),
    ],
)
def test_what_is_typed_wrong_ends_with_two_and_a_sentence(
    cli: Terminal, words: tuple[str, ...], told: str
) -> None:
    assert cli.run(*words) == 2
    last = cli.err.strip().splitlines()[-1]
    assert told in last
    assert "Traceback" not in cli.err


@pytest.mark.parametrize("words", [(), ("plan",), ("snapshot",)])
def test_a_command_that_is_only_begun_prints_its_help(
    cli: Terminal, words: tuple[str, ...]
) -> None:
    assert cli.run(*words) == 2
    assert "用法：zhuji" in cli.out


@pytest.mark.parametrize("name", NAMES)
def test_every_command_has_help_in_both_languages(cli: Terminal, name: str) -> None:
    assert cli.run(*name.split(), "--help") == 0
    chinese = cli.out
    assert CHINESE.search(chinese)
    assert cli.run("--lang", "en", *name.split(), "--help") == 0
    examples = [line for line in cli.out.splitlines() if line.startswith("  zhuji ")]
    own = "\n".join(line for line in cli.out.splitlines() if line not in examples)
    assert CHINESE.findall(own) == []


def test_days_may_be_written_as_people_write_them(cli: Terminal) -> None:
    for day in ("2023.6.30", "2023年6月30日", "二〇二三年六月三十日"):
        assert cli.run("snapshot", "create", "--as-of", day) == 0
        assert cli.out.endswith(f"截至 {ON}\n")


def test_the_console_script_sets_django_up_and_hands_over(
    cli: Terminal, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.run(["snapshot", "verify"]) == 0
    assert capsys.readouterr().out.endswith("完好：每个文件的摘要值和行数都相符\n")


def test_help_loads_no_command_and_so_no_engine() -> None:
    """What each command needs is imported when it is typed."""
    typed = (
        "import sys\nfrom zhuji.cli import main\nassert main.run(['--help']) == 0\n"
        "print([name for name in ('duckdb', 'sqlglot', 'xlsxwriter') if name in sys.modules])"
    )
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", typed], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_every_line_of_the_table_names_a_function_that_is_there() -> None:
    for one in COMMANDS:
        one.declare(Parser(prog=one.name))


def test_a_fault_of_ours_is_a_sentence_too(cli: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table that is not there stands for whatever nobody has thought of."""
    monkeypatch.setattr(logging.getLogger("zhuji"), "handlers", [logging.NullHandler()])
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE ledgers_import")
    assert cli.run("undo", "1") == 1
    assert cli.err.strip()
    assert "Traceback" not in cli.err + cli.out


# --- plan check ------------------------------------------------------------------------------


def test_a_sound_package_is_said_to_be_sound(cli: Terminal) -> None:
    assert cli.run("plan", "check", cli.plan()) == 0
    assert "检查通过：12 个条款都有着落，1 个算例全部相符，0 处提醒" in cli.out


def test_a_wrong_package_is_refused_with_file_and_line(cli: Terminal) -> None:
    path = cli.plan() / "sums.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("total: 4", "total: 5"), "utf-8")
    assert cli.run("plan", "check", cli.plan(), "--quiet") == 1
    assert "yunxi-2022/sums.yaml" in cli.out
    assert "第 5 行" in cli.out
    assert "方案包有 1 处错误、" in cli.out


# --- invent ----------------------------------------------------------------------------------


def test_an_invented_county_never_mixes_with_another(cli: Terminal) -> None:
    before = queries.counts()
    assert cli.run("invent", "--size", "tiny", "--seed", "2", "--load") == 1
    assert "里已有另一个虚构县" in cli.err
    assert queries.counts() == before


def test_nor_with_the_rows_of_a_real_one(cli: Terminal) -> None:
    (cli.home / "invented.json").unlink()
    assert cli.run("invent", "--size", "tiny", "--load") == 1
    assert "里已有真实台账，不能混入虚构数据" in cli.err
    assert cli.run("judge", "--plan", cli.plan(), "--on", ON, "--format", "json") == 0
    assert '"invented": false' in cli.out


# --- English ---------------------------------------------------------------------------------


def ours(cli: Terminal, text: str) -> list[str]:
    """The Chinese in an output that does not come from the county's own rows and files."""
    names = {str(row["name"]) for row in queries.rows("orgs")} | {str(cli.home)}
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "")
    # Clause numbers and sources are quoted as the plan's own document has them.
    return CHINESE.findall(re.sub(r"\b[一二三四五]、?\d*\b|自?…?虚构", "", text))


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("judge", "--plan", "{plan}", "--on", ON), id="judge"),
        pytest.param(
            ("judge", "--plan", "{plan}", "--on", ON, "--format", "html", "--out", "page.html"),
            id="html",
        ),
        pytest.param(("explain", "T1", "--plan", "{plan}", "--on", ON), id="explain item"),
        pytest.param(
            ("explain", "y_reading_day", "--plan", "{plan}", "--on", ON), id="explain duty"
        ),
        pytest.param(("snapshot", "list"), id="list"),
        pytest.param(("snapshot", "verify"), id="verify"),
        pytest.param(("template", "--list"), id="templates"),
        pytest.param(("export", "clubs", "--out", "clubs.csv"), id="export"),
        pytest.param(("undo", "99"), id="undo"),
        pytest.param(("judge", "--on", ON, "--org", "x", "--plan", "{plan}"), id="refusal"),
        pytest.param(("nonsense",), id="usage"),
    ],
)
def test_english_contains_no_chinese_of_ours(cli: Terminal, words: tuple[str, ...]) -> None:
    given = [word.format(plan=cli.plan()) for word in words]
    cli.run("--lang", "en", *given)
    said = cli.out + cli.err
    if "page.html" in given:
        said += Path("page.html").read_text(encoding="utf-8")
    assert said.strip()
    assert ours(cli, said) == []
