"""Reference pages say what the declarations say today: `make docs` writes them anew."""

from django.conf import settings

from zhuji.programme import reference
from zhuji.project.environment import ROOT

REFERENCE = ROOT / "docs" / "reference"


def test_every_generated_page_is_up_to_date() -> None:
    stale = [
        name
        for name, text in reference.pages(settings.ZHUJI_PLANS)
        if not (REFERENCE / name).is_file() or (REFERENCE / name).read_text("utf-8") != text
    ]
    assert stale == [], "run `make docs`"


def test_no_page_is_left_of_what_is_no_longer_declared() -> None:
    made = {name for name, _ in reference.pages(settings.ZHUJI_PLANS)}
    found = {
        path.relative_to(REFERENCE).as_posix()
        for folder in ("ledgers", "plans")
        for path in (REFERENCE / folder).glob("*.md")
    }
    assert found <= made
