"""A workbook that opens only with its password, in Excel, WPS and LibreOffice.

The password is made of the keyring's secret and the job's number whenever it is shown, so that it
is kept nowhere.
"""

from pathlib import Path

from django.conf import settings
from msoffcrypto.format.ooxml import OOXMLFile

from zhuji.ledgers import sheets
from zhuji.orgs import keyring

_SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that is read as another
_GROUPS, _EACH = 4, 4


def password_of(number: int) -> str:
    """16 signs, 79 bits."""
    made = keyring.held(Path(settings.ZHUJI_HOME)).index(str(number), "jobs_job", "password")
    left, signs = int(made, 16), []
    for _ in range(_GROUPS * _EACH):
        left, place = divmod(left, len(_SIGNS))
        signs.append(_SIGNS[place])
    return "-".join("".join(signs[at : at + _EACH]) for at in range(0, len(signs), _EACH))


def lock(plain: Path, path: Path, password: str) -> None:
    """AES-256 as Office does it; the plain file is gone afterwards."""
    try:
        with plain.open("rb") as content, sheets.whole(path) as draft, draft.open("wb") as out:
            OOXMLFile(content).encrypt(password, out)
    finally:
        plain.unlink()
