"""The operator's command line: `python -m shared.ops --help`."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence

from rich.console import Console

from shared.config import BadSettings
from shared.errors import PipelineError
from shared.ops import display
from shared.ops.desk import of_the_environment
from shared.ops.words import add_words

USER_MISTAKE, INTERRUPTED = 2, 130
STOPPED = "\nStopped. What was done is journalled; the same command goes on with the rest."


def parser() -> argparse.ArgumentParser:
    """Build the parser."""
    top = argparse.ArgumentParser(
        prog="python -m shared.ops",
        description="Look after the pipeline by hand. The settings come from the environment, "
        "as for the functions themselves.",
    )
    add_words(top.add_subparsers(required=True, metavar="COMMAND"))
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; a user's mistake ends in one sentence, never in a stack trace."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    options = parser().parse_args(arguments)
    # What a program reads goes to standard output, what a person watches may go beside it.
    console = Console(stderr=options.json)
    try:
        if "alone" in options:
            return int(options.alone(options, console))
        with of_the_environment() as desk:
            return int(options.operate(options, desk, console))
    except KeyboardInterrupt:
        console.print(STOPPED)
        return INTERRUPTED
    except (BadSettings, PipelineError, ValueError, OSError) as mistake:
        display.mistake(str(mistake), console)
        return USER_MISTAKE


if __name__ == "__main__":
    sys.exit(main())
