"""The whole pipeline on fakes, with a model as author that a fake Vertex AI plays."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

from shared.gcp.vertex import Vertex
from shared.lesson import codec
from shared.lesson.extractive.author import ExtractiveAuthor
from shared.lesson.gemini.author import GeminiAuthor
from shared.lesson.gemini.paying import Purse
from shared.lesson.gemini.settings import read_gemini
from tests.fakes.ledger import MemoryLedger
from tests.pipeline.test_lessons import request
from tests.pipeline.world import World

TODAY = date(2026, 11, 28)


def settings(**variables):
    """Read settings as the function does."""
    problems = []
    found = read_gemini(variables, problems, TODAY)
    assert found is not None, problems
    return found


class Quick:
    """A model that is given half a second for each answer."""

    def __init__(self, model):
        self._model = model

    def ask(self, name, location, prompt, timeout_s):
        return self._model.ask(name, location, prompt, min(timeout_s, 0.5))


@cache
def vertex(url):
    """Give one client to all cases, as in one process."""
    return Vertex("demo", url)


@cache
def written(brief, material):
    """Write the book's lesson once for all cases."""
    return ExtractiveAuthor().write("0" * 32, brief, material)


class Quoting:
    """The extractive author, with a memory."""

    name = ExtractiveAuthor.name

    def write(self, lesson_id, brief, material):
        return replace(written(brief, material), lesson_id=lesson_id)


class Desk(World):
    """A world whose author asks the fake; `calls` were made in it."""

    def __init__(self, server, model=None, *, copies=1, wrap=lambda port, world: port, **variables):
        super().__init__(copies=copies)
        self.services = self.services.but(objects=wrap(self.services.objects, self))
        self.server, self._before = server, server.calls
        self.ledger = MemoryLedger(lambda: self.now)
        self.purse = Purse(
            model or Quick(vertex(server.url)),
            self.ledger,
            self.services.objects,
            settings(**variables),
            lambda: TODAY,
        )
        author = GeminiAuthor(self.purse, Quoting())
        self.services = self.services.but(author=author)

    @property
    def calls(self):
        return self.server.calls - self._before

    def lesson(self, *meets, **others):
        """Ask for a text lesson while the model behaves so; gives the request's end."""
        self.server.next.clear()
        self.server.push(*meets)
        asked = request(**others)
        self.send(asked)
        self.run()
        return self.status(asked["request_id"]).run

    def plan(self, run):
        """Read the plan of a request's lesson."""
        name = f"lessons/{run.lesson_id}/plan.json"
        return codec.decode(self.services.objects.read("generated", name))

    def end(self, run):
        """Say what the student got, who wrote it, and how many calls were made for it."""
        if run.status != "completed":
            return run.status, self.calls
        plan = self.plan(run)
        is_degraded = any(note.startswith("Degraded: ") for note in plan.notes)
        return f"{plan.author}{', degraded' if is_degraded else ''}", self.calls
