"""An upgrade while the pipeline runs: what the release before wrote stays, and goes on to its end.

The releases before are tapes of what they said to their database; the newer schema has to bear it
at whatever statement the upgrade comes.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from uuid import UUID

import pytest

from shared.gcp.dial import connect
from shared.gcp.postgres import Postgres
from shared.lesson.extractive.author import ExtractiveAuthor
from shared.migrate import migrate
from shared.schema.manner import Manner
from tests.conftest import copy_of
from tests.pipeline.world import sampler
from tests.records.building import asked
from tests.records.playing import SqlWorld, deployed
from tests.upgrade.tape import Said, Tape, played, tapes

TAPES = tapes()
CUTS = (0.0, 0.35, 0.7)  # where in what is said the upgrade comes
TO_OTHERS = (7, 8, 13, 14)  # accepted by the release before, ended by this one
ASKED_BACK = 5  # waits for its student
# What a student or an operator was told; ids in the order of their making.
KEPT = {
    "content_requests": "id, correlation_id, student_id, organization_id, environment, question,"
    " interest, grade_level, grade_band, modalities, lesson_id, created_at",
    "lessons": "id, requested_by, question, interest, grade_band, modalities, language,"
    " requested_at, identity, take",
    "request_events": "id, request_id, status, stage, reason, at",
    "scenes": "lesson_id, n, type",
    "attempts": "key, fence, stage, lesson_id, started_at",
    "costs": "attempt_key, attempt_fence, kind, stage, lesson_id, price_version, spent_at",
    "dead_letters": "stage, message_id, reason, detail, body::text, first_seen",
    "oer_sources": "sha256, slug, title, object_name, indexed_at",
}
FINAL = ("completed", "refused", "failed", "cancelled")


@pytest.fixture(params=TAPES, ids=lambda tape: f"{tape.number:04d}")
def tape(request: pytest.FixtureRequest) -> Tape:
    """Give the tape of a release."""
    return request.param


@pytest.fixture
def url(postgres_server: str, tape: Tape) -> Iterator[str]:
    """Give a database that a release filled."""
    with copy_of(postgres_server, "template1") as made:
        upgraded(made, tape.number)
        said_again(made, tape.before)
        yield made


def upgraded(url: str, number: int = 9999) -> None:
    """Migrate; where somebody is in the way it tries again at once."""
    with closing(connect(url, 60)) as connection:
        migrate(connection, target=number, manner=Manner(lock_wait_ms=200, lock_tries=500))


def said_again(url: str, said: list[Said]) -> None:
    """Play what was said; each statement touches and gives as many rows as it did."""
    assert [] == [(one.sql, one.rows, rows) for one, rows in played(url, said) if one.rows != rows]


def rows(url: str) -> dict[str, set[tuple[object, ...]]]:
    """Give the rows of each table as far as nothing may change them."""
    questions = {table: f"select {columns} from {table}" for table, columns in KEPT.items()}  # noqa: S608
    return {
        table: {tuple(map(str, row)) for row in asked(url, question)}
        for table, question in questions.items()
    }


def lost(before: dict[str, set[tuple[object, ...]]], after: dict[str, set[tuple[object, ...]]]):
    """Give the rows that are not there any more, by table."""
    return {table: had - after[table] for table, had in before.items() if had - after[table]}


def ends(url: str) -> dict[int, list[str]]:
    """Give the ends that each request was given, as its history tells."""
    told: dict[int, list[str]] = {}
    for request_id, status in asked(url, "select request_id, status::text from request_events"):
        told.setdefault(UUID(str(request_id)).int, []).extend([status] * (status in FINAL))
    return told


def statuses(url: str) -> dict[int, str]:
    """Give the status of each request."""
    found = asked(url, "select id, status::text from content_requests")
    return {UUID(str(request_id)).int: status for request_id, status in found}


def test_there_is_a_tape():
    """Else nothing here would prove anything."""
    assert TAPES


def test_a_tape_has_requests_in_every_status(url):
    """And lessons, letters and a book; bills since there are any."""
    every = asked(url, "select unnest(enum_range(null::content_request_status))::text")

    assert {label for (label,) in every} == set(statuses(url).values())
    assert {"costs"} >= {table for table, had in rows(url).items() if not had}


@pytest.mark.parametrize("cut", CUTS)
def test_the_release_before_goes_on_on_the_new_schema(url, tape, cut):
    """Wherever the upgrade comes between two transactions, every statement does what it did."""
    at = between_transactions(tape.during, cut)
    said_again(url, tape.during[:at])
    before = rows(url)
    upgraded(url)

    assert {} == lost(before, rows(url))
    said_again(url, tape.during[at:])


def between_transactions(said: list[Said], cut: float) -> int:
    """Find the next statement after this part that begins anew."""
    depth, wanted = 0, int(len(said) * cut)
    for n, one in enumerate(said):
        if n >= wanted and not depth:
            return n
        depth += (one.sql == "begin") - (one.sql in ("commit", "rollback"))
    return len(said)


def test_an_upgrade_beside_an_instance_at_work(url, tape):
    """Both at once, on connections of their own: neither fails, nothing is lost."""
    before = rows(url)
    faults: list[BaseException] = []

    def work() -> None:
        try:
            said_again(url, tape.during)
        except BaseException as fault:
            faults.append(fault)

    old = threading.Thread(target=work)
    old.start()
    upgraded(url)
    old.join()

    assert [] == faults
    assert {} == lost(before, rows(url))


def test_every_request_ends_exactly_once(url, tape):
    """The old instance ends what it had begun, the new release what is left."""
    upgraded(url)
    said_again(url, tape.during)
    ended = {n: status for n, status in statuses(url).items() if status in FINAL}
    with closing(Postgres(url, pool=4)) as rows_of_all:
        world = SqlWorld(lambda _: rows_of_all, deployed())
        world.services = world.services.but(author=ExtractiveAuthor())  # need not be brief
        world.services.library.add(sampler())
        for _ in range(2):
            world.quiet()
            world.run()

    now = statuses(url)
    assert {"completed"} == {now[n] for n in TO_OTHERS}
    assert {n: 1 for n in now if n != ASKED_BACK} == {
        n: len(given) for n, given in ends(url).items() if given
    }
    assert ended.items() <= now.items()
