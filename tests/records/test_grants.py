"""What the roles of the functions may do, each played by a user of its own."""

from __future__ import annotations

from contextlib import closing
from uuid import uuid4

import pytest

from shared.errors import Transient
from shared.gcp.dial import connect
from shared.gcp.library import SqlLibrary
from shared.gcp.postgres import Postgres
from shared.gcp.records import SqlRecords
from shared.gcp.status import SqlRequests
from shared.migrate import migrate
from shared.rows import Attempt, DeadLetter
from tests.conftest import copy_of
from tests.library.books import book, passage, section
from tests.records.given import LESSON, completed, scripted
from tests.status.given import SCHOOL, STUDENT

ROLES = ("pipeline_rw", "library_rw", "status_ro")
PRIVATE = {"migrations"}
GRANTED = """
select c.relname from pg_class c where c.relkind = 'r'
  and c.relnamespace = current_schema()::regnamespace
  and has_table_privilege('{}', c.oid, 'insert')"""
TABLES = """
select relname from pg_class where relkind = 'r'
  and relnamespace = current_schema()::regnamespace"""


@pytest.fixture(scope="module")
def url(postgres_server):
    """Give a database whose migrations met the roles."""
    with closing(connect(postgres_server, 60)) as connection:
        for role in ROLES:
            connection.cursor().execute(f"create role {role} nologin")
            connection.cursor().execute(f"create role a_{role} login in role {role}")
    with copy_of(postgres_server, "template1") as made:
        with closing(connect(made, 60)) as connection:
            migrate(connection)
        yield made
    with closing(connect(postgres_server, 60)) as connection:
        for role in ROLES:
            connection.cursor().execute(f"drop role a_{role}")
            connection.cursor().execute(f"drop role {role}")


@pytest.fixture
def as_role(url):
    """Connect as the user of a role."""
    pools = []

    def connected(role):
        pools.append(Postgres(url.replace("//postgres:", f"//a_{role}:", 1)))
        return pools[-1]

    yield connected
    for pool in pools:
        pool.close()


def test_every_table_has_a_role_that_writes_it(url):
    """A migration that adds one and forgets its grant fails here."""
    with closing(connect(url, 60)) as connection:
        cursor = connection.cursor()
        cursor.execute(TABLES)
        tables = {name for (name,) in cursor.fetchall()}
        granted = set()
        for role in ROLES:
            cursor.execute(GRANTED.format(role))
            granted |= {name for (name,) in cursor.fetchall()}

    assert tables - PRIVATE == granted


def test_the_pipeline_brings_a_lesson_to_its_end(as_role):
    """With all that its stages write."""
    records = SqlRecords(as_role("pipeline_rw"))
    request = completed(records)
    records.attempt_started(Attempt("script/1", 1, "script", LESSON, "me"))

    assert records.answered(request.request_id, "completed", "", "finalize") is not None


def test_the_library_is_indexed_and_indexed_anew(as_role):
    """A newer archive takes an older one's place; the pipeline only reads what is there."""
    library, reader = SqlLibrary(as_role("library_rw")), SqlLibrary(as_role("pipeline_rw"))
    library.add(book(section("m1", passage("m1#p1", "A puck moves over ice."))))
    newer = book(section("m2", passage("m2#p1", "The sky is blue.")), digit="f", generation=2)
    library.add(newer)

    assert ["m2"] == [module for module, _, _ in reader.sections()]
    with pytest.raises(Transient, match="42501"):
        reader.add(book(section("m3", passage("m3#p1", "Ice is cold.")), digit="e", generation=3))


def test_the_library_tells_of_what_it_cannot_read(as_role):
    """Its attempts and dead letters."""
    records = SqlRecords(as_role("library_rw"))
    records.attempt_started(Attempt("library/1", 1, "library", ""))
    records.dead_letter(
        DeadLetter("library", "m-1", "bad-zip", "no zip", "", b"x", {}, request_id=str(uuid4()))
    )

    assert 1 == records.last_fence("library/1")


def test_status_reads_and_writes_nothing(as_role):
    """Whatever asks it."""
    postgres = as_role("status_ro")
    requests = SqlRequests(postgres)
    requests.one("00000000-0000-4000-8000-000000000000")
    requests.of_student(STUDENT, "", None, 5)
    requests.of_organization(SCHOOL, "", None, 5)
    requests.of_all("", None, 5)
    requests.failures("render", None, 5)
    requests.correlated("c", 5)
    requests.counts(SCHOOL, 30)

    with pytest.raises(Transient, match="42501"):
        scripted(SqlRecords(postgres))
