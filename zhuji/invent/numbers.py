"""Numbers that pass every check and can belong to nobody: region 99, phones never handed out."""

from datetime import date
from zlib import crc32

from zhuji.kernel.codes import INVENTED, id_check_digit


def identity(place: str, born: date, serial: int) -> str:
    """`place` is four digits of our own; an odd serial is male."""
    body = f"{INVENTED}{place}{born:%Y%m%d}{serial:03d}"
    return body + id_check_digit(body)


def pupil_number(place: str, born: date, serial: int) -> str:
    return "G" + identity(place, born, serial)


def phone(number: int) -> str:
    return f"199000{number % 100_000:05d}"


def stirred(*parts: object) -> int:
    """A number that looks random and is the same in every run."""
    return crc32("\x1f".join(str(part) for part in parts).encode())
