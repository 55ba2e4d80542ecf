"""Draw a film's captions into its pictures: `python -m shared.film.burned_in FILM`.

A player that can show captions does it better: they can be turned off and read by machines.  This
is for screens that cannot.  The film itself stays as it is; the copy lies beside it.
Ends with 0 when the copy is there, 2 when something was asked that cannot be done.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import av
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from shared.errors import PipelineError
from shared.film.beside import look
from shared.film.burning import Told, burn
from shared.film.captions import Cue
from shared.film.check_table import mistake

DONE, USER_MISTAKE, INTERRUPTED = 0, 2, 130


def parser() -> argparse.ArgumentParser:
    """Build the parser."""
    top = argparse.ArgumentParser(
        prog="python -m shared.film.burned_in",
        description="Copy a finished film with its captions drawn into the pictures.",
    )
    top.add_argument("film", type=Path, metavar="FILM")
    top.add_argument(
        "--captions", type=Path, metavar="VTT", help="its captions; captions.vtt beside the film"
    )
    top.add_argument("--out", type=Path, metavar="OUT", help="the copy; FILM-captioned.mp4")
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the copy; a user's mistake ends in one sentence, never in a stack trace."""
    asked = parser().parse_args(arguments)
    console = Console(stderr=True)
    into = asked.out or asked.film.with_name(f"{asked.film.stem}-captioned.mp4")
    try:
        cues = _cues(asked.film, asked.captions, into)
        half = into.with_name(f".{into.name}")
        try:
            with _progress(asked.film, console) as told:
                burn(asked.film, cues, half, told)
            half.replace(into)
        finally:
            half.unlink(missing_ok=True)
    except KeyboardInterrupt:
        return INTERRUPTED
    except (PipelineError, ValueError, OSError) as fault:
        mistake(asked.film, fault, console)
        return USER_MISTAKE
    Console().print(str(into), markup=False, highlight=False, soft_wrap=True)
    return DONE


def _cues(film: Path, captions: Path | None, into: Path) -> Sequence[Cue]:
    if not film.is_file():
        raise FileNotFoundError(f"There is no film at {film}.")
    if into.resolve() == film.resolve():
        raise ValueError(f"{into} is the film itself; name another file with --out.")
    track = look(film, captions, None).captions
    if track is None:
        raise FileNotFoundError(f"There are no captions beside {film}; name them with --captions.")
    if not track.cues:
        raise ValueError("The captions are empty: there is nothing to draw.")
    return track.cues


@contextmanager
def _progress(film: Path, console: Console) -> Iterator[Told]:
    """Show how much of the film is done, on a terminal only."""
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=24), TimeRemainingColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as progress:
        bar = progress.add_task("Drawing captions", total=_seconds(film))
        yield lambda at_s: progress.update(bar, completed=at_s)


def _seconds(film: Path) -> float | None:
    with av.open(str(film)) as source:
        return (source.duration or 0) / av.time_base or None


if __name__ == "__main__":
    sys.exit(main())
