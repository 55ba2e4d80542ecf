"""When an alert goes off, and when it does not, on invented series."""

import pytest

from tests.observation.conditions import chosen, fires, seconds
from tests.observation.files import POLICIES, metric_of

MINUTE, HOUR, DAY = 60, 3600, 86_400
NOW = 100 * DAY
OBJECTIVE = 0.99  # of requests end within 5 minutes
MONTH = 30 * DAY
BURNS = {"slo-fast-burn": (14.4, 0.02), "slo-slow-burn": (6, 0.05), "slo-ticket": (3, 0.10)}
CUSTOMER, CANARY = {"metric.kind": "customer"}, {"metric.kind": "canary"}


def traffic(share, since_s, until_s=0, every_s=30, labels=CUSTOMER):
    """Invent requests that end every so often, of which a share is late, evenly spread."""
    points, late = [], 0.0
    for back in range(int(since_s), int(until_s), -every_s):
        late += share
        is_late = late >= 1 - 1e-9
        late -= is_late
        told = {**labels, "metric.outcome": "completed"}
        points.append((NOW - back + 1, "requests_ended", told, 1))
        points += [(NOW - back + 1, "requests_late", told, 1)] * is_late
    return points


def burning(points):
    """Name the objectives' alerts that go off now."""
    return {name for name in BURNS if fires(POLICIES[name], points, NOW)}


@pytest.mark.parametrize("name", BURNS)
def test_a_burn_rate_spends_the_share_of_the_month_that_it_says(name):
    """Rate times long window is that share; the threshold is rate times what may fail."""
    rate, share = BURNS[name]
    *ratios, _ = (one["conditionThreshold"] for one in POLICIES[name]["conditions"])
    windows = [seconds(one["aggregations"][0]["alignmentPeriod"]) for one in ratios]

    assert rate * max(windows) / MONTH == pytest.approx(share)
    assert {round(rate * (1 - OBJECTIVE), 4)} == {one["thresholdValue"] for one in ratios}
    assert min(windows) == pytest.approx(max(windows) / 12)


@pytest.mark.parametrize(
    ("share", "alerts"),
    [
        (0, set()),
        (0.009, set()),  # within the objective
        (0.02, set()),  # twice what may be: the month's end tells
        (0.04, {"slo-ticket"}),
        (0.1, {"slo-ticket", "slo-slow-burn"}),
        (0.2, {"slo-ticket", "slo-slow-burn", "slo-fast-burn"}),
        (1, {"slo-ticket", "slo-slow-burn", "slo-fast-burn"}),
    ],
)
def test_a_steady_share_of_late_requests(share, alerts):
    """The worse it is, the more alerts go off."""
    assert alerts == burning(traffic(share, 2 * DAY))


def test_an_outage_wakes_somebody_within_ten_minutes():
    """Everything is late for ten minutes, after a day in which nothing was."""
    points = traffic(0, DAY, 10 * MINUTE) + traffic(1, 10 * MINUTE)

    assert {"slo-fast-burn"} == burning(points)


def test_an_outage_that_is_over_is_silent():
    """The short window forgets it, though the long one remembers."""
    points = traffic(1, HOUR, 10 * MINUTE) + traffic(0, 10 * MINUTE)

    assert "slo-fast-burn" not in burning(points)


def test_one_late_request_at_night_wakes_nobody():
    """All that came was late, and it was one."""
    assert set() == burning(traffic(1, 5 * MINUTE, 4 * MINUTE, every_s=MINUTE))


def test_canaries_do_not_count():
    """Objectives are about those who asked."""
    assert set() == burning(traffic(1, 2 * DAY, labels=CANARY))


def test_without_any_requests_no_objective_is_missed():
    """No share of nothing."""
    assert set() == burning([])


def runs(service, outcome, number):
    """Invent runs of a stage in the last minutes."""
    labels = {"resource.service_name": f"vividly-{service}", "metric.outcome": outcome}
    return [(NOW - 1, "stages_ended", labels, number)]


