"""Every failpoint x {kill before, kill after, answer lost, stop and take over}, in real processes.

Each lesson of a run is hit once in each of its stages; whatever hit it, its request ends once, its
work is done once, and its history is true.  One stack serves them all, several lessons at a time.

Books are hit as well.  `repair` is not: it holds no claim, and what it looks for stands still for
minutes; that it dies at any of its calls is played on fakes, by `tests/repair/test_deaths.py`.
"""

from __future__ import annotations

import itertools
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from local.failpoints import Strike
from tests.crash.books import BOOK_CASES, BOOK_POINTS, Shelved, shelve
from tests.crash.lessons import LATER, SPOKEN, Asked, Reel, answering, later, lead_in, prepare
from tests.crash.play import Rest, play, waits
from tests.crash.points import MATRIX, SOMETIMES, Case, folded
from tests.crash.stand import Stand, stand

AT_ONCE = 10
BOOKS_AT_ONCE = 5
STOPPED_AT_ONCE = 3  # a stopped process takes no other delivery
ENDS = {"refused": "refused", "parked": "failed", "failed": "failed"}
SETTLED = {"parked": ("script", "parked"), "failed": ("render", "failed")}


def strike(case: Case, asked: Asked) -> Strike:
    """Aim a case at a lesson."""
    return Strike(asked.key(case.stage), case.point, case.action)


def bundled(cases: Sequence[Case]) -> Iterator[tuple[Case, ...]]:
    """Put cases together that hit different stages of one story: each stage's work is its own."""
    rows: dict[str, dict[str, list[Case]]] = defaultdict(lambda: defaultdict(list))
    for case in cases:
        rows[case.story][case.stage].append(case)
    for stages in rows.values():
        for together in itertools.zip_longest(*stages.values()):
            yield tuple(filter(None, together))


class Stage:
    """Where the lessons are played."""

    def __init__(self, running: Stand) -> None:
        self._running = running
        self._stops = threading.Semaphore(STOPPED_AT_ONCE)
        self._filmed = threading.Lock()
        self._reel: Reel | None = None
        self.passed_clean: set[str] = set()

    def played(self, cases: tuple[Case, ...]) -> Rest:
        """Play one lesson; all its cases are of one story."""
        asked = self._prepared(cases[0].story)
        strikes = [*lead_in(asked), *(strike(case, asked) for case in cases)]
        if any(case.action == "stop" for case in cases):
            with self._stops:
                return play(self._running, asked, strikes)
        return play(self._running, asked, strikes)

    def shelved(self, n: int, case: Case | None) -> Shelved:
        """Store one book."""
        return shelve(self._running, n, case)

    def passed_by(self, key: str) -> set[str]:
        """List the failpoints that one piece of work passed."""
        return {folded(point) for one, point in self._running.failpoints.passed() if one == key}

    def reel(self) -> Reel:
        """Give what lessons share that need not film each of their scenes."""
        with self._filmed:
            if self._reel is None:
                made = self._clean(prepare(self._running, "video")).asked
                self._reel = Reel.of(self._running.connected.objects, made)
            return self._reel

    def clean(self, story: str) -> Rest:
        """Play a story to which nothing but its lead-in happens."""
        return self._clean(self._prepared(story))

    def _prepared(self, story: str) -> Asked:
        if story in LATER:
            first = prepare(self._running, "text")
            return later(play(self._running, first, ()).asked, story)
        if story == "answered":
            unclear, answer = answering(self._running, story)
            waits(self._running, unclear)
            return answer
        asked = prepare(self._running, story)
        if story in SPOKEN:
            self.reel().lay_out(self._running.connected.objects, asked)
        return asked

    def _clean(self, asked: Asked) -> Rest:
        rest = play(self._running, asked, lead_in(asked))
        keys = set(rest.claims)
        passed = self._running.failpoints.passed()
        self.passed_clean |= {folded(point) for key, point in passed if key in keys}
        return rest


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """Give a running stack."""
    with stand() as running:
        yield Stage(running)


