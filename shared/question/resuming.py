"""Take up a request that waited, with its student's answer.

  needs_input --answer--> accepted, with the lesson that is meant now
              --answer--> needs_input, with the next inquiry
              --answer--> refused, when the rounds are used up and nothing can be guessed

The move says which of several answers counts.  What was moved is read again and told from the
rows, so a run that finds the move made, by itself before it died or by nobody else, tells it once
more; a run that finds another answer there tells nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from shared.counted import note_asked_back
from shared.errors import Refused, Superseded, Unreadable
from shared.ports import Services
from shared.question.inquiry import Inquiry, Waiting
from shared.question.message import Answered
from shared.question.understanding import answered
from shared.rows import Request


def resumed(said: Answered, services: Services, identity: Callable[[Request], str]) -> Waiting:
    """Let an answer move its request, and give the request as it stands then.

    Raises Unreadable for an answer to what was never asked, or to what another student was asked;
    Superseded when another answer came first, or none may come any more.
    """
    waiting = _theirs(said, services)
    inquiry = waiting.open
    if inquiry is not None and inquiry.id == said.inquiry_id:
        _move(waiting, inquiry, said.answer, services, identity)
        waiting = _theirs(said, services)
    if waiting.answer_to(said.inquiry_id) != said.answer:
        raise Superseded("this inquiry has its answer, or is over")
    return waiting


def _theirs(said: Answered, services: Services) -> Waiting:
    waiting = services.records.waiting(said.request_id)
    if waiting is None or waiting.answer_to(said.inquiry_id) is None:
        raise _stray("nothing-asked", "answers: must name a question that was asked", said)
    if waiting.request.student_id != said.student_id:
        raise _stray("not-theirs", "student_id: must be who made the request", said)
    return waiting


def _stray(reason: str, text: str, said: Answered) -> Unreadable:
    stray = Unreadable(reason, text, text.partition(":")[0], said.request_id)
    stray.ends_request = False  # the request may be on its way, and is not this message's anyway
    return stray


def _move(
    waiting: Waiting,
    inquiry: Inquiry,
    answer: str,
    services: Services,
    identity: Callable[[Request], str],
) -> None:
    records, request = services.records, waiting.request
    then = len(waiting.rounds) + 1
    try:
        meant = answered(inquiry, answer, request.brief.question, services.library, then)
    except Refused as no:
        records.leave_unclear(inquiry, answer, request.request_id, str(no))
        return
    if isinstance(meant, Inquiry):
        if records.ask_again(inquiry, answer, request.request_id, meant):
            note_asked_back(request, meant.id)
        return
    known = replace(request, understood=meant)
    records.resume(inquiry, answer, known, identity(known))