GOOD = runs("script", "completed", 95)
CASES = {
    # name, what it is about: the points, and whether it goes off
    "stage-failures, a tenth": (GOOD + runs("script", "failed", 10), True),
    "stage-failures, a hundredth": (GOOD + runs("script", "failed", 1), False),
    "stage-failures, all of three": (GOOD + runs("render", "parked", 3), False),
    "parked-work, one": (runs("render", "parked", 1), True),
    "parked-work, none": (GOOD, False),
    "oldest-open-request, 31 minutes": ([(NOW - 30, "oldest_open_seconds", {}, 1860)], True),
    "oldest-open-request, 29 minutes": ([(NOW - 30, "oldest_open_seconds", {}, 1740)], False),
    "oldest-open-request, lost": ([(NOW - 30, "requests_lost", CUSTOMER, 1)], True),
    "spend-a-day, 16.5 USD": ([(NOW - 30, "spent_today_micros", {}, 16_500_000)], True),
    "spend-a-day, 15.5 USD": ([(NOW - 30, "spent_today_micros", {}, 15_500_000)], False),
    "repair-silent, each minute": (
        [(NOW - n * MINUTE, "repair_ticks", {}, 1) for n in range(60)], False),
    "repair-silent, for six minutes": (
        [(NOW - n * MINUTE, "repair_ticks", {}, 1) for n in range(6, 60)], True),
    "canary-failed, each in time": (
        [(NOW - n * 10 * MINUTE, "requests_ended", CANARY | {"metric.outcome": "refused"}, 1)
         for n in range(9)], False),
    "canary-failed, one": (
        [(NOW - n * 10 * MINUTE, "requests_ended",
          CANARY | {"metric.outcome": "failed" if n == 1 else "completed"}, 1)
         for n in range(9)], False),
    "canary-failed, two": (
        [(NOW - n * 10 * MINUTE, "requests_ended",
          CANARY | {"metric.outcome": "failed" if n < 2 else "completed"}, 1)
         for n in range(9)], True),
    "canary-failed, none for 40 minutes": (
        [(NOW - 40 * MINUTE, "requests_ended", CANARY | {"metric.outcome": "completed"}, 1)], True),
    "canary-failed, customers only": (
        [(NOW - 40 * MINUTE, "requests_ended", CANARY | {"metric.outcome": "completed"}, 1),
         *traffic(0, HOUR)], True),
    "nothing-completed, nothing asked": (traffic(0, 3 * HOUR, 2 * HOUR), False),
    "nothing-completed, asked and answered": (
        [*traffic(0, HOUR), (NOW - 60, "requests_accepted", CUSTOMER, 9)], False),
    "nothing-completed, asked in vain": (
        [*traffic(0, 3 * HOUR, 2 * HOUR), (NOW - 60, "requests_accepted", CUSTOMER, 9)], True),
    "nothing-completed, all failed": (
        [*traffic(0, 3 * HOUR, 2 * HOUR), (NOW - 60, "requests_accepted", CUSTOMER, 9),
         (NOW - 60, "requests_ended", CUSTOMER | {"metric.outcome": "failed"}, 9)], True),
    "dead-letters, a sender's mistake": (
        [(NOW - 60, "dead_letters", {"metric.reason": "not-json"}, 3)], False),
    "dead-letters, many mistakes": (
        [(NOW - 60, "dead_letters", {"metric.reason": "not-json"}, 30)], True),
    "dead-letters, ours": (
        [(NOW - 60, "dead_letters", {"metric.reason": "attempts-used-up"}, 1)], True),
    "model-throttled, half": (
        [(NOW - 60, "model_throttled", {}, 10), (NOW - 60, "model_calls", {}, 20)], True),
    "model-throttled, a tenth": (
        [(NOW - 60, "model_throttled", {}, 10), (NOW - 60, "model_calls", {}, 100)], False),
    "queue-age, 16 minutes": (
        [(NOW - 30, "pubsub.googleapis.com/subscription/oldest_unacked_message_age",
          {"resource.subscription_id": "eventarc-us-central1-vividly-render-1-sub-2"}, 960)], True),
    "queue-age, letters that people read": (
        [(NOW - 30, "pubsub.googleapis.com/subscription/oldest_unacked_message_age",
          {"resource.subscription_id": "render-dead-pull"}, 99_999)], False),
    "instances-at-limit, all of render's": (
        [(NOW - 30, "run.googleapis.com/container/instance_count",
          {"resource.service_name": "vividly-render", "metric.state": "active"}, 50)], True),
    "instances-at-limit, as many idle ones": (
        [(NOW - 30, "run.googleapis.com/container/instance_count",
          {"resource.service_name": "vividly-render", "metric.state": "idle"}, 50)], False),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_an_alert_goes_off_when_it_should(case):
    """And not when it should not."""
    points, goes_off = CASES[case]

    assert goes_off == fires(POLICIES[case.partition(",")[0]], points, NOW)


def test_a_filter_that_is_not_understood_raises():
    """So no alert is judged by a filter that was misread."""
    with pytest.raises(ValueError, match="not understood"):
        chosen('metric.type="x" OR metric.labels.kind="y"', [])


def test_every_alert_of_ours_was_judged():
    """Those on the platform's numbers alone need no more than their threshold."""
    ours = {
        name
        for name, policy in POLICIES.items()
        for one in policy["conditions"]
        if "/user/"
        in metric_of((one.get("conditionThreshold") or one["conditionAbsent"])["filter"])
    }

    assert (
        ours - {"deploy-drift"} == {case.partition(",")[0] for case in CASES} & ours | BURNS.keys()
    )
