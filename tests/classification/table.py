"""The classification table as data: what comes from outside, what it means, what the spine does.

Of several rows that fit, the one of the most specific class counts, as with `except` clauses.
What no row of a port names passes through it as it is, and is then a fault that nobody named.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from google.api_core import exceptions as api
from google.auth.exceptions import GoogleAuthError
from google.cloud.storage.exceptions import DataCorruption, InvalidResponse
from pg8000 import dbapi
from requests import RequestException

from shared.errors import (
    Busy,
    Conflict,
    LeaseLost,
    Missing,
    Permanent,
    Refused,
    Superseded,
    Transient,
    Unreadable,
    Unsure,
)
from shared.gcp.sqlstate import Contended

Errors = tuple[type[BaseException], ...]
Rows = tuple[tuple[Errors, type[BaseException]], ...]
Answer = Literal["acknowledged", "redelivered"]


# --- What a client's error means, by port and call --------------------------------------------

CLAIM_READ: Rows = (
    ((api.GoogleAPICallError, api.RetryError), Transient),
    ((GoogleAuthError,), Transient),
)
CLAIM_WRITE: Rows = (
    ((api.AlreadyExists, api.FailedPrecondition, api.NotFound), Conflict),
    ((api.GoogleAPICallError, api.RetryError), Unsure),
    ((api.Unauthorized, api.Forbidden, GoogleAuthError), Transient),
    ((api.InvalidArgument,), Permanent),
)
PUBLISH: Rows = (
    ((api.GoogleAPICallError, api.RetryError), Unsure),
    ((api.NotFound, api.Unauthorized, api.Forbidden, GoogleAuthError), Transient),
    ((api.InvalidArgument,), Permanent),
)
_STORAGE_DOWN: Errors = (
    *(api.GoogleAPICallError, api.RetryError, RequestException, GoogleAuthError),
    *(DataCorruption, InvalidResponse),
)
OBJECT_READ: Rows = (((api.NotFound,), Missing), (_STORAGE_DOWN, Transient))
OBJECT_CREATE: Rows = ((_STORAGE_DOWN, Transient),)  # when nothing is stored under the name
OBJECT_LIST: Rows = ((_STORAGE_DOWN, Transient),)
SQL_STATEMENT: Rows = (((dbapi.Error, OSError), Transient),)
SQL_COMMIT: Rows = (((dbapi.Error, OSError), Unsure),)

# SQLSTATE class or code -> (in a statement, in a commit); a code counts before its class.
SQLSTATES: dict[str, tuple[type[BaseException], type[BaseException]]] = {
    "03": (Transient, Transient),  # statement not yet complete
    "08": (Transient, Unsure),  # connection
    "09": (Transient, Transient),  # triggered action
    "0A": (Transient, Transient),  # feature not supported
    "0A000": (Contended, Contended),  # a prepared statement whose result has changed
    "0B": (Transient, Transient),  # transaction initiation
    "0F": (Transient, Transient),  # locator
    "0L": (Transient, Transient),  # grantor
    "0P": (Transient, Transient),  # role
    "0Z": (Transient, Transient),  # diagnostics
    "20": (Transient, Transient),  # case not found
    "21": (Transient, Transient),  # cardinality
    "22": (Permanent, Permanent),  # data
    "23": (Permanent, Permanent),  # integrity constraint
    "23505": (Conflict, Conflict),  # unique
    "24": (Transient, Transient),  # cursor state
    "25": (Transient, Transient),  # transaction state
    "26": (Transient, Transient),  # statement name
    "26000": (Contended, Contended),  # a prepared statement that the server has forgotten
    "27": (Transient, Transient),  # triggered data change
    "28": (Transient, Transient),  # authorization
    "2B": (Transient, Transient),  # dependent privileges
    "2D": (Transient, Transient),  # transaction termination
    "2F": (Transient, Transient),  # SQL routine
    "34": (Transient, Transient),  # cursor name
    "38": (Transient, Transient),  # external routine
    "39": (Transient, Transient),  # external routine invocation
    "3B": (Transient, Transient),  # savepoint
    "3D": (Transient, Transient),  # no such database
    "3F": (Transient, Transient),  # no such schema
    "40": (Transient, Transient),  # transaction rollback
    "40001": (Contended, Contended),  # serialization
    "40P01": (Contended, Contended),  # deadlock
    "42": (Transient, Transient),  # syntax, access, no such table
    "44": (Transient, Transient),  # with check option
    "53": (Transient, Unsure),  # resources: disk full, too many connections
    "54": (Transient, Transient),  # program limit
    "55": (Transient, Transient),  # object not in prerequisite state
    "55P03": (Contended, Contended),  # lock not available
    "57": (Transient, Unsure),  # operator intervention: shutdown, statement timeout
    "58": (Transient, Transient),  # system
    "72": (Transient, Transient),  # snapshot
    "F0": (Transient, Transient),  # configuration file
    "HV": (Transient, Transient),  # foreign data wrapper
    "P0": (Transient, Transient),  # PL/pgSQL
    "XX": (Transient, Transient),  # internal
}


# --- What the spine does with what the work raises --------------------------------------------


@dataclass(frozen=True, slots=True)
class Reaction:
    """What becomes of one delivery.

    `spends` is what this run leaves counted against the budget of unexplained attempts; `told`
    says that everybody who waits hears of the end.
    """

    answer: Answer
    state: Literal["completed", "failed", "parked", "retryable", "in_progress"]
    spends: int = 0
    dead_letter: bool = False
    told: bool = False


AGAIN = Reaction("redelivered", "retryable")
NOT_OURS = Reaction("redelivered", "in_progress", spends=1)  # counted at the claim, like a kill
REACTIONS: tuple[tuple[Errors, Reaction], ...] = (
    ((Permanent,), Reaction("acknowledged", "failed", spends=1, told=True)),
    ((Unreadable,), Reaction("acknowledged", "failed", spends=1, dead_letter=True, told=True)),
    ((Refused,), Reaction("acknowledged", "completed", spends=1, told=True)),
    ((Superseded,), Reaction("acknowledged", "completed", spends=1)),
    ((Transient,), AGAIN),
    ((LeaseLost, Busy), NOT_OURS),
    ((Exception,), Reaction("redelivered", "retryable", spends=1)),
    ((SystemExit,), AGAIN),  # told to stop, in time to say so
    ((BaseException,), NOT_OURS),  # the process ends without a word
)
LAST_ATTEMPT = Reaction("acknowledged", "parked", spends=5, dead_letter=True, told=True)


def meaning(rows: Rows, error: type[BaseException]) -> type[BaseException]:
    """Find what a client's error means; itself when nobody names it."""
    named = {one: means for errors, means in rows for one in errors}
    return next((named[kind] for kind in error.__mro__ if kind in named), error)


def reaction(error: type[BaseException]) -> Reaction:
    """Find what the spine does when the work raises this."""
    named = {one: answer for errors, answer in REACTIONS for one in errors}
    return next(named[kind] for kind in error.__mro__ if kind in named)


def sqlstate(code: str) -> tuple[type[BaseException], type[BaseException]]:
    """Find what a SQLSTATE means in a statement and in a commit."""
    return SQLSTATES.get(code) or SQLSTATES[code[:2]]
