"""Books and questions are embedded here: admitted by the ledger, asked once, kept, settled.

admit ──► embed ──► keep ──► settle        a batch; what was kept before is not asked for again
          paid      a later run finds it
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from shared.deadline import left_s
from shared.embedding.ports import (
    Embedded,
    EmbeddingModel,
    NoVectors,
    Use,
    Vectors,
)
from shared.embedding.settings import EmbeddingSettings
from shared.embedding.texts import batches, texts
from shared.errors import Permanent, Transient
from shared.hold import attempt, checkpoint
from shared.lesson.gemini.faults import Gone, NotNow, SetUp
from shared.lesson.gemini.paying import Denied, utc_today
from shared.library.book import Section
from shared.log import log
from shared.spending.ledger import Bill, Call, Caps, Ledger

BATCH_S = 60.0
QUESTION_S = 3.0  # a student waits; full text alone is nearly as good
NEAREST = 40  # passages, of about a dozen sections
_UNLIMITED = 1 << 62
_CHARACTERS_A_TOKEN = 3  # fewer than English has, so that the estimate is high
_WAITS = {
    "busy": "the embedding model was asked too often in this minute",
    "open": "the embedding model is out of order",
    "day-cap": "the day's budget for models is used up",
}


@dataclass(frozen=True, slots=True)
class Embedder:
    """What embedding needs."""

    asked: EmbeddingModel
    vectors: Vectors
    ledger: Ledger
    settings: EmbeddingSettings
    today: Callable[[], date] = utc_today

    @property
    def model(self) -> str:
        """Name what makes the vectors."""
        return self.settings.model

    def check(self) -> None:
        """Raise NoVectors where vectors cannot be kept."""
        if not self.vectors.is_there():
            raise NoVectors

    def embed(self, sections: Sequence[Section]) -> int:
        """See to it that every passage has a vector; gives the number of texts that were paid.

        Raises NoVectors and SetUp, which an operator must put right, and Transient.
        """
        self.check()
        wanted = texts(sections)
        missing = self.vectors.missing(self.model, list(wanted))
        unpaid = {name: one for name, one in wanted.items() if name in missing}
        for number, batch in enumerate(batches(unpaid, self.settings.texts), 1):
            checkpoint()
            self._batch(number, batch)
        return len(unpaid)

    def nearest(self, question: str, lesson_id: str) -> tuple[str, ...]:
        """Name the modules whose passages are nearest to a question, nearest first.

        None where that cannot be found out now: full text answers alone, and the log says why.
        """
        try:
            self.check()
            call = self._call("question", [question], lesson_id)
            found = self._paid(call, self.settings.caps, [question], "RETRIEVAL_QUERY", QUESTION_S)
            self._settle(call, found)
            return self.vectors.near(self.model, found.vectors[0], NEAREST)
        except Denied as denied:
            log.warning("Searched by words alone", extra={"why": denied.why})
        except NotNow as fault:
            log.warning("Searched by words alone", extra={"why": str(fault)})
        except (Gone, SetUp, NoVectors) as fault:
            log.error("Searched by words alone", extra={"why": str(fault)})
        return ()

    def _batch(self, number: int, batch: dict[str, str]) -> None:
        call = self._call(f"embed-{number}", list(batch.values()), "")
        # A book belongs to no lesson, and leaves half of each minute's calls to the lessons.
        caps = replace(
            self.settings.caps,
            lesson=_UNLIMITED,
            organisation=_UNLIMITED,
            calls=(self.settings.caps.calls + 1) // 2,
        )
        try:
            found = self._paid(call, caps, list(batch.values()), "RETRIEVAL_DOCUMENT", BATCH_S)
        except Denied as denied:
            raise Transient(_WAITS.get(denied.why, denied.why)) from denied
        # Paid for: kept before it is settled, so that nobody pays again.
        self.vectors.keep(self.model, dict(zip(batch, found.vectors, strict=True)))
        self._settle(call, found)

    def _paid(
        self, call: Call, caps: Caps, asked: list[str], use: Use, timeout_s: float
    ) -> Embedded:
        """Make one call that the ledger admits; raises Denied, NotNow, Gone or SetUp."""
        timeout_s = left_s(timeout_s)
        word = self.ledger.admit(call, caps)
        if word != "granted":
            raise Denied(word)
        one = self.settings.candidate
        try:
            return self.asked.embed(one.model.name, one.location, asked, use, timeout_s)
        except NotNow as fault:
            self.ledger.failed(call, billed=fault.billed, faulty=True)
            raise
        except Permanent:
            self.ledger.failed(call, billed=False, faulty=False)
            raise

    def _call(self, what: str, asked: list[str], lesson_id: str) -> Call:
        model = self.settings.candidate.model
        price = model.price(self.today())
        key, fence = attempt()
        return Call(
            key=key or f"by-hand/{uuid.uuid4().hex}",
            fence=fence,
            kind=f"{what}/{model.name}",
            lesson_id=lesson_id,
            price_version=price.version,
            worst=price.micros(sum(map(len, asked)) // _CHARACTERS_A_TOKEN + len(asked), 0),
        )

    def _settle(self, call: Call, found: Embedded) -> None:
        price = self.settings.candidate.model.price(date.fromisoformat(call.price_version))
        # An answer that counts nothing was still paid for.
        micros = price.micros(found.tokens, 0) if found.tokens else call.worst
        self.ledger.settle(call, Bill(read=found.tokens, micros=micros))
        facts = {"texts": len(found.vectors), "read": found.tokens, "micros": micros}
        log.info("Embedded", extra={"model": self.model, **facts})
