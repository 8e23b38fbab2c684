"""However a package is damaged, the answer is findings or a refusal with places, never a crash."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.plan.packages import FILES, LEDGERS, settle
from zhuji.plan.check import check, examine
from zhuji.plan.reference import page
from zhuji.plan.tree import nodes

LINES = [(file, number) for file in sorted(FILES) for number in range(FILES[file].count("\n"))]
TOKENS = sorted({word.strip(",:[]{}") for text in FILES.values() for word in text.split()} - {""})
WORDS = st.one_of(
    st.sampled_from(TOKENS),
    st.sampled_from(["", "0", "-1", "1e9", "9999-12-31", "1900-01-01", "~", "[]", "{}", "[[", "'"]),
    st.text(alphabet="abMT19.:-{}[]'\"|>&*!%#()=+ 中", max_size=12),
)


def edited(text: str, number: int, what: str, word: str) -> str:
    lines = text.splitlines()
    line = lines[number]
    head, colon, tail = line.partition(":")
    match what:
        case "drop":
            del lines[number]
        case "repeat":
            lines.insert(number, line)
        case "value":
            lines[number] = f"{head}: {word}"
        case "key":
            lines[number] = line.replace(head.strip(), word, 1)
        case "indent":
            lines[number] = "  " + line
        case "tail":
            lines[number] = f"{head}{colon}{tail}{word}"
    return "\n".join(lines) + "\n"


EDITS = st.tuples(
    st.sampled_from(LINES),
    st.sampled_from(["drop", "repeat", "value", "key", "indent", "tail"]),
    WORDS,
)


@settings(max_examples=60)
@given(edits=st.lists(EDITS, min_size=1, max_size=3))
def test_any_edit_is_answered(edits: list[tuple[tuple[str, int], str, str]]) -> None:
    files = dict(FILES)
    for (file, number), what, word in edits:
        if number < files[file].count("\n"):
            files[file] = edited(files[file], number, what, word)
    with TemporaryDirectory() as folder:
        county = settle(Path(folder))
        for file, text in files.items():
            county.write(file, text)
        loaded, issues = examine(county.plans / county.name, county.standards, LEDGERS)
    assert all(issue.file is not None and issue.line is not None for issue in issues)
    assert all(issue.proposal is not None for issue in issues)
    if loaded is None:
        assert issues
    else:
        assert issues == check(loaded, LEDGERS)
        assert page(loaded)
        assert len(nodes(loaded.plan)) == len({node.id for node in loaded.tree}) or issues
