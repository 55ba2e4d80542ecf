"""PostgreSQL through a small pool: short transactions, our own errors, nothing held between them.

pg8000 connections must not be shared by threads and are dead after a network error, so each
transaction has a connection to itself, and one whose state is not certain is thrown away.
"""

from __future__ import annotations

import secrets
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Any, TypeVar

from shared.deadline import left_s
from shared.errors import PipelineError, Transient, Unsure
from shared.gcp.dial import connect, hang_up
from shared.gcp.sqlstate import Contended, leaves_stale, reaction
from shared.limits import CALL_TIMEOUT_S

if TYPE_CHECKING:
    from pg8000.core import Context

    from shared.gcp.session import Session

Row = tuple[Any, ...]
Result = TypeVar("Result")

TRIES = 3
JITTER_MS = 100  # doubles from try to try
# The server gives up before our socket does, so that we learn how a statement ended; and a frozen
# run cannot keep its locks.
PARAMETERS = {
    "statement_timeout": "9s",
    "lock_timeout": "3s",
    "idle_in_transaction_session_timeout": "60s",
}


class Transaction:
    """One transaction; its methods raise what `shared.gcp.sqlstate` makes of an error."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._fault: PipelineError | None = None
        self._in_step = True
        self._open = False

    def begin(self) -> None:
        """Begin; a connection that died while it was idle shows itself here."""
        self._execute("begin")
        self._open = True

    def all(self, sql: str, *values: object) -> list[Row]:
        """Run a statement and fetch its rows."""
        return [tuple(row) for row in self._execute(sql, *values).rows or ()]

    def one(self, sql: str, *values: object) -> Row | None:
        """Run a statement and fetch its first row; None when there is none."""
        return next(iter(self.all(sql, *values)), None)

    def run(self, sql: str, *values: object) -> int:
        """Run a statement; gives the number of rows that it touched."""
        return int(self._execute(sql, *values).row_count)

    def commit(self) -> None:
        """Commit; raises Unsure when the answer got lost.

        After a failed statement the server turns COMMIT into ROLLBACK and reports success, so a
        fault that the caller caught is raised here once more.
        """
        if self._fault is not None:
            raise self._fault
        if self._open:
            self._execute("commit")
            self._open = False

    def leave(self) -> bool:
        """Roll back what is still open; False when the connection cannot be used again."""
        if self._open and self._in_step:
            with suppress(PipelineError):
                self._execute("rollback")
        return self._in_step

    def _execute(self, sql: str, *values: object) -> Context:
        from pg8000 import dbapi

        self._in_step = False  # until an answer has been read to its end
        # Outside of a transaction a statement commits by itself, and its answer is the commit's.
        committing = sql == "commit" or not (self._open or sql == "begin")
        try:
            answer = self.session.execute(sql, values)
        except (dbapi.Error, OSError) as error:
            self._in_step = isinstance(error, dbapi.DatabaseError) and not leaves_stale(error)
            self._fault = reaction(error, committing=committing)
            raise self._fault from error
        self._in_step = True
        return answer


class Postgres:
    """A pool of at most `pool` connections, opened when needed and kept for the next one."""

    def __init__(
        self,
        url: str,
        pool: int = 1,
        pause: Callable[[float], None] = time.sleep,
        patience_s: float = CALL_TIMEOUT_S,
    ) -> None:
        self._url = url
        self._pause = pause
        self._patience_s = patience_s
        self._free = BoundedSemaphore(pool)
        self._idle: deque[Session] = deque()

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Commit when the block ends, roll back when it raises.

        Raises Transient when no connection becomes free, Unsure when the commit's answer got lost.
        """
        with self._turn(self._begun) as transaction:
            yield transaction
            transaction.commit()

    def retried(self, work: Callable[[Transaction], Result]) -> Result:
        """Run `work` in a transaction, up to three times while that is likely to help.

        Contention passes; and when a commit's answer got lost, the next try reads back what is
        there, on a new connection.  So `work` must be fit to be repeated, as guarded moves are.
        """

        def whole() -> Result:
            with self.transaction() as transaction:
                return work(transaction)

        return self._tried(whole)

    def alone(self, work: Callable[[Transaction], Result]) -> Result:
        """Run `work`, which makes a single statement, as `retried` does, but without a transaction.

        A statement alone is one already; this saves the way to the server and back, twice.
        """

        def single() -> Result:
            with self._turn(self._opened) as statement:
                return work(statement)

        return self._tried(single)

    def close(self) -> None:
        """Close the idle connections."""
        while self._idle:
            hang_up(self._idle.pop().connection)

    def _tried(self, work: Callable[[], Result]) -> Result:
        for earlier in range(TRIES - 1):
            try:
                return work()
            except (Contended, Unsure):
                self._pause(secrets.randbelow(JITTER_MS << earlier) / 1000)
        return work()

    @contextmanager
    def _turn(self, given: Callable[[], Transaction]) -> Iterator[Transaction]:
        if not self._free.acquire(timeout=left_s(self._patience_s)):
            raise Transient("no database connection became free")
        try:
            transaction = given()
            try:
                yield transaction
            finally:
                if transaction.leave():
                    self._idle.append(transaction.session)
                else:
                    hang_up(transaction.session.connection)
        finally:
            self._free.release()

    def _opened(self) -> Transaction:
        with suppress(IndexError):
            return Transaction(self._idle.pop())
        return Transaction(self._connected())

    def _begun(self) -> Transaction:
        with suppress(IndexError, Transient):  # none is idle, or it died meanwhile
            return _begin(self._idle.pop())
        return _begin(self._connected())

    def _connected(self) -> Session:
        from shared.gcp.session import Session

        return Session(connect(self._url, left_s(CALL_TIMEOUT_S), PARAMETERS))


def _begin(session: Session) -> Transaction:
    transaction = Transaction(session)
    try:
        transaction.begin()
    except PipelineError:
        hang_up(session.connection)
        raise
    return transaction
