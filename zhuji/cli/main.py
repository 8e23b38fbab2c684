"""The `zhuji` command: sets Django up, then hands the words to the command that they name."""

import os
import sys
from collections.abc import Sequence

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

# What only the owner of the database's tables can do, or what makes its tables.
_OWNERS = (("migrate",), ("upkeep",), ("audit", "retire"), ("restore",), ("drill",))


def main() -> None:
    sys.exit(run(sys.argv[1:]))


def run(words: Sequence[str]) -> int:
    """Run one command line; 0 done, 1 done with errors in the data, 2 not understood."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhuji.project.settings")
    try:
        django.setup()
    except ImproperlyConfigured as mistake:
        sys.stderr.write(f"zhuji: {mistake}\n")
        return 2
    if _is_owners(words):
        settings.DATABASES["default"].update(settings.ZHUJI_OWNERS_DATABASE)
    from zhuji.cli import commands  # Django must stand before anything of ours

    return commands.dispatch(words)


def _is_owners(words: Sequence[str]) -> bool:
    plain = [word for word in words if not word.startswith("-") and word not in ("zh-hans", "en")]
    return any(tuple(plain[: len(named)]) == named for named in _OWNERS)


if __name__ == "__main__":
    main()
