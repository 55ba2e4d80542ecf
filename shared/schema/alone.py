"""One runner at a time, with the settings under which it harms nobody."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from shared.errors import Permanent
from shared.schema.manner import Manner

if TYPE_CHECKING:
    from pg8000.dbapi import Connection

LOCK = 0x76697669  # any number that only this runner uses
POLL_S = 0.05
SAY_AGAIN_S = 30.0
SETTINGS = {
    "application_name": "vividly-migrate",
    "statement_timeout": "0",
    "idle_in_transaction_session_timeout": "60s",
    # A runner that is killed leaves nothing running on the server, and its lock is free.
    "client_connection_check_interval": "1s",
}
HOLDER = """
select a.pid, a.usename, coalesce(nullif(a.application_name, ''), 'a program without a name'),
  coalesce(host(a.client_addr), 'this machine'),
  to_char(a.backend_start at time zone 'utc', 'HH24:MI:SS')
from pg_locks l join pg_stat_activity a using (pid)
where l.locktype = 'advisory' and l.classid = 0 and l.objid = %s and l.granted
  and l.database = (select oid from pg_database where datname = current_database())"""


@contextmanager
def alone(connection: Connection, manner: Manner) -> Iterator[None]:
    """Hold the runners' lock; raises Permanent, naming its holder, when it does not become free.

    Polls: whoever waits inside `pg_advisory_lock` holds a snapshot that `create index
    concurrently` of the lock's owner waits for in turn.
    """
    _wait(connection, manner)
    try:
        settings = SETTINGS | {"lock_timeout": f"{manner.lock_wait_ms}ms"}
        for name, value in settings.items():
            connection.cursor().execute(f"set {name} = '{value}'")
        yield
    except Permanent:
        _leave(connection)
        raise
    else:
        _leave(connection)
    # After anything else the connection is out of step and good for nothing but to be closed,
    # which frees the lock as well.


def _wait(connection: Connection, manner: Manner) -> None:
    cursor = connection.cursor()
    polls = int(manner.runner_wait_s / POLL_S)
    for poll in range(polls + 1):
        cursor.execute("select pg_try_advisory_lock(%s)", (LOCK,))
        if cursor.fetchone()[0]:
            return
        if poll % int(SAY_AGAIN_S / POLL_S) == 0:
            manner.say(f"waiting for another runner: {_holder(connection)}")
        manner.pause(POLL_S)
    raise Permanent(
        f"another runner has not finished within {manner.runner_wait_s:.0f} s:"
        f" {_holder(connection)}; let it finish, or end it with pg_terminate_backend, and run again"
    )


def _holder(connection: Connection) -> str:
    cursor = connection.cursor()
    cursor.execute(HOLDER, (LOCK,))
    found = cursor.fetchone()
    if found is None:
        return "it has just left"
    process, user, program, address, since = found
    return f"process {process}, {program} of {user} at {address}, connected since {since} UTC"


def _leave(connection: Connection) -> None:
    for name in (*SETTINGS, "lock_timeout"):
        connection.cursor().execute(f"reset {name}")
    connection.cursor().execute("select pg_advisory_unlock(%s)", (LOCK,))
