"""The `zhuji` command: sets Django up, then hands the words to the command that they name."""

import os
import sys
from collections.abc import Sequence

import django
from django.core.exceptions import ImproperlyConfigured


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
    from zhuji.cli import commands  # Django must stand before anything of ours

    return commands.dispatch(words)


if __name__ == "__main__":
    main()
