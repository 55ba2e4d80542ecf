"""What a PostgreSQL error means to us.

network error, 08, 53, 57   Transient; while committing Unsure
40001, 40P01, 55P03         Contended: the same transaction may go through at once
0A000, 26000                Contended as well, on another connection: see `STALE`
23505                       Conflict, which names the constraint
23502                       Transient: a column that this code does not know, as a newer schema has
other 23, 22                Permanent: the same values will never fit
the rest (28, 3D, 42, …)    Transient: schema or settings are wrong, and can be put right
"""

from __future__ import annotations

from shared.errors import Conflict, Permanent, PipelineError, Transient, Unsure

CONTENTION = ("40001", "40P01", "55P03")
CONNECTION = ("08", "53", "57")
# A statement that was prepared no longer fits its tables, or is gone: on this connection for ever.
STALE = ("0A000", "26000")
# Our code gives every column that it knows; the release that knows the others is on its way.
NULL = "23502"


class Contended(Transient):
    """A deadlock, a lock held for too long, a stale statement: the next try may go through."""


def leaves_stale(error: Exception) -> bool:
    """Tell whether the connection's prepared statements are of no more use."""
    answer = error.args[0] if error.args and isinstance(error.args[0], dict) else {}
    return answer.get("C") in STALE


def reaction(error: Exception, *, committing: bool) -> PipelineError:
    """Translate an error of pg8000 or of its socket."""
    answer = error.args[0] if error.args and isinstance(error.args[0], dict) else {}
    state = str(answer.get("C", ""))
    # Detail and message quote the row, and with it the student; they must not reach a log.
    error.args = ({key: answer[key] for key in "Cnt" if key in answer},) if answer else error.args
    named = f"SQLSTATE {state}, constraint {answer.get('n', '-')}"
    if not state or state[:2] in CONNECTION:
        lost = Unsure if committing else Transient
        return lost(f"the database connection failed ({named if state else type(error).__name__})")
    if state in STALE:
        return Contended(f"a prepared statement fits no more ({named})")
    if state in CONTENTION:
        return Contended(f"the database was busy with the same rows ({named})")
    if state == "23505":
        return Conflict(str(answer.get("n", "")))
    if state[:2] in ("22", "23") and state != NULL:
        return Permanent(f"the database refuses these values ({named})")
    return Transient(f"the database does not fit this code ({named})")