@pytest.fixture(scope="module")
def clean(stage: Stage) -> Mapping[str, Rest]:
    """Play every story once without anything happening."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        rests = {story: pool.submit(stage.clean, story) for story in MATRIX}
        return {story: rest.result() for story, rest in rests.items()}


@pytest.fixture(scope="module")
def rests(stage: Stage, request) -> Mapping[Case, Future[Rest]]:
    """Play all cases of this run."""
    wanted = [item.callspec.params for item in request.session.items if hasattr(item, "callspec")]
    named = (params.get("case") for params in wanted)
    cases = dict.fromkeys(case for case in named if isinstance(case, Case))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        lessons = {cases: pool.submit(stage.played, cases) for cases in bundled(list(cases))}
    return {case: rest for cases, rest in lessons.items() for case in cases}


def test_the_matrix_is_complete(stage, clean):
    """What lessons pass is in the matrix, and what is in the matrix is passed."""
    table = {point for points in MATRIX.values() for point in points}

    assert table == stage.passed_clean - (SOMETIMES - table)


def test_the_request_ends_once(rests, case):
    """It ends as its story does, and whoever asked is told so in one event, however often sent."""
    rest = rests[case].result()

    assert ENDS.get(case.story, "completed") == rest.status
    assert 1 == len(rest.completions)


def test_every_claim_is_settled(rests, case):
    """No work is left half done, and none is done after its end."""
    rest = rests[case].result()
    states = {key: stored.claim.state for key, stored in rest.claims.items()}
    expected = dict.fromkeys(states, "completed")
    if case.story in SETTLED:
        stage, state = SETTLED[case.story]
        expected[rest.asked.key(stage)] = state

    assert expected == states


def test_what_is_recorded_is_what_is_stored(rests, case):
    """Each name has one generation: the one that the row, the claims and the scenes name."""
    rest = rests[case].result()
    named = [one.claim.result.partition(" ")[0] for one in rest.claims.values()]
    generations = dict(name.partition(rest.asked.home)[2].split("#") for name in named if name)

    assert {name: str(rest.objects[name]) for name in generations} == generations
    assert rest.lesson.plan_generation in (0, rest.objects.get("plan.json"))
    assert set(rest.lesson.files.values()) <= {rest.asked.home + name for name in rest.objects}


def test_the_history_is_true(rests, case):
    """Every run has a row with its end, and the row tells what the claim does."""
    rest = rests[case].result()
    key = rest.asked.key(case.stage)
    rows = [(one.fence, one.outcome) for one in rest.attempts if one.key == key]
    history = rest.claims[key].claim.history
    runs = [(past.fence, past.outcome) for past in history]
    if case.stage == "render":  # one that ended after finalize looked is told by its claim alone
        looked = rest.claims[rest.asked.key("finalize")].claim.history[-1].began
        runs = runs[: max(len(rows), sum(past.ended < looked for past in history))]

    assert runs == rows


@pytest.mark.about(lambda case: case.action == "stop")
def test_a_stale_run_changes_nothing(rests, case):
    """What wakes up after another run finished its work writes neither claim nor file."""
    rest = rests[case].result()
    before, after = rest.frozen[rest.asked.key(case.stage)]

    assert before == after


@pytest.fixture(scope="module")
def books(stage: Stage, clean: object, rests: object) -> Mapping[str, Shelved]:
    """Store one book after the other, each to be hit somewhere, when the lessons are at rest."""
    cases = [None, *BOOK_CASES]
    with ThreadPoolExecutor(BOOKS_AT_ONCE) as pool:
        shelved = {str(case): pool.submit(stage.shelved, n, case) for n, case in enumerate(cases)}
        return {case: book.result() for case, book in shelved.items()}


def test_a_books_points_are_complete(stage, books):
    """What a book passes is in its table, and what is in its table is passed."""
    assert set(BOOK_POINTS) == stage.passed_by(books["None"].claim.claim.key)


@pytest.mark.parametrize("hit", BOOK_CASES, ids=str)
def test_a_book_is_read_once(books, hit):
    """It is indexed, its claim is settled, and each of its runs has a row with the claim's end."""
    book = books[str(hit)]
    runs = [(past.fence, past.outcome) for past in book.claim.claim.history]

    assert (1, "completed") == (book.indexed, book.claim.claim.state)
    assert runs == book.attempts
