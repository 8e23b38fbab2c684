"""The seal: whatever is cut, swapped, repeated or altered does not open."""

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.keeping.small import KEY, NOW
from zhuji.kernel.errors import BadInput, DomainError, Refused
from zhuji.programme.keeping import sealed
from zhuji.programme.keeping.sealed import TAG, Head, Opener, Sealer
from zhuji.programme.keeping.secret import Secret, of_passphrase

CHUNK = 64
WHOLE = CHUNK + TAG


def seal(plain: bytes, secret: Secret = KEY) -> bytes:
    file = io.BytesIO()
    sealer = Sealer(file, secret, "data", NOW, CHUNK)
    sealer.write(plain)
    sealer.finish()
    return file.getvalue()


def unseal(sealed_: bytes, secret: Secret = KEY) -> bytes:
    opener = Opener(io.BytesIO(sealed_), secret, "data")
    parts = []
    while part := opener.read(7):
        parts.append(part)
    return b"".join(parts)


def parts(whole: bytes) -> tuple[bytes, list[bytes]]:
    """The head, and the sealed chunks."""
    file = io.BytesIO(whole)
    sealed.read_head(file)
    at = file.tell()
    body = whole[at:]
    return whole[:at], [body[n : n + WHOLE] for n in range(0, len(body), WHOLE)]


@given(st.integers(0, 5 * CHUNK))
def test_what_goes_in_comes_out(size: int) -> None:
    plain = bytes(n % 251 for n in range(size))
    assert unseal(seal(plain)) == plain


def test_the_same_content_is_sealed_differently_each_time() -> None:
    assert seal(b"x" * 200) != seal(b"x" * 200)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda c: c[:-1], id="the last chunk is missing"),
        pytest.param(lambda c: c[1:], id="the first chunk is missing"),
        pytest.param(lambda c: [c[0], c[2], c[1], c[3]], id="two chunks are swapped"),
        pytest.param(lambda c: [c[0], c[0], *c[1:]], id="a chunk is repeated"),
        pytest.param(lambda c: [*c, c[-1]], id="the last chunk is repeated"),
        pytest.param(lambda c: [*c[:-1], c[-1][:-1]], id="the last byte is missing"),
        pytest.param(lambda c: [*c, b"x"], id="a byte is added"),
        pytest.param(lambda _: [], id="nothing but the head"),
    ],
)
def test_chunks_out_of_place_do_not_open(change: Callable[[list[bytes]], list[bytes]]) -> None:
    head, chunks = parts(seal(b"x" * (3 * CHUNK + 5)))
    assert len(chunks) == 4
    with pytest.raises(Refused):
        unseal(head + b"".join(change(chunks)))


def test_a_chunk_of_another_archive_does_not_open() -> None:
    head, chunks = parts(seal(b"x" * 3 * CHUNK))
    _, others = parts(seal(b"x" * 3 * CHUNK))
    with pytest.raises(Refused, match="第 2 块"):
        unseal(head + chunks[0] + others[1] + chunks[2])


def test_every_byte_of_the_head_counts() -> None:
    whole = seal(b"content")
    head, _ = parts(whole)
    for at in range(len(head)):
        with pytest.raises(DomainError):
            unseal(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])


def test_a_head_written_anew_does_not_open(tmp_path: Path) -> None:
    """Whoever has no key cannot make an old backup look new, even with the digest put right."""
    whole = seal(b"content")
    head = sealed.read_head(io.BytesIO(whole))
    forged = Head.model_validate({**head.model_dump(), "made_at": NOW + timedelta(days=9)})
    changed = forged.bytes + whole[len(head.bytes) :]
    path = tmp_path / "forged.backup"
    path.write_bytes(changed)
    assert sealed.head_of(path) == forged
    with pytest.raises(Refused):
        unseal(changed)


def test_a_head_may_not_ask_for_more_work_than_is_sane() -> None:
    with pytest.raises(Refused, match="开头被改动"):
        unseal(seal(b"content").replace(b'"n":131072', b'"n":999999999'))


def test_a_wrong_passphrase_is_told_from_a_damaged_file() -> None:
    whole = seal(b"content", of_passphrase("correct horse battery"))
    with pytest.raises(BadInput, match="口令不对，打不开这份备份；什么也没有改动。"):
        unseal(whole, of_passphrase("correct horse batterz"))
    assert unseal(whole, of_passphrase("correct horse battery")) == b"content"


def test_a_key_file_where_a_passphrase_is_due_is_said_so() -> None:
    with pytest.raises(BadInput, match="这份备份用密钥文件加密"):
        unseal(seal(b"content"), of_passphrase("correct horse battery"))


def test_data_are_not_taken_for_keys() -> None:
    with pytest.raises(BadInput, match="这份备份装的是数据，要的是密钥。"):
        Opener(io.BytesIO(seal(b"content")), KEY, "keys")


def test_another_file_is_no_backup() -> None:
    with pytest.raises(BadInput, match="这不是筑基的备份文件"):
        unseal(b"PK\x03\x04 something else entirely")


def test_the_secret_does_not_show_in_a_log() -> None:
    assert repr(of_passphrase("correct horse battery")) == "Secret(passphrase)"
