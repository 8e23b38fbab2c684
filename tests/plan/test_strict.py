"""Hostile and careless YAML is refused with file, line and remedy; nothing is guessed."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhuji.kernel.errors import BadInput, Issue, Level
from zhuji.plan.strict import DEEPEST, MOST_BYTES, MOST_VALUES, read_document


def issues(content: str | bytes) -> tuple[Issue, ...]:
    raw = content.encode() if isinstance(content, str) else content
    with pytest.raises(BadInput) as refusal:
        read_document(raw, "a.yaml")
    return refusal.value.issues


def test_every_scalar_is_the_text_that_was_written() -> None:
    text = "on: 2.30\nno: yes\nnull: ~\nzero: 010\nday: 2021-09-01\nempty:\nlist: [1, 'a']\n"
    assert read_document(text.encode(), "a.yaml").data == {
        "on": "2.30",
        "no": "yes",
        "null": "~",
        "zero": "010",
        "day": "2021-09-01",
        "empty": "",
        "list": ["1", "a"],
    }


def test_each_value_has_its_line() -> None:
    text = "# 说明\na:\n  b: |\n    一\n\n    二\n  c:\n    - d\n    -\n      e: f\n"
    assert read_document(text.encode(), "a.yaml").lines == {
        (): 2,
        ("a",): 2,
        ("a", "b"): 3,
        ("a", "c"): 7,
        ("a", "c", 0): 8,
        ("a", "c", 1): 10,
        ("a", "c", 1, "e"): 10,
    }


def test_a_byte_order_mark_and_windows_line_ends_are_read_as_if_not_there() -> None:
    document = read_document(b"\xef\xbb\xbfa: b\r\nc: d\r\n", "a.yaml")
    assert document.data == {"a": "b", "c": "d"}
    assert document.lines[("c",)] == 2


def test_each_repeated_key_is_told_with_both_lines() -> None:
    found = issues("a: 1\nb: {c: 1, c: 2}\na: 2\n")
    assert [(i.line, str(i.message)) for i in found] == [
        (2, "键“c”重复，第 2 行已有。"),
        (3, "键“a”重复，第 1 行已有。"),
    ]


@pytest.mark.parametrize(
    ("content", "line", "finding"),
    [
        ("", 1, "文件是空的"),
        ("# 只有注释\n", 1, "文件是空的"),
        ("- a\n- b\n", 1, "最外层应是“键: 值”"),
        ("一句话\n", 1, "最外层应是“键: 值”"),
        ("a: 1\nb:\t2\n", 2, "制表符"),
        ("a: 1\n\tb: 2\n", 2, "制表符"),
        ("a: &x 1\n", 1, "锚点、别名、标签和合并键"),
        ("a: 1\nb: *x\n", 2, "锚点、别名、标签和合并键"),
        ("a: 1\nb: !!int 2\n", 2, "锚点、别名、标签和合并键"),
        ("a: !!python/object/apply:os.system [ls]\n", 1, "锚点、别名、标签和合并键"),
        ("a: ! 2\n", 1, "锚点、别名、标签和合并键"),
        ("a:\n  <<: {b: 1}\n", 2, "锚点、别名、标签和合并键"),
        ("%YAML 1.1\n---\na: 1\n", 1, "指令"),
        ("a: 1\n---\nb: 1\n", 2, "两份内容"),
        ("? [a]\n: 1\n", 1, "不能作键"),
        ("a: 1\nb: c: d\n", 2, "一行里有两个“键: 值”"),
        ("a: [1, 2\nb: 3\n", 1, "括号没有配对"),
        ("a: 'b\n", 1, "引号没有配对"),
        ("a: 1\n b: 2\n", 2, "键: 值"),
        ("a: }\n", 1, "不合 YAML 的写法"),
        ("a: %b\n", 1, "不合 YAML 的写法"),
        (b"a: 1\nb: \xff\n", 2, "不是 UTF-8"),
        ("a: 1\n".encode("utf-16"), 1, "不是 UTF-8"),
        ("a: 规划".encode("gb18030"), 1, "不是 UTF-8"),
        (b"a: 1\nb: \x00\n", 2, "U+0000"),
        ("a: 1\nb: \u2028c\n", 2, "U+2028"),
        ("a: 1\nb: \ufeffc\n", 2, "U+FEFF"),
    ],
)
def test_what_is_not_plain_yaml_is_refused_at_its_line(
    content: str | bytes, line: int, finding: str
) -> None:
    [issue] = issues(content)
    assert (issue.file, issue.line) == ("a.yaml", line)
    assert finding in str(issue.message)
    assert issue.proposal is not None
    assert "found" not in str(issue)


def test_a_billion_laughs_stop_at_the_first() -> None:
    laughs = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]\n" for n in range(1, 30))
    began = time.monotonic()
    [issue] = issues("l0: &l0 lol\n" + laughs)
    assert (issue.line, time.monotonic() - began < 1) == (1, True)


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_depth_is_bounded_however_it_is_reached(opening: str) -> None:
    [issue] = issues("a:\n  " + opening * 5000)
    assert issue.line == 2
    assert f"嵌套超过 {DEEPEST} 层" in str(issue) or "不能作键" in str(issue)


def test_as_deep_as_allowed_is_allowed() -> None:
    lists = DEEPEST - 1
    assert read_document(f"a: {'[' * lists}{']' * lists}".encode(), "a.yaml").data


def test_size_is_bounded() -> None:
    assert f"超过 {MOST_BYTES} 字节" in str(issues(b"a: " + b"b" * MOST_BYTES)[0])
    [issue] = issues("a:\n" + "- b\n" * (MOST_VALUES + 1))
    assert f"超过 {MOST_VALUES} 个" in str(issue)


def answer(content: bytes) -> tuple[Issue, ...]:
    """What reading says: nothing, or why it refuses."""
    try:
        read_document(content, "a.yaml")
    except BadInput as refusal:
        return refusal.issues or (Issue(Level.ERROR, refusal.message),)
    return ()


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    assert all(issue.file == "a.yaml" for issue in answer(content))


@given(st.text(alphabet="ab:-{}[],'\"|>&*!%?#\n 1中", max_size=60))
def test_any_punctuation_is_read_or_refused_at_a_line(text: str) -> None:
    assert all(issue.line is not None for issue in answer(text.encode()))
