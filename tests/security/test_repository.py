"""Nobody real is in the repository: whatever looks like an identity number is made up."""

import re
import subprocess
from pathlib import Path

from zhuji.kernel.codes import PROVINCES, id_check_digit

ROOT = Path(__file__).parents[2]
NUMBER = re.compile(rb"(?<![0-9])([1-9][0-9]{16}[0-9Xx])(?![0-9])")
# The worked examples of GB 11643 itself, which belong to nobody.
EXAMPLES = {"11010519491231002X", "440524188001010014"}


def real_ones(content: bytes) -> list[str]:
    """Numbers whose check digit is right and whose province exists."""
    found = (one.decode().upper() for one in NUMBER.findall(content))
    return [one for one in found if one[:2] in PROVINCES and id_check_digit(one[:17]) == one[17]]


def tracked() -> list[Path]:
    """What is in the repository or would come in with everything that is new."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    told = subprocess.run(listing, cwd=ROOT, capture_output=True, check=True)  # noqa: S603
    return [ROOT / name for name in told.stdout.decode().split("\0") if name]


def test_the_scan_knows_a_real_number_from_an_invented_one() -> None:
    body = "11010519491231002"  # the example of the standard, without its check digit
    assert real_ones(f"证号{body}{id_check_digit(body)}。".encode()) == [f"{body}X"]
    wrong = "0" if id_check_digit(body) != "0" else "1"
    assert real_ones(f"{body}{wrong}".encode()) == []
    invented = "99" + body[2:]
    assert real_ones(f"{invented}{id_check_digit(invented)}".encode()) == []


def test_no_file_holds_the_identity_number_of_somebody_who_may_be_real() -> None:
    files = [path for path in tracked() if path.is_file()]
    assert len(files) > 500
    found = {
        str(path.relative_to(ROOT)): len(numbers)
        for path in files
        if (numbers := set(real_ones(path.read_bytes())) - EXAMPLES)
    }
    assert found == {}
