"""How long a call may take, by what is left of the function's time."""

from shared.deadline import timed_by, within
from shared.lesson.gemini.author import GeminiAuthor
from shared.lesson.gemini.paying import AFTERWARDS_S, LEAST_CALL_S, MOST_CALL_S, Purse
from shared.limits import FUNCTIONS
from tests.fakes.ledger import MemoryLedger
from tests.fakes.objects import MemoryObjects
from tests.gemini.desk import TODAY, Quoting, settings
from tests.lesson import materials

SCRIPT = FUNCTIONS["script"]


class Timed:
    """A model that notes what time it is given, and answers nothing that can be read."""

    def __init__(self):
        self.given_s = []

    def ask(self, name, location, prompt, timeout_s):
        self.given_s.append(timeout_s)
        return b"{}"


def lesson(left_s):
    """Write a lesson with so many seconds left; gives the calls' times and the plan."""
    model = Timed()
    purse = Purse(model, MemoryLedger(), MemoryObjects(), settings(), lambda: TODAY)
    with timed_by(lambda: 0.0), within(left_s):
        plan = GeminiAuthor(purse, Quoting()).write(
            materials.LESSON_ID, materials.brief("poetry"), materials.material()
        )
    return model.given_s, plan


def test_plenty_of_time():
    """No call is given more than the most."""
    times, _ = lesson(1000.0)

    assert [MOST_CALL_S] * 2 == times


def test_a_call_leaves_time_for_the_rest():
    """Even one that takes its limit twice."""
    times, _ = lesson(150.0)

    assert 150.0 == 2 * times[0] + AFTERWARDS_S


def test_too_late_for_a_call():
    """The book's lesson goes out, and says why."""
    times, plan = lesson(2 * LEAST_CALL_S + AFTERWARDS_S - 1)

    assert ([], True) == (times, "no time left for the writing model" in plan.notes[-1])


def test_the_rest_fits_behind_the_work_deadline():
    """What comes after the calls has the time that no work may begin in."""
    assert AFTERWARDS_S >= SCRIPT.timeout_s - SCRIPT.work_deadline_s
