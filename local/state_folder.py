"""The folder in which a stack keeps everything, and the lock that gives it to one at a time."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from local.postgres import EmbeddedPostgres
from local.processes import end_leftovers

FOLDER = Path(".local")


class CannotStart(Exception):
    """The stack cannot start here; the text says why and what to do."""


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Own a state folder; the kernel lets go when this process ends, however it ends.

    Raises CannotStart while another process owns it.
    """
    with _lock_file(folder) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise CannotStart(
                f"A stack runs on {folder} already, as process {lock.read().strip()}.\n"
                "Use it (python -m local lesson …), or end it first with Ctrl-C."
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def _lock_file(folder: Path) -> TextIO:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return (folder / "lock").open("a+")
    except OSError as fault:
        why = f"The state cannot be kept in {folder}: {fault.strerror}"
        raise CannotStart(f"{why}.\nUse another folder: --state FOLDER") from fault


def stored_something(folder: Path) -> bool:
    """Whether a stack ever ran here."""
    return (folder / "cloud").exists()


def wipe(folder: Path) -> None:
    """Forget everything that a stopped stack stored; raises CannotStart while one runs."""
    with locked(folder):
        end_leftovers(folder)
        if (folder / "postgres" / "postmaster.pid").exists():
            # A killed stack leaves its database running: take it over, then stop it.
            leftover = EmbeddedPostgres(folder / "postgres")
            leftover.start()
            leftover.stop()
        for entry in folder.iterdir():
            if entry.is_dir():
                shutil.rmtree(entry)
            elif entry.name != "lock":
                with contextlib.suppress(FileNotFoundError):
                    entry.unlink()


def stack_file(folder: Path) -> Path:
    """Name the file that tells others where a running stack is."""
    return folder / "stack.json"
