"""Show what a student is asked back, and take the answer of who sits here."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.prompt import Prompt

from local.state_folder import FOLDER
from shared.question.inquiry import Inquiry
from shared.report import RequestReport

SHORT = 8  # digits of an id


def show(inquiry: Inquiry, console: Console) -> None:
    """Print a question with its options, numbered from 1."""
    console.print(f"\n[bold]{escape(inquiry.text)}[/bold]", highlight=False)
    for n, option in enumerate(inquiry.options, 1):
        console.print(f"  {n:>2}  {option.text}", markup=False, highlight=False)


def how_to_answer(report: RequestReport, folder: Path, console: Console) -> None:
    """Say which command answers."""
    state = "" if folder == FOLDER else f" --state {shlex.quote(str(folder))}"
    command = f"python -m local{state} answer {report.run.request_id[:SHORT]} 1"
    console.print(
        f"\nAnswer with an option's number, or in your own words:\n  {command}",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )


def asks_a_person(console: Console) -> bool:
    """Tell whether somebody sits there who can answer now."""
    return console.is_terminal and sys.stdin.isatty()


def answer_of_a_person(inquiry: Inquiry, console: Console) -> str:
    """Ask until something is said; gives the answer as it is sent."""
    show(inquiry, console)
    said = ""
    while not said.strip():
        said = Prompt.ask("Your answer", console=console)
    return read(inquiry, said)


def read(inquiry: Inquiry, said: str) -> str:
    """Read a number as the option of that number, anything else as the student's own words.

    Raises ValueError for a number that no option has.
    """
    said = said.strip()
    if not said.isdecimal():
        return said
    if not 1 <= int(said) <= len(inquiry.options):
        raise ValueError(f"There is no option {said}: choose 1 to {len(inquiry.options)}.")
    return inquiry.options[int(said) - 1].id
