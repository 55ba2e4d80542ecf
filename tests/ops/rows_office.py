"""An operator whose rows lie in a real database; claims, objects and time are the fakes'."""

from __future__ import annotations

import json
import uuid

from shared.answers import answer_all
from shared.gcp.letters import SqlLetters
from shared.gcp.records import SqlRecords
from shared.gcp.reports import SqlReports
from shared.gcp.students import SqlStudents
from shared.gcp.upkeep import SqlUpkeep
from shared.ops.desk import Clock, Desk
from tests.fakes.erasing import MemoryErasing
from tests.ops.desks import Office

TABLES = (
    "select relname from pg_class where relkind = 'r'"
    " and relnamespace = current_schema()::regnamespace and relname <> 'migrations'"
)


class RowsOffice(Office):
    """The pipeline with PostgreSQL behind its records."""

    def __init__(self, postgres):
        super().__init__()
        self.postgres = postgres
        self.rows = SqlRecords(postgres)
        self.letters_of = SqlLetters(postgres)
        self.services = self.services.but(records=self.rows, upkeep=SqlUpkeep(postgres))
        self.reports = SqlReports(postgres)
        self.students = SqlStudents(postgres)
        self.erasing = MemoryErasing(self.services)

    @property
    def desk(self):
        """Give what the operator works with."""
        clock = Clock(self.tick, lambda: self.passed_s, self.pause)
        looked = (self.requests, self.indexes, self.students)
        rows = (self.letters_of, self.rows, self.reports)
        return Desk(*rows, *looked, self.services, self.erasing, clock)

    def status(self, request_id):
        """Report on a request."""
        return self.reports.show(request_id)

    def body(self, student, question, *modalities):
        """Write a request; gives its id and its message."""
        request_id = str(uuid.UUID(int=self.random.getrandbits(128), version=4))
        asked = {
            "request_id": request_id,
            "student_id": student,
            "student_query": question,
            "interest": "falconry",
            "grade_level": 9,
            "requested_modalities": list(modalities or ("text",)),
        }
        return request_id, json.dumps(asked).encode()

    def asks(self, student, question, *modalities):
        """Have a student ask; gives the request's id."""
        request_id, message = self.body(student, question, *modalities)
        self.send(message)
        return request_id

    def has(self, student, question):
        """Give a student a lesson of text that is completed, without anybody's writing it."""
        request_id = self.asks(student, question)
        self.only("ingest")
        self.waiting.clear()
        lesson_id = self.lesson_of(request_id)
        home, content = f"lessons/{lesson_id}", question.encode()
        create = self.services.objects.create
        plan = create("generated", f"{home}/plan.json", content, content_type="application/json")
        create("generated", f"{home}/lesson.md", content, content_type="text/markdown")
        self.rows.scripted(lesson_id, plan, ["explanation"])
        self.rows.completed(lesson_id, {"plan": plan.name, "text": f"{home}/lesson.md"})
        answer_all(self.rows, lesson_id, "script")
        return request_id

    def lesson_of(self, request_id):
        """Name a request's lesson."""
        return self.status(request_id).run.lesson_id

    def rows_with(self, *words):
        """Name the tables that hold one of these words anywhere."""
        with self.postgres.transaction() as sql:
            names = [row[0] for row in sql.all(TABLES)]
            return [
                name
                for name in names
                for word in words
                if sql.one(
                    f"select 1 from {name} as one where strpos(one::text, %s) > 0"  # noqa: S608
                    " or strpos(one::text, encode(convert_to(%s, 'UTF8'), 'hex')) > 0",
                    *(word, word),
                )
            ]

    def objects_with(self, *words):
        """Name the objects that hold one of these words."""
        objects = self.services.objects
        every = [one for bucket in ("generated", "scenes") for one in objects.list(bucket, "")]
        return [
            one.name
            for one in every
            if any(word.encode() in objects.read(one.bucket, one.name) for word in words)
        ]
