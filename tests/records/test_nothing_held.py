"""No database connection is held while somebody writes, speaks, reads or encodes.

The pool has one connection: whoever gets a turn on it while the work goes on, sees that the work
holds none.  `render` has no database at all.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from shared.events import SceneRequested, SceneStored, ScriptRequested
from shared.film.finalizing import every_scene_is_there, finish_lesson
from shared.film.rendering import render_scene
from shared.gcp.library import SqlLibrary
from shared.gcp.postgres import Postgres
from shared.gcp.records import SqlRecords
from shared.lesson.plan import Brief
from shared.lesson.writing import write_lesson
from shared.limits import FUNCTIONS
from shared.rows import Request
from tests.fakes.objects import MemoryObjects
from tests.fakes.services import FakeServices
from tests.fakes.voice import HummingVoice
from tests.pipeline.brevity import BriefAuthor
from tests.pipeline.world import sampler
from tests.records.given import LESSON

ASKED = Request(
    "3f1c2a9e-0000-4000-8000-000000000001", "c-1", "s-1", "", "test", 10,
    Brief("Why does a moving object keep moving?", "basketball", "9-12", ("audio",)),
)  # fmt: skip


class Watched:
    """A port that takes a turn on the database before and after each of its calls."""

    def __init__(self, inner: object, pool: Postgres) -> None:
        self._inner = inner
        self._pool = pool
        self.turns = 0

    def __getattr__(self, name: str) -> object:
        """Give what the other one has, watched."""
        found = getattr(self._inner, name)
        return self._watched(found) if callable(found) else found

    def _watched(self, work):
        def whole(*args, **kwargs):
            self._turn()
            done = work(*args, **kwargs)
            self._turn()
            return done

        return whole

    def _turn(self) -> None:
        # Raises Transient when the only connection is somebody else's.
        assert (1,) == self._pool.alone(lambda sql: sql.one("select 1"))
        self.turns += 1


@pytest.fixture
def pool(database_url: str) -> Iterator[Postgres]:
    """Give the one connection that an instance of `script` or `finalize` has."""
    made = Postgres(database_url, pool=FUNCTIONS["script"].pool, patience_s=0.2)
    yield made
    made.close()


@pytest.fixture
def services(pool: Postgres) -> FakeServices:
    """Give a requested lesson, and everybody watched who may take long over it."""
    library = SqlLibrary(pool)
    library.add(sampler())
    given = FakeServices(
        records=SqlRecords(pool),
        library=library,
        objects=Watched(MemoryObjects(), pool),
        author=Watched(BriefAuthor(), pool),
        voice=Watched(HummingVoice(), pool),
    )
    given.records.accept(ASKED, LESSON)
    return given


def test_both_functions_have_one_connection():
    """Else the turns of this file would prove nothing."""
    assert (1, 1, 0) == tuple(FUNCTIONS[name].pool for name in ("script", "finalize", "render"))


def test_script_holds_no_connection_while_the_author_writes(services):
    """Nor while it stores what was written."""
    asked = write_lesson(ScriptRequested(LESSON, "c-1"), services)

    assert 2 == services.author.turns
    assert services.objects.turns > 2
    assert asked


def test_finalize_holds_no_connection_while_it_joins_and_encodes(services):
    """Each scene's sound is read, and each file is stored, with the connection free."""
    for one in write_lesson(ScriptRequested(LESSON, "c-1"), services):
        render_scene(SceneRequested(LESSON, one.scene, one.plan_generation), services)
    spoken, before = services.voice.turns, services.objects.turns
    ready = every_scene_is_there(SceneStored(LESSON), services)
    done = finish_lesson(SceneStored(LESSON), services)

    assert (True, ["completed"]) == (ready, [one.status for one in done])
    assert spoken > 0
    assert services.objects.turns > before
