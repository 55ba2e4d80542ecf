"""Each function alone: a recorded event has its effect, an unreadable one is acknowledged."""

from __future__ import annotations

import json

import pytest

from local.addresses import PROJECT
from local.bookshelf import SAMPLER
from local.cloud.courier import Courier
from local.cloud.overview import kept
from shared.gcp.library import SqlLibrary
from shared.gcp.postgres import Postgres
from shared.gcp.reports import SqlReports
from shared.library.pack import pack
from tests.conftest import copy_of
from tests.functions.alone import Alone, started

SCENES = "lessons/{}/scenes/"
UNREADABLE = {
    "ingest": ("content-requests", {"data": b"{"}, "not-json"),
    "script": ("script-requested", {"data": b'{"schema": 1}'}, "wrong-type"),
    "render": ("scene-requested", {"data": b'{"schema": 1, "scene": "7"}'}, "wrong-type"),
}


@pytest.fixture(scope="module")
def alone(postgres_server, template_database, tmp_path_factory):
    """Start every function, and wait until each answers."""
    with (
        copy_of(postgres_server, template_database) as url,
        started(tmp_path_factory.mktemp("cloud"), url) as made,
    ):
        for port in made.ports.values():
            Courier(f"http://127.0.0.1:{port}/").wait_for_door()
        yield made


@pytest.fixture(scope="module")
def accepted(alone: Alone, tmp_path_factory) -> str:
    """Index the sampler, then ask the recorded question; gives the lesson's id."""
    book = pack(SAMPLER, tmp_path_factory.mktemp("book"))
    stored = alone.objects.create("oer", book.name, book.file, content_type="application/zip")
    generation = str(stored.generation)
    assert 200 == alone.post("library", "oer", name=stored.name, generation=generation)
    assert 200 == alone.post("ingest", "content-requests")
    asked = alone.published("script-requested")[0]
    return json.loads(asked)["lesson_id"]


@pytest.fixture(scope="module")
def scripted(alone: Alone, accepted: str) -> str:
    """Have the lesson's plan written; gives the lesson's id."""
    (asked,) = alone.published("script-requested")
    assert 200 == alone.post("script", "script-requested", data=asked)
    return accepted


@pytest.fixture(scope="module")
def rendered(alone: Alone, scripted: str) -> str:
    """Have every scene rendered; gives the lesson's id."""
    for asked in alone.published("scene-requested"):
        assert 200 == alone.post("render", "scene-requested", data=asked)
    return scripted


@pytest.fixture
def database(alone: Alone):
    """Reach the functions' database."""
    pool = Postgres(alone.database_url)
    yield pool
    pool.close()


def test_library(database, accepted):
    """A stored book's event indexes it."""
    assert ["Science Sampler"] == [book.title for book in SqlLibrary(database).sources()]


def test_ingest(database, accepted):
    """A request's event creates its row and asks for the script."""
    (row,) = SqlReports(database).runs(5)

    assert ("accepted", accepted) == (row.status, row.lesson_id)


def test_script(alone, scripted):
    """A script's event writes the plan and asks for each of its scenes."""
    plan = json.loads(alone.objects.read("generated", f"lessons/{scripted}/plan.json"))
    asked = [json.loads(one)["scene"] for one in alone.published("scene-requested")]

    assert list(range(1, len(plan["scenes"]) + 1)) == asked


def test_render(alone, rendered):
    """A scene's event makes its objects, the committing one among them."""
    names = [one.name for one in alone.objects.list("scenes", SCENES.format(rendered))]
    committed = [name for name in names if name.endswith("/scene.json")]

    assert len(alone.published("scene-requested")) == len(committed)


def test_finalize(alone, rendered):
    """The event of a scene's committing object ends the lesson once all scenes are there."""
    stored = [
        one
        for one in alone.objects.list("scenes", SCENES.format(rendered))
        if one.name.endswith("/scene.json")
    ][-1]
    status = alone.post("finalize", "scenes", name=stored.name, generation=str(stored.generation))
    done = [json.loads(one)["status"] for one in alone.published("content-completed")]

    assert (200, ["completed"]) == (status, done)


def test_request_delivered_again(alone, database, rendered):
    """A second delivery of the same request is acknowledged and makes no second one."""
    status = alone.post("ingest", "content-requests")

    assert (200, 1) == (status, len(SqlReports(database).runs(5)))


@pytest.mark.parametrize("function", UNREADABLE)
def test_unreadable_event(alone, database, function):
    """What nobody can read is acknowledged at once and recorded with its reason."""
    recorded, changes, reason = UNREADABLE[function]
    status = alone.post(function, recorded, **changes)

    assert 200 == status
    assert reason in letters(alone, database, function)


def letters(alone: Alone, database: Postgres, function: str) -> list[str]:
    """List the reasons of a function's dead letters; render tells its own by a message."""
    with database.transaction() as sql:
        rows = sql.all("select reason from dead_letters where stage = %s", function)
    told = kept(alone.folder, f"{function}-dead", project=PROJECT)
    return [row[0] for row in rows] + [one.attributes["reason"] for one in told]
