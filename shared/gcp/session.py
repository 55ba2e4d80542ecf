"""A connection together with the statements that it has prepared; loads the driver."""

from __future__ import annotations

import re
from functools import cache
from itertools import count
from typing import Any

from pg8000 import dbapi
from pg8000.converters import make_params
from pg8000.core import Context

from shared.deadline import left_s
from shared.gcp.dial import limit
from shared.limits import CALL_TIMEOUT_S


class Session:
    """Runs statements on one connection, each parsed by the server only once.

    The driver would ask it three times for every statement with values: parse, describe, execute.
    """

    def __init__(self, connection: dbapi.Connection) -> None:
        self.connection = connection
        self._prepared: dict[str, tuple[Any, ...]] = {}

    def execute(self, sql: str, values: tuple[object, ...]) -> Context:
        """Run one statement, `%s` for each value; raises what the driver raises."""
        connection = self.connection
        limit(connection, left_s(CALL_TIMEOUT_S))
        if not values:
            return connection.execute_simple(sql)
        if sql not in self._prepared:
            self._prepared[sql] = connection.prepare_statement(_numbered(sql), ())
        name, columns, readers = self._prepared[sql]
        written = make_params(connection.py_types, values)
        return connection.execute_named(name, written, columns, readers, sql)


@cache
def _numbered(sql: str) -> str:
    """Name the values $1, $2, … as the server does."""
    numbers = count(1)
    return re.sub("%s", lambda _: f"${next(numbers)}", sql)
