"""When the breaker opens, and how it closes again."""

from datetime import UTC, datetime, timedelta

from shared.spending.breaker import (
    FEWEST_FAULTS,
    FIRST_OPEN_S,
    MOST_OPEN_S,
    PROBE,
    WINDOW,
    Breaker,
)

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
OPEN = timedelta(seconds=FIRST_OPEN_S)


def after(faults, answers=0, breaker=None):
    """Tell a breaker of calls at noon."""
    breaker = breaker or Breaker()
    for _ in range(answers):
        breaker = breaker.worked(NOON)
    for _ in range(faults):
        breaker = breaker.failed(NOON)
    return breaker


def test_few_faults():
    """A fault now and then is no outage."""
    assert after(FEWEST_FAULTS - 1).lets_through(NOON)


def test_many_faults_among_more_answers():
    """Nor are many, as long as most calls are answered."""
    assert after(FEWEST_FAULTS, answers=2 * FEWEST_FAULTS).lets_through(NOON)


def test_mostly_faults():
    """It opens, for a while."""
    breaker = after(FEWEST_FAULTS)

    assert (False, True) == (breaker.lets_through(NOON), breaker.lets_through(NOON + OPEN))


def test_faults_of_another_minute():
    """What is long ago does not count."""
    breaker = after(FEWEST_FAULTS - 1).failed(NOON + WINDOW)

    assert breaker.lets_through(NOON + WINDOW)


def test_one_probe():
    """Once its time is over, one call tries and the others wait for it."""
    later = NOON + OPEN
    probing = after(FEWEST_FAULTS).called(later)

    assert (False, True) == (probing.lets_through(later), probing.lets_through(later + PROBE))


def test_a_probe_that_works():
    """Everybody may ask again, and no old fault counts."""
    later = NOON + OPEN

    assert Breaker() == after(FEWEST_FAULTS).called(later).worked(later)


def test_a_probe_that_fails():
    """It stays open for twice as long."""
    later = NOON + OPEN
    breaker = after(FEWEST_FAULTS).called(later).failed(later)

    assert (later + 2 * OPEN, 2 * FIRST_OPEN_S) == (breaker.open_until, breaker.open_s)


def test_a_long_outage():
    """It never waits longer than the most."""
    breaker, now = after(FEWEST_FAULTS), NOON
    for _ in range(10):
        now = breaker.open_until
        breaker = breaker.called(now).failed(now)

    assert timedelta(seconds=MOST_OPEN_S) == breaker.open_until - now


def test_calls_that_were_out_when_it_opened():
    """They tell nothing new."""
    breaker = after(FEWEST_FAULTS)

    assert breaker == breaker.failed(NOON)
