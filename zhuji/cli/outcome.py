"""How a command ends: an exit status, and a sentence for whatever went wrong."""

import argparse
import logging
import os
import sys

from xlsxwriter.exceptions import FileCreateError

from zhuji.cli import show
from zhuji.kernel.errors import DomainError

OK, WITH_ERRORS, USAGE = 0, 1, 2


def guarded(command: argparse.Namespace) -> int:
    """Run a parsed command; whatever goes wrong becomes one sentence and an exit status."""
    try:
        return int(command.run(command))
    except DomainError as refusal:
        show.refusal(refusal)
        return WITH_ERRORS
    except KeyboardInterrupt:
        show.stopped()
        return WITH_ERRORS
    except BrokenPipeError:
        # The reader (head, less) went away: nothing more to say to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except (OSError, FileCreateError) as refusal:
        show.file_refused(refusal)
        return WITH_ERRORS
    except Exception:
        logging.getLogger("zhuji").exception("command failed: %s", sys.argv[1:])
        show.internal_error()
        return WITH_ERRORS
