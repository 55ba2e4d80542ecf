"""An operator at work on the pipeline of the fakes: commands in, what they print and leave out."""

from __future__ import annotations

import io
import json
import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from rich.console import Console

from shared.ops.__main__ import parser
from shared.ops.desk import Clock, Desk
from shared.ops.letters import Chosen
from tests.fakes.erasing import MemoryErasing
from tests.fakes.letters import MemoryLetters
from tests.ops.given import INTEREST, STUDENT
from tests.pipeline.world import World
from tests.status.given import MemoryRequests

COVERED = "Why does a moving object keep moving?"


@dataclass(frozen=True, slots=True)
class Said:
    """What a command left: its exit code and what it printed."""

    code: int
    out: str

    @property
    def decoded(self):
        """What `--json` printed."""
        return json.loads(self.out)


class Breaking:
    """Something that works, but for one method that raises a fault until it is mended."""

    def __init__(self, inner, method, fault):
        self._inner = inner
        self._method = method
        self._fault = fault
        self.broken = True

    def __getattr__(self, name):
        """Give what the other one has, or the fault."""
        if name == self._method and self.broken:
            return self._fail
        return getattr(self._inner, name)

    def _fail(self, *_, **__):
        raise self._fault


class MemoryIndexes:
    """The port Indexes on a list."""

    def __init__(self):
        self.listed = []

    def all(self):
        """List them."""
        return tuple(self.listed)


class Office(World):
    """The pipeline on the fakes, and an operator whose waiting lets it go on."""

    def __init__(self, seed=0):
        super().__init__(seed)
        self.rows = MemoryLetters(self.tick)
        self.services = self.services.but(records=self.rows)
        self.requests = MemoryRequests()
        self.indexes = MemoryIndexes()
        self.students = None  # of their rows there is a database alone
        self.passed_s = 0.0
        self.pauses = []

    def tick(self):
        """Tell the database's time, which never stands still."""
        self.now += timedelta(milliseconds=1)
        return self.now

    @property
    def desk(self):
        """Give what the operator works with."""
        clock = Clock(self.tick, lambda: self.passed_s, self.pause)
        looked = (self.requests, self.indexes, self.students)
        eraser = MemoryErasing(self.services)
        return Desk(self.rows, self.rows, self.rows, *looked, self.services, eraser, clock)

    def pause(self, seconds):
        """Let the pipeline work while the operator waits."""
        self.passed_s += seconds
        self.pauses.append(seconds)
        self.run()

    def only(self, *names):
        """Deliver what waits for these functions, and nothing else."""
        self.collect()
        mine = [one for one in self.waiting if one[0] in names]
        self.waiting = [one for one in self.waiting if one[0] not in names]
        for one in mine:
            assert self.deliver(*one) < 300
        self.collect()

    def waits_for(self):
        """Count what waits, by function."""
        self.collect()
        return Counter(name for name, _, _ in self.waiting)

    def ask(self, *modalities, question=COVERED):
        """Send a request; gives its id."""
        request_id = str(uuid.UUID(int=self.random.getrandbits(128), version=4))
        self.send(
            {
                "request_id": request_id,
                "student_id": STUDENT,
                "student_query": question,
                "interest": INTEREST,
                "grade_level": 9,
                "requested_modalities": list(modalities or ("text",)),
            }
        )
        return request_id

    def park(self, *, question=COVERED):
        """Have a request fail until it is parked; gives its id and what mends the fault."""
        library = self.services.library
        fault = RuntimeError(f"no plan for {question!r} of {STUDENT}, who likes {INTEREST}")
        broken = Breaking(library, "corpus", fault)
        self.services = self.services.but(library=broken)
        request_id = self.ask(question=question)
        self.run()

        def mend():
            broken.broken = False

        return request_id, mend

    def operate(self, capsys, *words, width=100):
        """Run one command."""
        console = Console(file=io.StringIO(), width=width, force_terminal=False)
        options = parser().parse_args(words)
        capsys.readouterr()
        code = options.operate(options, self.desk, console)
        return Said(code, capsys.readouterr().out + console.file.getvalue())

    def snapshot(self):
        """Give everything that a command could change."""
        return (
            self.services.claims.all,
            [self.rows.find(row.id).actions for row in self.letters()],
            [row.resolution for row in self.letters()],
            self.services.events.published,
            self.services.objects.list("scenes", ""),
            self.services.objects.list("oer", ""),
        )

    def letters(self):
        """List every dead letter."""

        return self.rows.list(Chosen(settled=True, limit=1000))
