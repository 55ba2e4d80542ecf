"""Open one connection to PostgreSQL, whichever way its URL names it.

postgresql://user:password@host:port/database[?sslmode=require]
postgresql://user@/database?host=/folder/of/the/socket
cloudsql://project:region:instance/database?user=account@project.iam[&ip=private]
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from shared.errors import Transient
from shared.gcp.sqlstate import reaction

if TYPE_CHECKING:
    from pg8000.dbapi import Connection

TLS = {"disable": False, "prefer": None, "require": True}


def connect(url: str, timeout_s: float, parameters: Mapping[str, str] | None = None) -> Connection:
    """Connect in autocommit; raises Transient, and ValueError for a URL of another form.

    `timeout_s` limits each wait for the server's answer; `parameters` are the server's settings
    for this session.
    """
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    if parts.scheme == "cloudsql":
        connection = _through_the_connector(parts, options, timeout_s, parameters)
    elif parts.scheme in ("postgresql", "postgres"):
        connection = _directly(parts, options, timeout_s, parameters)
    else:
        raise ValueError("DATABASE_URL must begin with postgresql:// or cloudsql://")
    connection.autocommit = True  # transactions begin and end where we say so
    return connection


def hang_up(connection: Connection) -> None:
    """Close a connection, however broken it is."""
    from pg8000 import dbapi

    with suppress(dbapi.Error, OSError):
        connection.close()


def limit(connection: Connection, timeout_s: float) -> None:
    """Give up an answer that takes longer than so many seconds."""
    connection._usock.settimeout(timeout_s)  # noqa: SLF001 - pg8000 has no other way


def _directly(
    parts: SplitResult,
    options: Mapping[str, str],
    timeout_s: float,
    parameters: Mapping[str, str] | None,
) -> Connection:
    from pg8000 import dbapi

    from shared.gcp.wire import Wire

    host = options.get("host", parts.hostname or "localhost")
    port = int(options.get("port", parts.port or 5432))
    where: dict[str, Any] = {"host": host, "port": port, "ssl_context": _tls(options)}
    if host.startswith("/"):
        where = {"unix_sock": f"{host}/.s.PGSQL.{port}", "ssl_context": False}
    try:
        return Wire(
            unquote(parts.username or "postgres"),
            password=unquote(parts.password or "") or None,
            database=unquote(parts.path.lstrip("/")) or None,
            timeout=timeout_s,
            startup_params=dict(parameters or {}),
            **where,
        )
    except (dbapi.Error, OSError) as error:
        raise reaction(error, committing=False) from error


def _tls(options: Mapping[str, str]) -> bool | None:
    mode = options.get("sslmode", "prefer")
    if mode not in TLS:
        raise ValueError(f"sslmode must be one of {', '.join(TLS)}")
    return TLS[mode]


def _through_the_connector(
    parts: SplitResult,
    options: Mapping[str, str],
    timeout_s: float,
    parameters: Mapping[str, str] | None,
) -> Connection:
    if "user" not in options:
        raise ValueError("DATABASE_URL must name the database's user: cloudsql://…/…?user=…")
    from aiohttp import ClientError
    from google.auth.exceptions import GoogleAuthError
    from pg8000 import dbapi

    try:
        connection = _connector().connect(
            parts.netloc,
            "pg8000",
            user=options["user"],
            db=parts.path.lstrip("/"),
            enable_iam_auth=True,
            ip_type=options.get("ip", "private"),
            timeout=timeout_s,
            startup_params=dict(parameters or {}),
        )
    except (dbapi.Error, OSError) as error:
        raise reaction(error, committing=False) from error
    except (ClientError, GoogleAuthError) as error:
        raise Transient("Cloud SQL could not be reached") from error
    limit(connection, timeout_s)  # the connector's socket has no limit
    return connection


@cache
def _connector() -> Any:  # noqa: ANN401 - the connector brings no types
    """Make the one connector of this process; lazy, as nothing refreshes while throttled."""
    from google.cloud.sql.connector import Connector

    return Connector(refresh_strategy="lazy")
