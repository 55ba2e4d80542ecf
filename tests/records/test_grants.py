"""What the roles of the functions may do, each played by a user of its own.

The contract suites of records, letters, library, ledger, upkeep and requests play them as well.
"""

from __future__ import annotations

from contextlib import closing

import pytest
from pg8000.dbapi import DatabaseError

from shared.errors import Transient
from shared.gcp.dial import connect
from shared.gcp.library import SqlLibrary
from shared.gcp.records import SqlRecords
from shared.gcp.reports import SqlReports
from shared.library.pack import pack
from tests.conftest import ROLES, of_role
from tests.library.books import book, passage, section
from tests.pipeline.test_lessons import request
from tests.pipeline.world import ROOT
from tests.records.building import asked
from tests.records.given import scripted
from tests.records.playing import SqlWorld, deployed
from tests.records.statements import GCP, used

PRIVATE = {"migrations"}  # the runner's own
LIBRARY = ("oer_",)
VERBS = ("select", "insert", "update", "delete")
NEVER = ("truncate", "references", "trigger")
TABLES = """
select relname from pg_class where relkind in ('r', 'p', 'v', 'm')
  and relnamespace = current_schema()::regnamespace"""
# Of what is not the library's own, `library` changes its runs, its letters and its bills.
OURS_TO_CHANGE = {"attempts", "dead_letters", "costs", "breakers"}


@pytest.fixture
def tables(database_url: str) -> set[str]:
    """Name everything that a role may be given rights on."""
    return {name for (name,) in asked(database_url, TABLES)} - PRIVATE


@pytest.fixture
def granted(database_url: str, tables: set[str]) -> dict[str, set[tuple[str, str]]]:
    """Give what each role may do with each table."""
    may = "select relname, verb from pg_class, unnest('{{{}}}'::text[]) as verb where relname"
    may += " = any ('{{{}}}') and has_table_privilege('{}', pg_class.oid, verb)"
    verbs, names = ",".join(VERBS + NEVER), ",".join(tables | PRIVATE)
    return {
        role: set(asked(database_url, may.format(verbs, names, role)))
        for role in (*ROLES, "public")
    }


def all_used(tables: set[str]) -> set[tuple[str, str]]:
    """Give what the code of all functions and commands does with the tables."""
    return {one for module in GCP.glob("*.py") for one in used(module.stem, tables)}


def test_whatever_the_code_does_some_role_may_do(tables, granted):
    """A migration that adds a table and forgets its grant fails here."""
    assert set() == all_used(tables) - set().union(*granted.values())


def test_whatever_a_role_may_do_some_code_does(tables, granted):
    """A grant too many is a door that nobody needs; its own tables are the library's business."""
    others = {one for one in tables if not one.startswith(LIBRARY)}
    known = {(t, verb) for may in granted.values() for t, verb in may if t in others}

    assert set() == known - all_used(others)


def test_no_table_is_left_out(tables, granted):
    """Each has a role that writes it, also where the code is still to come."""
    written = {(table, verb) for may in granted.values() for table, verb in may if verb != "select"}

    assert tables == {table for table, _ in written}


def test_status_only_reads(granted):
    """It is what the world reaches."""
    assert {"select"} == {verb for _, verb in granted["status_ro"]}


def test_status_reads_no_letter_and_no_book(granted):
    """Letters hold what students wrote and nobody could read."""
    readable = {table for table, _ in granted["status_ro"]}

    assert not {one for one in readable if one.startswith(("dead_letter", "oer_"))}


def test_the_pipeline_writes_no_book(granted):
    """It reads the library."""
    own = {verb for table, verb in granted["pipeline_rw"] if table.startswith(LIBRARY)}

    assert {"select"} == own


def test_the_library_changes_no_lesson(granted):
    """It writes its own tables, and what each function tells of its runs."""
    changed = {table for table, verb in granted["library_rw"] if verb in ("update", "delete")}

    assert changed - {one for one in changed if one.startswith(LIBRARY)} <= OURS_TO_CHANGE


@pytest.mark.parametrize("role", [*ROLES, "public"])
def test_nobody_empties_a_table_or_hangs_something_on_it(granted, role):
    """Nor reads or writes the runner's ledger; and a user without a role may do nothing."""
    wrong = {(t, verb) for t, verb in granted[role] if verb in NEVER or t in PRIVATE}

    assert set() == (granted[role] if role == "public" else wrong)


@pytest.mark.parametrize("role", ROLES)
def test_no_role_makes_a_table(database_url, role):
    """That is the migrations' business."""
    with (
        closing(connect(of_role(database_url, role), 60)) as connection,
        pytest.raises(DatabaseError, match="42501"),
    ):
        connection.cursor().execute("create table mine (x int)")


def test_every_function_does_its_work_with_its_own_role(playing, monkeypatch, tmp_path):
    """A book comes, lessons are made, refused and repaired, a message cannot be read."""
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "demo")
    world = SqlWorld(playing, deployed())
    packed = pack(ROOT / "local" / "sampler", tmp_path)
    archive = packed.file.read_bytes()
    world.services.objects.create("oer", packed.name, archive, content_type="application/zip")
    world.run()
    asked_for = [request(modalities=("text", "audio")), request("Why do whales sing at night?")]
    world.send(*asked_for, request(grade_level=13), b"{")
    world.run()
    world.quiet()
    world.run()

    assert {"ingest", "script", "render", "finalize", "library", "repair"} == {
        name for name, _ in world.outcomes
    }
    assert {200} == {status for _, status in world.outcomes}
    shown = SqlReports(playing("pipeline_rw"))
    ends = [shown.show(one["request_id"]).run.status for one in asked_for]
    assert ["completed", "refused"] == ends


def test_a_library_is_read_and_not_written_by_those_who_search(playing):
    """A newer archive takes an older one's place; the pipeline only reads what is there."""
    library, reader = SqlLibrary(playing("library_rw")), SqlLibrary(playing("pipeline_rw"))
    library.add(book(section("m1", passage("m1#p1", "A puck moves over ice."))))
    newer = book(section("m2", passage("m2#p1", "The sky is blue.")), digit="f", generation=2)
    library.add(newer)

    assert ["m2"] == [module for module, _, _ in reader.sections()]
    with pytest.raises(Transient, match="42501"):
        reader.add(book(section("m3", passage("m3#p1", "Ice is cold.")), digit="e", generation=3))


def test_status_brings_no_lesson_forward(playing):
    """Whatever asks it."""
    with pytest.raises(Transient, match="42501"):
        scripted(SqlRecords(playing("status_ro")))
