"""Requests that were asked back, in the dictionaries of `tests/fakes/records.py`."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from shared.question.inquiry import ROUNDS, Inquiry, Round, Waiting
from shared.rows import Attached, Request


class MemoryInquiries:
    """The port Inquiries; what it keeps is the records' own."""

    _lock: Any
    _now: Any
    _requests: dict[str, Any]
    _lessons: dict[str, Any]
    _lesson_of: Any
    _row: Any
    _enter: Any
    _latest: Any
    _begin: Any

    def previous(self, request: Request) -> str:
        """Give what this student's latest other request was taught."""
        with self._lock:
            found = [
                row
                for row in self._requests.values()
                if row.request and _who(row.request) == _who(request)
                and row.run.status in ("accepted", "completed")
                and row.run.request_id != request.request_id
            ]  # fmt: skip
            return self._lessons[found[-1].run.lesson_id].lesson.brief.question if found else ""

    def ask(self, request: Request, inquiry: Inquiry) -> str:
        """Store a request that waits for an answer, with its first inquiry."""
        with self._lock:
            if request.request_id in self._requests:
                return str(self._lesson_of(request))
            row = self._row(request, "needs_input", "")
            row.rounds.append(Round(inquiry))
            self._enter(row, "ingest")
            return ""

    def waiting(self, request_id: str) -> Waiting | None:
        """Read a request with all its rounds."""
        with self._lock:
            row = self._requests.get(request_id)
            if row is None or not row.rounds:
                return None
            run = row.run
            return Waiting(row.request, run.status, tuple(row.rounds), run.lesson_id, run.reason)

    def ask_again(self, inquired: Inquiry, answer: str, request_id: str, then: Inquiry) -> bool:
        """Note the answer to the open inquiry and make the next one."""
        with self._lock:
            row = self._answered(request_id, inquired, answer)
            if row is None:
                return False
            assert len(row.rounds) < ROUNDS
            row.rounds.append(Round(then))
            self._enter(row, "ingest")
            return True

    def resume(self, inquired: Inquiry, answer: str, request: Request, identity: str) -> bool:
        """Note the answer and move needs_input -> accepted with the lesson."""
        with self._lock:
            row = self._answered(request.request_id, inquired, answer)
            if row is None:
                return False
            lesson_id = self._latest(identity)
            row.request = request
            row.run = replace(row.run, status="accepted", lesson_id=lesson_id)
            self._enter(row, "ingest")
            self._begin(lesson_id, request)
            return True

    def leave_unclear(self, inquired: Inquiry, answer: str, request_id: str, reason: str) -> bool:
        """Note the answer and move needs_input -> refused."""
        with self._lock:
            row = self._answered(request_id, inquired, answer)
            if row is None:
                return False
            self._refuse(row, reason, "ingest")
            return True

    def expire(self, waited_s: float, reason: str) -> None:
        """Move who has not answered for so long, needs_input -> refused."""
        with self._lock:
            since = self._now() - timedelta(seconds=waited_s)
            for row in list(self._requests.values()):
                if row.run.status == "needs_input" and row.history[-1].at < since:
                    row.expired = True
                    self._refuse(row, reason, "repair")

    def untold(self) -> tuple[Attached, ...]:
        """List requests that expired and that `told` was not told of."""
        with self._lock:
            return tuple(
                Attached(request_id, row.asked.correlation_id)
                for request_id, row in self._requests.items()
                if row.expired and not row.told
            )

    def told(self, request_id: str) -> None:
        """Note that the end of an expired request is out."""
        with self._lock:
            self._requests[request_id].told = True

    def _answered(self, request_id: str, inquired: Inquiry, answer: str) -> Any:
        row = self._requests.get(request_id)
        is_open = row is not None and row.run.status == "needs_input"
        if not is_open or row.rounds[-1] != Round(inquired):
            return None
        row.rounds[-1] = Round(inquired, answer)
        return row

    def _refuse(self, row: Any, reason: str, stage: str) -> None:
        row.run = replace(row.run, status="refused", reason=reason, finished_at=self._now())
        row.error_stage = stage
        self._enter(row, stage)


def _who(request: Request) -> tuple[str, str, str]:
    return request.student_id, request.organization_id, request.environment
