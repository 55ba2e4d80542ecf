"""Whatever comes in, a sentence and what to do goes out."""

from __future__ import annotations

import json
import logging

import pytest

from shared.errors import Transient
from shared.status.rate import BURST, PER_S
from tests.status.given import STUDENT, seen
from tests.status.world import World

ONE = f"/requests/{seen().request_id}"
PATHS = (
    *("/requests", "/correlated?correlation_id=c-1", "/failures?stage=render", "/summary"),
    ONE,
)
QUESTION = "Why is Zanzibar's sky violet?"


def is_a_problem(got):
    """Tell whether an answer says what is wrong, what to do, and nothing else."""
    named = {"type", "title", "status", "detail"}
    return (
        got.headers["Content-Type"] == "application/problem+json"
        and named <= got.told.keys() <= named | {"field"}
        and got.told["status"] == got.status
        and got.told["title"].endswith(".")
        and got.told["detail"].endswith(".")
    )


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("who", ["", "expired", "nobody", "claims-too-much"])
def test_nobody_asks_without_saying_who(path, who):
    """No token, one that does not hold, one that speaks for nobody."""
    got = World(seen()).ask(path, who)

    assert (403 if who in ("nobody", "claims-too-much") else 401) == got.status
    assert is_a_problem(got)
    assert (got.status == 401) == ("WWW-Authenticate" in got.headers)


@pytest.mark.parametrize("header", ["Basic abc", "Bearer", "Bearer ", "Development operator=true"])
def test_another_kind_of_token(header):
    """Is none; outside of development nobody is taken at their word."""
    assert 401 == World(seen()).ask(ONE, "", Authorization=header).status


def test_development_takes_a_caller_at_its_word():
    """Where a setting says so."""
    world = World(seen(), development=True)

    def status(who):
        return world.ask(ONE, "", Authorization=f"Development {who}").status

    assert [200, 404, 200, 403] == [
        status(f"student_id={STUDENT}"),
        status("student_id=s-99"),
        status("operator=true"),
        status("operator=yes"),
    ]


@pytest.mark.parametrize(
    "named",
    ["1", "x" * 10_000, "../../etc", "%00", "f00d1f4e", "'; drop table content_requests; --",
     "\u0667f3c1f4e-0d5c-4d0e-9f4e-3f0f8a1f6c55", "7f3c1f4e-0d5c-4d0e-9f4e-3f0f8a1f6c55\n"],
)  # fmt: skip
def test_an_id_that_is_none(named):
    """Is refused with its rule, before anything is asked, and never repeated."""
    world = World()
    got = world.ask(f"/requests/{named}")

    assert got.status in (400, 404)
    assert is_a_problem(got)
    assert 0 == world.requests.asked
    assert named not in got.answer.body.decode() or len(named) < 2


def test_an_id_in_capitals():
    """Is the same one."""
    one = seen()

    assert 200 == World(one).ask(f"/requests/{one.request_id.upper()}").status


def test_parameters_that_one_request_does_not_have():
    """Are refused."""
    one = seen()

    assert 400 == World(one).ask(f"/requests/{one.request_id}?verbose=1").status


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW"])
def test_nothing_can_be_written(method):
    """The answer says what can be done."""
    got = World(seen()).ask(ONE, method=method)

    assert (405, "GET, HEAD, OPTIONS") == (got.status, got.headers["Allow"])
    assert is_a_problem(got)


def test_options_need_no_token():
    """A browser asks without one."""
    got = World().ask("/requests", "", method="OPTIONS")

    assert (204, b"", "GET, HEAD, OPTIONS") == (got.status, got.answer.body, got.headers["Allow"])


@pytest.mark.parametrize("path", ["/", "/requests/", "/request", "/requests/a/b", "/READY", "//"])
def test_a_path_that_is_none(path):
    """Says which there are."""
    got = World().ask(path)

    assert 404 == got.status
    assert "/requests/ID" in got.told["detail"]


def test_a_web_page_that_may_ask():
    """Reads the answer; another one does not."""
    world = World(seen(), origins=("https://school.example",))
    own = world.ask(ONE, Origin="https://school.example")
    strange = world.ask(ONE, Origin="https://evil.example")

    assert "https://school.example" == own.headers["Access-Control-Allow-Origin"]
    assert "Access-Control-Allow-Origin" not in strange.headers
    assert ("Origin", "Origin") == (own.headers["Vary"], strange.headers["Vary"])
    assert "Access-Control-Allow-Origin" not in World(seen()).ask(ONE, Origin="x").headers


def test_a_caller_that_asks_without_end():
    """Is told how long to wait, while others are served; after that it may ask again."""
    one = seen()
    world = World(one)
    answers = [world.poll(one) for _ in range(int(BURST) + 1)]
    other = world.poll(one, "school")
    world.now += 1
    later = [world.poll(one).status for _ in range(int(PER_S) + 1)]

    assert ({200}, 429) == ({got.status for got in answers[:-1]}, answers[-1].status)
    assert (True, "1", 200) == (
        is_a_problem(answers[-1]),
        answers[-1].headers["Retry-After"],
        other.status,
    )
    assert [*[200] * int(PER_S), 429] == later


@pytest.mark.parametrize("path", PATHS)
def test_a_database_that_is_away(path):
    """Is no fault of the question: ask again."""
    world = World(seen())
    world.requests.fault = Transient("no database connection became free")
    got = world.ask(path, "operator" if "stage" in path else "school")

    assert (503, "5", True) == (got.status, got.headers["Retry-After"], is_a_problem(got))


def test_a_fault_that_nobody_named(caplog, monkeypatch):
    """Leaves no word of itself in the answer or the log, but for its class and place."""
    monkeypatch.setattr(logging.getLogger("vividly"), "propagate", True)
    world = World(seen())
    world.requests.fault = RuntimeError(f"cannot parse {QUESTION} of {STUDENT}")
    got = world.ask(ONE)
    logged = json.dumps([vars(record) for record in caplog.records], default=str)

    assert (500, True) == (got.status, is_a_problem(got))
    assert [] == [
        word
        for word in (QUESTION, STUDENT, "Traceback", "parse")
        if word in got.answer.body.decode()
    ]
    assert "RuntimeError" in logged
    assert QUESTION not in logged


def test_live_asks_nobody():
    """Whatever is away."""
    world = World()
    world.requests.fault = Transient("away")

    assert (200, 0) == (world.ask("/live", "").status, world.requests.asked)


def test_the_version():
    """Names the revision, the commit and what a lesson is made with."""
    told = World().ask("/version", "").told

    assert ("r-7", "abc", {"plan": "1"}) == (told["revision"], told["commit"], told["makes"])


def test_ready_says_which_service_does_not_answer():
    """And the others do."""
    world = World()
    before = world.ask("/ready", "")
    world.silent["database"] = Transient("no database connection became free")
    world.now += 10
    after = world.ask("/ready", "")

    assert (200, 503) == (before.status, after.status)
    assert {
        "database": "no database connection became free",
        "firestore": "ok",
        "storage": "ok",
    } == after.told["services"]
    assert "5" == after.headers["Retry-After"]
