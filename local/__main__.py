"""The command line of the local cloud: `python -m local --help`."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence

from rich.console import Console

from local import display
from local.options import parser
from local.state_folder import CannotStart
from shared.config import BadSettings
from shared.errors import PipelineError

USER_MISTAKE, INTERRUPTED = 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; a user's mistake ends in one sentence, never in a stack trace."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    options = parser().parse_args(arguments)
    # What a program reads goes to standard output, what a person watches may go beside it.
    console = Console(stderr=getattr(options, "json", False))
    try:
        return int(options.run(options, console))
    except KeyboardInterrupt:
        console.print("\nStopped. Nothing is lost: the next start goes on where this one was.")
        return INTERRUPTED
    except OSError as mistake:
        where = f"{mistake.filename}: " if mistake.filename else ""
        display.mistake(f"{where}{mistake.strerror or mistake}", console)
        return USER_MISTAKE
    except (CannotStart, BadSettings, PipelineError, ValueError) as mistake:
        display.mistake(str(mistake), console)
        return USER_MISTAKE


if __name__ == "__main__":
    sys.exit(main())
