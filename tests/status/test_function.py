"""The function over HTTP, with its real database and storage."""

from __future__ import annotations

import json

import pytest

from tests.conftest import copy_of
from tests.records.given import at_once
from tests.status.given import SCHOOL, STUDENT
from tests.status.served import ENTRIES, served
from tests.status.world import TEXT

ONE = f"/requests/{ENTRIES[1].request_id}"
HEADERS = {"Authorization": f"Development student_id={STUDENT}"}


@pytest.fixture(scope="module")
def app(postgres_server, template_database, tmp_path_factory):
    """Serve the function."""
    with (
        pytest.MonkeyPatch.context() as patch,
        copy_of(postgres_server, template_database) as url,
        served(tmp_path_factory.mktemp("cloud"), url, patch) as made,
    ):
        yield made


def test_a_completed_request(app):
    """With its text, and links that lead into storage."""
    answer = app.test_client().get(ONE, headers=HEADERS)

    assert (200, "application/json", TEXT) == (
        answer.status_code,
        answer.content_type,
        answer.json["script_text"],
    )
    assert answer.json["video_url"].startswith("http://127.0.0.1:")


def test_an_unchanged_request(app):
    """Costs no body."""
    client = app.test_client()
    tag = client.get(ONE, headers=HEADERS).headers["ETag"]
    again = client.get(ONE, headers={**HEADERS, "If-None-Match": tag})

    assert (304, b"", tag) == (again.status_code, again.data, again.headers["ETag"])


def test_the_head_of_an_answer(app):
    """Is that of the whole one."""
    whole = app.test_client().get(ONE, headers=HEADERS)
    head = app.test_client().head(ONE, headers=HEADERS)

    assert (200, b"", whole.headers["Content-Length"], whole.headers["ETag"]) == (
        head.status_code,
        head.data,
        head.headers["Content-Length"],
        head.headers["ETag"],
    )


def test_other_methods(app):
    """OPTIONS tells what can be done, anything else is refused in the same words."""
    client = app.test_client()
    options, post = client.options(ONE), client.post(ONE, data=b"x" * 1000, headers=HEADERS)

    assert (204, 405) == (options.status_code, post.status_code)
    assert options.headers["Allow"] == post.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert "application/problem+json" == post.content_type


@pytest.mark.parametrize(
    "path",
    ["/requests/%00", "/requests/%2e%2e%2f", "/requests/%ff", "/requests//", "/%F0%9F%92%A9",
     "/requests?status=%00", "/requests?limit=-1", "/requests?cursor=%ff", "/requests?=&&="],
)  # fmt: skip
def test_odd_paths(app, path):
    """Are refused, with a problem that a program can read."""
    answer = app.test_client().get(path, headers=HEADERS)

    assert answer.status_code in (400, 404)
    assert {"title", "detail", "status"} <= json.loads(answer.data).keys()


def test_readiness_with_real_services(app):
    """Each of them was asked."""
    answer = app.test_client().get("/ready")

    assert {"database": "ok", "firestore": "ok", "storage": "ok"} == answer.json["services"]


def test_polls_at_once(app):
    """Forty threads with two connections all get the same answer."""

    def poll(n):
        headers = {"Authorization": f"Development organization_id={SCHOOL}&sub={n}"}
        return [app.test_client().get(ONE, headers=headers).headers["ETag"] for _ in range(5)]

    assert 1 == len({tag for tags in at_once(40, poll) for tag in tags})


def test_every_list(app):
    """Of the real database."""
    client = app.test_client()
    operator = {"Authorization": "Development operator=true"}
    lists = ("/requests", "/requests?status=failed", "/failures?stage=render",
             "/correlated?correlation_id=c-1")  # fmt: skip
    found = [len(client.get(path, headers=operator).json["requests"]) for path in lists]

    assert [4, 2, 1, 1] == found


def test_pages_of_the_real_database(app):
    """Each request once, whichever page it is on."""
    client, found, cursor = app.test_client(), [], ""
    while cursor is not None:
        more = f"&cursor={cursor}" if cursor else ""
        page = client.get(f"/requests?limit=1{more}", headers=HEADERS).json
        found += [one["correlation_id"] for one in page["requests"]]
        cursor = page["next_cursor"]

    assert ["c-4", "c-3", "c-2", "c-1"] == found
