"""Reach a stack: the one that runs on a folder, one of our own, or only what it wrote down."""

from __future__ import annotations

import time
from argparse import Namespace
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from rich.console import Console

from local.addresses import Addresses
from local.processes import broken
from local.services import Connected
from local.stack import Running, Stack, Wish, database, find, has_database
from local.state_folder import CannotStart, stored_something, wipe

ENDED = "The stack that made this lesson has ended. Start one again, and it goes on: make up"
QUIET_S = 5.0
POLL_S = 0.02


@contextmanager
def started(options: Namespace, console: Console, *, serves: bool = False) -> Iterator[Stack]:
    """Start a stack of our own; raises CannotStart."""
    if options.fresh:
        wipe(options.state)
    wish = Wish(options.state, Addresses(options.port), options.google_emulators, serves=serves)
    with ExitStack() as whole:
        with console.status("Starting the local cloud and the functions …"):
            stack = whole.enter_context(Stack(wish))
        yield stack


@contextmanager
def running(options: Namespace, console: Console) -> Iterator[Connected]:
    """Use the stack that runs here, else start one for as long as it is needed."""
    found = find(options.state)
    if found is not None and not options.fresh:
        with closing(Connected(found)) as connected:
            yield connected
        return
    with started(options, console) as stack:
        with closing(Connected(stack.running)) as connected:
            yield connected
        _wait_for_quiet(options.state)


@contextmanager
def readable(folder: Path) -> Iterator[Connected]:
    """Read what is recorded, whether a stack runs here or not; raises CannotStart."""
    found = find(folder)
    if found is not None:
        with closing(Connected(found)) as connected:
            yield connected
    elif not stored_something(folder):
        raise CannotStart(f"There is nothing in {folder} yet. Make a first lesson: make lesson")
    elif not has_database(folder):
        raise CannotStart(f"The records of {folder} are where DATABASE_URL pointed: set it again.")
    else:
        with (
            database(folder) as url,
            closing(Connected(Running(Addresses().environment(url), alive=False))) as connected,
        ):
            yield connected


def _wait_for_quiet(folder: Path) -> None:
    """Let runs end that still give their claim back, so that the next start repeats nothing.

    What was delivered and failed is not waited for: it comes again with the next start.
    """
    from local.cloud.overview import standings  # noqa: PLC0415  # loaded with the cloud by now

    give_up = time.monotonic() + QUIET_S
    while time.monotonic() < give_up:
        if not any(one.waiting or one.in_flight for one in standings(folder / "cloud").values()):
            return
        time.sleep(POLL_S)


def check_stack(folder: Path) -> None:
    """Raise CannotStart when the stack here has ended, or a function of it never starts."""
    if find(folder) is None:
        raise CannotStart(ENDED)
    fault = broken(folder)
    if fault:
        raise CannotStart(fault)


def must_run(folder: Path) -> Running:
    """Find the stack that runs here; raises CannotStart when none does."""
    found = find(folder)
    if found is None:
        raise CannotStart(f"No stack runs on {folder}. Start one in another terminal: make up")
    return found
