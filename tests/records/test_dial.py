"""The forms of DATABASE_URL."""

from __future__ import annotations

import pytest

from shared.errors import Transient
from shared.gcp.dial import connect, hang_up
from tests.records.cutter import Cutter


def test_socket_folder(database_url: str) -> None:
    """A folder as host means the socket in it."""
    connection = connect(database_url, timeout_s=10)
    cursor = connection.cursor()
    cursor.execute("select current_database()")
    (name,) = cursor.fetchone()
    hang_up(connection)

    assert f"/{name}?host=/" in database_url


def test_host_and_port(database_url: str) -> None:
    """User, password, host and port stand where URLs have them, percent-encoded."""
    with Cutter(database_url, cut_after=b"never") as wire:
        url = wire.url.replace("postgres@", "post%67res:p%40ss@")
        connection = connect(url, timeout_s=10)
        cursor = connection.cursor()
        cursor.execute("select current_user")
        (user,) = cursor.fetchone()
        hang_up(connection)

    assert "postgres" == user


def test_session_parameters(database_url: str) -> None:
    """The server's own limits are set from the start."""
    connection = connect(database_url, timeout_s=10, parameters={"statement_timeout": "9s"})
    cursor = connection.cursor()
    cursor.execute("show statement_timeout")
    (limit,) = cursor.fetchone()
    hang_up(connection)

    assert "9s" == limit


def test_missing_database(postgres_server: str) -> None:
    """It can be put right, so the work is not lost."""
    with pytest.raises(Transient, match="SQLSTATE 3D000"):
        connect(postgres_server.replace("/postgres?", "/nowhere?"), timeout_s=10)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mysql://localhost/x",
        "postgresql://localhost/x?sslmode=verify-full",
        "cloudsql://project:region:instance/lessons",
    ],
)
def test_url_that_nobody_understands(url: str) -> None:
    """It is a mistake in the settings, and says what is expected."""
    with pytest.raises(ValueError, match="must"):
        connect(url, timeout_s=1)


def test_cloud_sql_without_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is transient, like everything that an operator can put right."""
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "/nonexistent/key.json")

    with pytest.raises(Transient, match="Cloud SQL could not be reached"):
        connect("cloudsql://project:region:instance/lessons?user=ingest", timeout_s=1)
