"""XML that points elsewhere or multiplies itself: nothing is fetched, nothing is expanded."""

import socket
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from defusedxml import ElementTree
from defusedxml.common import DTDForbidden, EntitiesForbidden

from tests.ledgers.workbooks import inline, raw
from zhuji.kernel.errors import BadInput
from zhuji.ledgers import parsing, reading

PARTS = (
    "[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels",
    "xl/worksheets/sheet1.xml",
)  # fmt: skip
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
FORMS = {
    "entity": '<!DOCTYPE x [<!ENTITY e SYSTEM "{address}">]>',
    "file": '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
    "parameter": '<!DOCTYPE x [<!ENTITY % e SYSTEM "{address}"> %e;]>',
    "doctype": '<!DOCTYPE x SYSTEM "{address}">',
    "public": '<!DOCTYPE x PUBLIC "-//X//Y" "{address}">',
    "laughs": f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>',
    "quadratic": f'<!DOCTYPE x [<!ENTITY e "{"a" * 50_000}">]>',
    "netdoc": '<!DOCTYPE x [<!ENTITY e SYSTEM "netdoc:{address}">]>',
    "notation": '<!DOCTYPE x [<!NOTATION n SYSTEM "{address}"><!ENTITY e SYSTEM "a" NDATA n>]>',
    "stylesheet": '<?xml-stylesheet type="text/xsl" href="{address}"?>',
    "include": '<?include xmlns:xi="http://www.w3.org/2001/XInclude" href="{address}"?>',
    "file16": '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///dev/zero">]>',
}
USES = {"laughs": "&l8;" * 10, "quadratic": "&e;" * 5_000, "stylesheet": "", "include": ""}
CASES = [(part, form) for part in PARTS for form in FORMS]


class Listener:
    """Whoever knocks is counted."""

    def __init__(self) -> None:
        self.server = socket.create_server(("127.0.0.1", 0))
        self.knocks = 0
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.getsockname()[1]}/x"

    def _listen(self) -> None:
        while True:
            try:
                knock, _ = self.server.accept()
            except OSError:
                return
            self.knocks += 1
            knock.close()


@contextmanager
def listening() -> Iterator[Listener]:
    made = Listener()
    try:
        yield made
    finally:
        made.server.close()


def poisoned(path: Path, part: str, form: str, address: str) -> Path:
    """The head goes in after the declaration, its use into the first text there is."""
    raw(path, inline([["机构代码", "名称"], ["1", "MARK"]]))
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    text = parts[part]
    start = text.index("?>") + 2 if text.startswith("<?xml") else 0
    use = USES.get(form, "&e;")
    body = text[start:].replace("MARK", use).replace("Sheet1", f"S{use}" if len(use) < 9 else "S")
    parts[part] = text[:start] + FORMS[form].replace("{address}", address) + body
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def texts(path: Path) -> str:
    """All that came out, or nothing where it was refused with a sentence."""
    try:
        contents = reading.sheets_of(path)
    except BadInput as refusal:
        [issue] = refusal.issues
        assert str(issue.proposal).endswith("。")
        return ""
    return repr(contents)


@pytest.mark.proof
def test_sixty_poisoned_workbooks_fetch_nothing_and_expand_nothing(tmp_path: Path) -> None:
    assert len(CASES) == 60
    secret = Path("/etc/passwd").read_text(encoding="utf-8", errors="replace").splitlines()[0]
    with listening() as listener:
        for number, (part, form) in enumerate(CASES):
            path = poisoned(tmp_path / f"{number}.xlsx", part, form, listener.address)
            found = texts(path)
            assert secret not in found, (part, form)
            assert "hahaha" not in found, (part, form)
            assert len(found) < 100_000, (part, form)
        assert listener.knocks == 0


def test_the_listener_would_notice(tmp_path: Path) -> None:
    with listening() as listener:
        port = int(listener.address.rpartition(":")[2].removesuffix("/x"))
        socket.create_connection(("127.0.0.1", port)).close()
        for _ in range(100):
            if listener.knocks:
                break
            threading.Event().wait(0.02)
        assert listener.knocks == 1


def test_the_guard_is_installed_and_is_what_reads_our_xml() -> None:
    assert parsing.__dict__["ElementTree"] is ElementTree

    with pytest.raises((DTDForbidden, EntitiesForbidden)):
        ElementTree.fromstring('<!DOCTYPE x [<!ENTITY e "a">]><x>&e;</x>')
