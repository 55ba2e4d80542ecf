"""Check any film from the command line: `python -m shared.film.check FILM`, or `--card`.

What lies beside the film is found by itself: captions.vtt, plan.json, thumbnail.jpg, and what
checks.json says that it was made from.  A check that needs what is not there is not made.
Ends with 0 when all passed, 1 when something failed, 2 when there was no film to check.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import av
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from shared.errors import PipelineError
from shared.film import caption_checks, checks
from shared.film.beside import Beside, guessed, look
from shared.film.captions import line_length
from shared.film.card import check_card, write_card
from shared.film.check_table import as_json, as_table, mistake
from shared.film.clock import seconds_at
from shared.film.findings import Check, Expected, not_checked
from shared.film.plan_checks import check_plan
from shared.film.probe import Probe, Watch, probe

PASSED, FAILED, USER_MISTAKE, INTERRUPTED = 0, 1, 2, 130
_WIDEST_LINE = 42


def parser() -> argparse.ArgumentParser:
    """Build the parser."""
    top = argparse.ArgumentParser(
        prog="python -m shared.film.check",
        description="Check a finished film. Files beside it are found by themselves.",
    )
    films = top.add_mutually_exclusive_group(required=True)
    films.add_argument("film", type=Path, metavar="FILM", nargs="?")
    films.add_argument(
        "--card", action="store_true", help="check this machine's own encoder with a test card"
    )
    top.add_argument("--captions", type=Path, metavar="VTT", help="its captions, a WebVTT file")
    top.add_argument("--plan", type=Path, metavar="JSON", help="the lesson's plan.json")
    top.add_argument("--json", action="store_true", help="print the findings for programs")
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table of checks; a user's mistake ends in one sentence, never in a stack trace."""
    asked = parser().parse_args(arguments)
    beside_it = Console(stderr=True)
    try:
        if asked.card:
            table = _carded(beside_it)
        else:
            beside = look(asked.film, asked.captions, asked.plan)
            with _progress(asked.film, beside_it) as watch:
                table = check(_probed(asked.film, watch), beside)
    except KeyboardInterrupt:
        return INTERRUPTED
    except (PipelineError, ValueError, OSError) as fault:
        mistake(asked.film, fault, beside_it)
        return USER_MISTAKE
    (as_json if asked.json else as_table)(table, Console())
    return FAILED if checks.failed(table) else PASSED


def _carded(console: Console) -> list[Check]:
    """Film the test card and measure it."""
    with tempfile.TemporaryDirectory() as folder, console.status("Filming a test card"):
        write_card(Path(folder) / "card.mp4")
        return check_card(Path(folder) / "card.mp4")


def check(found: Probe, beside: Beside) -> list[Check]:
    """Make every check for which there is enough."""
    expected = beside.expected or guessed(found)
    made = checks.check_film if found.video else checks.check_sound
    table = [*made(found, expected), *_captions(found, beside, expected)]
    if beside.thumbnail is None:
        table.append(not_checked("thumbnail", "shorter side 720 px", "no thumbnail beside it"))
    else:
        table += checks.check_thumbnail(beside.thumbnail)
    return [*table, *check_plan(beside.plan, found.audio, expected)]


def _probed(film: Path, watch: Watch) -> Probe:
    if not film.is_file():
        raise FileNotFoundError(f"There is no film at {film}.")
    found = probe(film, watch)
    if found.video is None and found.audio is None:
        raise ValueError(f"{film} holds neither pictures nor sound.")
    return found


def _captions(found: Probe, beside: Beside, expected: Expected) -> list[Check]:
    track, plan = beside.captions, beside.plan
    if track is None:
        why = caption_checks.NO_CAPTIONS
        names = ("caption-words", "caption-pauses", "caption-language", "caption-sync")
        nothing = [not_checked(name, "the plan and the voice", why) for name in names]
        return [*nothing, *caption_checks.unread(why)]
    words = [
        not_checked(name, "the plan's", "no plan beside it")
        for name in ("caption-words", "caption-pauses")
    ]
    if plan is not None:
        words = caption_checks.said(track.cues, plan.scenes)
    width = line_length(plan) if plan else _WIDEST_LINE
    length_s = seconds_at(sum(expected.frames))
    table = [*words, *caption_checks.readable(track.cues, width, length_s)]
    table.append(caption_checks.check_language(track.language))
    if found.audio is not None:
        table.append(caption_checks.check_sync(track.cues, found.audio))
    return table


@contextmanager
def _progress(film: Path, console: Console) -> Iterator[Watch]:
    """Show how much of the film has been looked at, on a terminal only."""
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=24), TimeElapsedColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as progress:
        bar = progress.add_task("Looking at every frame", total=_seconds(film))
        yield lambda at_s: progress.update(bar, completed=at_s)


def _seconds(film: Path) -> float | None:
    """Tell how many seconds of picture and sound there are to look at, as the file says it."""
    try:
        with av.open(str(film)) as source:
            tracks = len(source.streams.video[:1]) + len(source.streams.audio[:1])
            return tracks * (source.duration or 0) / av.time_base or None
    except (av.FFmpegError, OSError):
        return None


if __name__ == "__main__":
    sys.exit(main())
