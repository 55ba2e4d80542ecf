"""One paid answer: admitted, asked, stored, settled; each step fit to be met again.

admit ──► ask ──► store draft-n.json ──► settle
          paid    a later run adopts it  a later run settles it
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from shared.deadline import left_s
from shared.hold import attempt, checkpoint
from shared.lesson.gemini import drafts
from shared.lesson.gemini.drafts import Stored
from shared.lesson.gemini.faults import Gone, NotNow, SetUp
from shared.lesson.gemini.model import Model, Prompt
from shared.lesson.gemini.reply import Used, used
from shared.lesson.gemini.settings import GeminiSettings
from shared.log import log
from shared.ports import Objects
from shared.spending.ledger import Bill, Call, Ledger, Verdict
from shared.spending.models import Candidate, models

MOST_CALL_S = 90.0
AFTERWARDS_S = 35.0  # what storing, judging and recording may take, at the worst
LEAST_CALL_S = 20.0  # less than most answers take: not worth its money
_CHARACTERS_A_TOKEN = 3  # fewer than English has, so that the estimate is high


class Denied(Exception):
    """A call that may not be made now; `why` is the ledger's word, `late` or `no-model`."""

    def __init__(self, why: Verdict | str) -> None:
        super().__init__(why)
        self.why = why


def utc_today() -> date:
    """Tell the day by which prices are chosen."""
    return datetime.now(UTC).date()


@dataclass(frozen=True, slots=True)
class Purse:
    """What a paid call needs."""

    model: Model
    ledger: Ledger
    objects: Objects
    settings: GeminiSettings
    today: Callable[[], date] = utc_today

    def answer(self, lesson_id: str, number: int, version: str, prompt: Prompt) -> Stored:
        """Give the answer to a prompt, paid for now or before.

        Raises Denied, and NotNow or SetUp from the model.
        """
        stored = drafts.find(self.objects, lesson_id, number)
        if stored is None:
            stored = self._asked(lesson_id, number, version, prompt)
        self._settle(stored)
        return stored

    def _asked(self, lesson_id: str, number: int, version: str, prompt: Prompt) -> Stored:
        for candidate in self.settings.candidates:
            call = self._call(lesson_id, number, candidate, prompt)
            timeout_s = _time_for_a_call()
            checkpoint()
            name, location = candidate.model.name, candidate.location
            word = self.ledger.admit(call, self.settings.caps)
            if word != "granted":
                raise Denied(word)
            try:
                reply = self.model.ask(name, location, prompt, timeout_s)
            except Gone:
                self.ledger.failed(call, billed=False, faulty=False)
                log.error("A model is gone", extra={"model": name})
                continue
            except SetUp:
                self.ledger.failed(call, billed=False, faulty=False)
                raise
            except NotNow as fault:
                log.warning("A call failed", extra={"model": name, "why": str(fault)})
                self.ledger.failed(call, billed=fault.billed, faulty=True)
                raise
            # Paid for: stored before anything looks into it, so that nobody pays again.
            answer = Stored(name, location, version, call, json.loads(reply))
            return drafts.store(self.objects, lesson_id, number, answer)
        raise Denied("no-model")

    def _call(self, lesson_id: str, number: int, candidate: Candidate, prompt: Prompt) -> Call:
        price = candidate.model.price(self.today())
        letters = len(prompt.system) + len(prompt.contents) + len(json.dumps(prompt.schema))
        key, fence = attempt()
        return Call(
            key=key or f"by-hand/{uuid.uuid4().hex}",
            fence=fence,
            kind=f"draft-{number}/{candidate.model.name}",
            lesson_id=lesson_id,
            price_version=price.version,
            worst=price.micros(letters // _CHARACTERS_A_TOKEN, prompt.most_tokens),
        )

    def _settle(self, answer: Stored) -> None:
        tokens = used(answer.raw)
        bill = _bill(answer, tokens)
        self.ledger.settle(answer.call, bill)
        facts = {"model": answer.model, "prompt": answer.prompt, "cost_micros": bill.micros}
        counts = {
            "tokens_read": tokens.read,
            "tokens_written": tokens.written,
            "tokens_thought": tokens.thought,
        }
        log.info("Settled a call", extra={**facts, **counts})


def _time_for_a_call() -> float:
    """Give a call half of what is left for calls: a slow answer may take its limit twice."""
    left = (left_s(2 * MOST_CALL_S + AFTERWARDS_S) - AFTERWARDS_S) / 2
    if left < LEAST_CALL_S:
        raise Denied("late")
    return left


def _bill(answer: Stored, tokens: Used) -> Bill:
    """Work out the cost at the price of the day on which the call was made."""
    model = models()[answer.model]
    price = model.price(date.fromisoformat(answer.call.price_version))
    written = tokens.written + tokens.thought
    # A reply that counts nothing was still paid for.
    micros = price.micros(tokens.read, written) if tokens.tokens else answer.call.worst
    return Bill(tokens.read, tokens.written, tokens.thought, micros)
