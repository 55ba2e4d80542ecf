"""The function over HTTP, while its database is away."""

from __future__ import annotations

from tests.conftest import copy_of
from tests.status.served import served
from tests.status.test_function import HEADERS, ONE


def test_a_database_that_is_away(postgres_server, template_database, tmp_path, monkeypatch):
    """Is told with 503 and when to ask again; readiness names it, and it alone."""
    with (
        copy_of(postgres_server, template_database) as url,
        served(tmp_path, url, monkeypatch) as app,
    ):
        monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
        client = app.test_client()
        poll, ready = client.get(ONE, headers=HEADERS), client.get("/ready")

    assert (503, "5", "application/problem+json") == (
        poll.status_code,
        poll.headers["Retry-After"],
        poll.content_type,
    )
    services = ready.json["services"]
    assert (503, "ok", "ok") == (ready.status_code, services["firestore"], services["storage"])
    assert "database" in services["database"]
