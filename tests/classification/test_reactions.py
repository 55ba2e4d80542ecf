"""Whatever the work raises, the spine has exactly one reaction, the one that the table names."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.errors import Busy, PipelineError, Transient
from shared.hold import Work, take
from shared.limits import CLAIM_ATTEMPTS, FUNCTIONS
from shared.stage import digest
from tests.classification.deliveries import ASKED, LESSON, Deliveries, raising, succeeding
from tests.classification.stubs import CALLS
from tests.classification.table import LAST_ATTEMPT, REACTIONS, meaning, reaction
from tests.classification.thrown import ALL, OF_CLIENTS, OF_OURS, made

# A run that somebody else took over leaves the record alone: it is not part of a plain sequence.
FAULTS = st.sampled_from(ALL)
UNEXPLAINED = [kind for kind in ALL if reaction(kind) == reaction(Exception)]
PYTHONS_BASES = st.sampled_from([Exception, ValueError, KeyError, OSError, RuntimeError])


def after(kind):
    """Give the reaction to the first run that raises this."""
    return Deliveries().deliver(raising(made(kind)))


def test_every_class_has_the_reaction_of_its_row():
    """Every class of the clients, of Python and of ours: answer, claim, budget, letter, told."""
    found = {kind: after(kind) for kind in ALL}

    assert {} == {kind: seen for kind, seen in found.items() if seen != reaction(kind)}


@pytest.mark.parametrize("kind", OF_OURS, ids=lambda kind: kind.__name__)
def test_each_of_our_errors_has_one_reaction(kind):
    """The name of an error is its reaction."""
    assert reaction(kind) == after(kind)


@given(st.text("abcdefgh", min_size=1), PYTHONS_BASES, st.booleans())
@settings(max_examples=50)
def test_an_error_that_nobody_ever_heard_of_is_tried_again(name, base, mixed):
    """The table is total: a new class, or one that inherits from two, has a row."""
    bases = (base, Exception) if mixed and base is not Exception else (base,)

    assert reaction(Exception) == Deliveries().deliver(raising(type(name, bases, {})("a text")))


@pytest.mark.parametrize("kind", UNEXPLAINED, ids=lambda kind: kind.__qualname__)
def test_the_fifth_unexplained_fault_is_the_last(kind):
    """Parked, with a dead letter, and everybody who waits is told: acknowledged, nothing lost."""
    deliveries = Deliveries()
    for _ in range(CLAIM_ATTEMPTS - 1):
        assert "redelivered" == deliveries.deliver(raising(made(kind))).answer

    assert LAST_ATTEMPT == deliveries.deliver(raising(made(kind)))


@pytest.mark.parametrize("name", CALLS)
def test_a_client_that_throws_inside_the_work(name):
    """Through the port and through the spine: the reaction is that of what the port makes of it."""
    call, rows = CALLS[name]
    found = {kind: _through(call, made(kind)) for kind in OF_CLIENTS}
    expected = {kind: reaction(meaning(rows, kind)) for kind in OF_CLIENTS}

    assert {} == {kind: seen for kind, seen in found.items() if seen != expected[kind]}


def _through(call, error):
    def work(event, services):
        call(error)
        return []

    return Deliveries().deliver(work)


@given(st.lists(FAULTS, max_size=12))
@settings(max_examples=150)
def test_any_sequence_of_faults_ends_where_the_table_says(kinds):
    """Nothing is acknowledged before it has its end; a parked end has its dead letter."""
    deliveries = Deliveries()
    spent = 0
    for kind in kinds:
        expected = reaction(kind)
        spent += expected.spends
        last = deliveries.deliver(raising(made(kind)))
        if last.answer == "acknowledged":
            break
        assert (spent, expected.state) == (last.spends, last.state)
    else:
        last = deliveries.deliver(succeeding)

    assert "acknowledged" == last.answer
    assert last.state in ("completed", "failed", "parked")
    assert (last.state == "parked") <= last.dead_letter
    assert (last.state in ("failed", "parked")) <= ("failed" in deliveries.told)


@given(st.lists(st.sampled_from([one for one in ALL if reaction(one).spends == 0]), max_size=40))
@settings(max_examples=50)
def test_no_number_of_transient_faults_parks_anything(kinds):
    """An outage, however long its list of errors, ends completed."""
    deliveries = Deliveries()
    for kind in kinds:
        deliveries.deliver(raising(made(kind)))

    assert "completed" == deliveries.deliver(succeeding).state


@given(st.integers(1, 30))
@settings(max_examples=20)
def test_busy_costs_no_attempt(times):
    """However often a duplicate meets a live run, the record stays as that run wrote it."""
    deliveries = Deliveries()
    asked = Work(ASKED.key, "script", LESSON, digest(ASKED.business()))
    before = take(deliveries.services.claims, asked, FUNCTIONS["script"], lambda: 0.0).claim
    for _ in range(times):
        answer = deliveries.answer(succeeding)  # no time passes: the lease lives
        assert ("redelivered", Busy) == (answer, type(deliveries.raised))

    assert before == deliveries.claim


def test_what_is_raised_is_what_the_work_raised():
    """The platform's log shows the fault itself."""
    fault = Transient("later")
    deliveries = Deliveries()
    deliveries.deliver(raising(fault))

    assert deliveries.raised is fault


def test_every_error_of_ours_has_a_row_of_its_own():
    """A new error class must say what is to be done about it."""
    rows = {kind for kinds, _ in REACTIONS for kind in kinds}
    questions = {"Conflict", "Missing", "PipelineError"}  # whoever asked answers them

    assert (
        questions | {"Unnamed"}
        == {  # which only the spine raises
            kind.__name__
            for kind in OF_OURS
            if issubclass(kind, PipelineError)
            and not rows & {*kind.__mro__[: kind.__mro__.index(PipelineError)]}
        }
    )
