"""Say how far a long statement is, seen from a second connection."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from shared.errors import PipelineError
from shared.gcp.dial import connect

if TYPE_CHECKING:
    from pg8000.dbapi import Connection

EACH_S = 10.0
TIMEOUT_S = 10.0
HOW_FAR = """
select extract(epoch from clock_timestamp() - a.query_start)::int,
  coalesce(p.phase, ''), coalesce(p.blocks_done, 0), coalesce(p.blocks_total, 0),
  coalesce(nullif(p.current_locker_pid, 0), (pg_blocking_pids(a.pid))[1])
from pg_stat_activity a left join pg_stat_progress_create_index p using (pid)
where a.pid = %s and a.state <> 'idle'"""
WHO = """
select usename, coalesce(state, '?'), to_char(xact_start at time zone 'utc', 'HH24:MI:SS')
from pg_stat_activity where pid = %s"""


class Watch:
    """Reports on a process of the server while the runner's own connection is busy."""

    def __init__(self, url: str, say: Callable[[str], None], each_s: float = EACH_S) -> None:
        self._url = url
        self._say = say
        self._each_s = each_s

    @contextmanager
    def __call__(self, about: str, process: int) -> Iterator[None]:
        """Say a line every some seconds until the block ends; short ones need no connection."""
        done = threading.Event()
        watching = threading.Thread(target=self._watch, args=(about, process, done), daemon=True)
        watching.start()
        try:
            yield
        finally:
            done.set()
            watching.join()

    def _watch(self, about: str, process: int, done: threading.Event) -> None:
        from pg8000 import dbapi  # noqa: PLC0415 - as late as the connection

        if done.wait(self._each_s):
            return
        try:
            with closing(connect(self._url, TIMEOUT_S)) as connection:
                while True:
                    line = how_far(connection, process)
                    if line:
                        self._say(f"{about}: {line}")
                    if done.wait(self._each_s):
                        return
        except (PipelineError, dbapi.Error, OSError):
            self._say(f"{about}: still running; how far it is cannot be asked")


def how_far(connection: Connection, process: int) -> str:
    """Say what a process of the server has been doing, or nothing when it does nothing."""
    cursor = connection.cursor()
    cursor.execute(HOW_FAR, (process,))
    found = cursor.fetchone()
    if found is None:
        return ""
    seconds, phase, blocks, all_blocks, blocker = found
    line = f"{seconds} s so far"
    if phase:
        line += f", {phase}"
    if all_blocks:
        line += f", {100 * blocks // all_blocks} % of {all_blocks} blocks"
    if blocker is not None:
        cursor.execute(WHO, (blocker,))
        user, state, since = cursor.fetchone() or ("?", "gone", "?")
        line += (
            f"; waits for process {blocker} of {user}, {state}, its transaction since {since} UTC"
        )
    return line
