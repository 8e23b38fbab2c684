"""How a command ends: an exit status, and a sentence for whatever went wrong."""

import argparse
import logging
import os
import sys

from zhuji.cli import show
from zhuji.kernel.errors import DomainError, NotFound

OK, WITH_ERRORS, USAGE = 0, 1, 2


def guarded(command: argparse.Namespace) -> int:
    """Run a parsed command; whatever goes wrong becomes one sentence and an exit status."""
    try:
        return int(command.run(command))
    except KeyboardInterrupt:
        show.stopped()
        return WITH_ERRORS
    except BrokenPipeError:
        # The reader (head, less) went away: nothing more to say to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except Exception as error:  # told below, and kept in the log
        return _told(error)


def _told(error: Exception) -> int:
    from xlsxwriter.exceptions import FileCreateError  # slow to import, and seldom needed

    from zhuji.orgs import trouble

    match trouble.told(error) or error:
        case NotFound() as found:  # whoever typed the name can mend it
            show.refusal(found)
            return USAGE
        case DomainError() as found:
            show.refusal(found)
        case OSError() | FileCreateError():
            show.file_refused(error)
        case _:
            logging.getLogger("zhuji").error("command failed: %s", sys.argv[1:], exc_info=error)
            show.internal_error()
    return WITH_ERRORS
