"""Where files go when nobody says where: one folder of the data directory, one rule for names."""

from pathlib import Path

from django.conf import settings

from zhuji.programme.judgement import Judgement


def place(name: str) -> Path:
    """A file in the output folder, which is made when it is not there."""
    folder = Path(settings.ZHUJI_HOME) / "out"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / name


def judged(judgement: Judgement, form: str) -> str:
    """One judgement, one name: repeating it writes the same file again."""
    return f"judgement-{judgement.org}-{judgement.on}.{form}"
