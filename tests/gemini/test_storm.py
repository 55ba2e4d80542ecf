"""A quota storm: five hundred lessons at once, and a service that answers nobody."""

from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush

import pytest

from shared.errors import Transient
from shared.lesson.gemini.author import GeminiAuthor
from shared.lesson.gemini.faults import NotNow
from shared.lesson.gemini.paying import Purse
from tests.fakes.ledger import MemoryLedger
from tests.fakes.objects import MemoryObjects
from tests.gemini.desk import TODAY, Quoting, settings
from tests.lesson import materials

LESSONS = 500
MINUTE = timedelta(seconds=60)
AGAIN = timedelta(seconds=10)
HOURS = timedelta(hours=2)
RICH = {"GEMINI_USD_A_DAY": "1000", "GEMINI_USD_A_DAY_AND_ORGANISATION": "1000"}


class Clock:
    """A time that only a test moves."""

    def __init__(self):
        self.now = datetime(2026, 11, 28, tzinfo=UTC)

    def __call__(self):
        return self.now


class Exhausted:
    """A model that is short of capacity until a moment, and then writes nonsense."""

    def __init__(self, clock, until):
        self._clock, self._until, self.times = clock, until, []

    def ask(self, name, location, prompt, timeout_s):
        self.times.append(self._clock.now)
        if self._clock.now < self._until:
            raise NotNow("429 RESOURCE_EXHAUSTED", billed=False)
        return b"{}"


def storm(lessons, outage, **variables):
    """Deliver every lesson until it has a plan; gives the model's times and the end."""
    clock = Clock()
    model = Exhausted(clock, clock.now + outage)
    ledger = MemoryLedger(clock)
    purse = Purse(model, ledger, MemoryObjects(), settings(**RICH, **variables), lambda: TODAY)
    author = GeminiAuthor(purse, Quoting())
    brief, material = materials.brief("poetry"), materials.material()
    waiting = [(clock.now, f"{n:032x}") for n in range(lessons)]
    began = clock.now
    while waiting:
        at, lesson_id = heappop(waiting)
        clock.now = max(clock.now, at)
        try:
            author.write(lesson_id, brief, material)
        except Transient:
            heappush(waiting, (clock.now + AGAIN, lesson_id))
    return model.times, clock.now - began


def most_in_a_minute(times):
    return max(sum(one <= other < one + MINUTE for other in times) for one in times)


@pytest.mark.parametrize("calls", [10, 60])
def test_a_storm_makes_few_calls(calls):
    """The breaker opens at once, and its probes are rare; the book's lessons go out."""
    times, took = storm(LESSONS, HOURS, GEMINI_CALLS_A_MINUTE=str(calls))

    assert (True, True) == (most_in_a_minute(times) <= calls, took < MINUTE)


def test_answers_keep_to_the_rate():
    """A service that answers is not asked more often than the setting says."""
    times, _ = storm(40, timedelta(0), GEMINI_CALLS_A_MINUTE="20")

    assert (80, True) == (len(times), most_in_a_minute(times) <= 20)
