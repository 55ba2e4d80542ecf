"""Alerts and dashboards: read strictly, made of metrics that there are, each with its way out."""

import re

import pytest
from google.protobuf import json_format

from shared.lesson.gemini.settings import read_gemini
from shared.limits import FUNCTIONS, MAX_CONNECTIONS
from tests.gemini.desk import TODAY
from tests.observation.conditions import seconds
from tests.observation.files import (
    DASHBOARDS,
    METRICS,
    POLICIES,
    USER,
    filters,
    metric_of,
    parsed,
)
from tests.project.import_closure import ROOT

PLATFORM = {
    "pubsub.googleapis.com/subscription/oldest_unacked_message_age",
    "pubsub.googleapis.com/subscription/num_undelivered_messages",
    "pubsub.googleapis.com/subscription/dead_letter_message_count",
    "run.googleapis.com/container/instance_count",
    "run.googleapis.com/request_count",
    "cloudsql.googleapis.com/database/postgresql/num_backends",
    "cloudsql.googleapis.com/database/disk/utilization",
}
AGREED = {
    "dead-letters", "queue-age", "backlog", "oldest-open-request", "nothing-completed",
    "stage-failures", "parked-work", "repair-silent", "instances-at-limit", "database-connections",
    "database-disk", "model-throttled", "canary-failed", "slo-fast-burn", "slo-slow-burn",
    "spend-a-day", "deploy-drift",
}  # fmt: skip
RUNBOOK = ROOT / "ops" / "runbook.md"
MOST_ALIGNED_S = 90_000  # as the API's own description says of alerts
SEVERITIES = {"CRITICAL", "ERROR", "WARNING"}
WATCHED = {**POLICIES, **DASHBOARDS}


def anchor(policy):
    """Give the section of the runbook that an alert names."""
    return re.search(r"ops/runbook\.md#([\w-]+)$", policy["documentation"]["content"])[1]


def sections():
    """Give the runbook's anchors, as headings make them."""
    headings = re.findall(r"^#+ (.+)$", RUNBOOK.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in headings}


@pytest.mark.parametrize("name", POLICIES)
def test_an_alert_is_what_the_api_takes(name):
    """Each field, enumeration and duration, read strictly."""
    assert parsed("policies", POLICIES[name]).display_name


@pytest.mark.parametrize("name", DASHBOARDS)
def test_a_dashboard_is_what_the_api_takes(name):
    """Each field and enumeration, read strictly."""
    assert parsed("dashboards", DASHBOARDS[name]).display_name


@pytest.mark.parametrize(
    ("field", "value"),
    [("severity", "HIGH"), ("tresholdValue", 1), ("combiner", "ORS"), ("conditions", [{"x": 1}])],
)
def test_what_the_api_would_drop_is_refused(field, value):
    """gcloud sends it, and nobody hears of it until nobody is woken."""
    with pytest.raises(json_format.ParseError):
        parsed("policies", {**POLICIES["queue-age"], field: value})


@pytest.mark.parametrize("name", POLICIES)
def test_an_alert_says_how_bad_it_is_and_what_to_do(name):
    """Its severity, a label by which the deployment finds it, and a section of the runbook."""
    policy = POLICIES[name]

    assert ({"app": "vividly"}, True) == (policy["userLabels"], policy["severity"] in SEVERITIES)
    assert anchor(policy) in {name, "slo-slow-burn"}


@pytest.mark.parametrize("name", POLICIES)
def test_the_runbook_has_its_section(name):
    """Whoever is woken finds what it means, how to see it and how to mend it."""
    assert anchor(POLICIES[name]) in sections()


def test_every_alert_is_there():
    """None that was agreed is missing, and no two have one name."""
    names = [policy["displayName"] for policy in POLICIES.values()]

    assert POLICIES.keys() >= AGREED
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", POLICIES)
def test_an_alert_keeps_within_what_monitoring_allows(name):
    """Six conditions, windows of 25 hours, and 60 s where missing data counts."""
    conditions = POLICIES[name]["conditions"]
    bodies = [one.get("conditionThreshold") or one["conditionAbsent"] for one in conditions]
    windows = [seconds(how["alignmentPeriod"]) for one in bodies for how in one["aggregations"]]
    missing = [seconds(one["duration"]) for one in bodies if "evaluationMissingData" in one]

    assert (True, True) == (len(conditions) <= 6, max(windows) <= MOST_ALIGNED_S)
    assert [] == [one for one in missing if one < 60]


@pytest.mark.parametrize("name", WATCHED)
def test_every_metric_it_names_is_there(name):
    """Ours are in ops/metrics, the others the platform's; both with a resource."""
    named = [metric_of(where) for where in filters(WATCHED[name])]
    ours = {f"{USER}{metric['name']}" for metric in METRICS.values()}

    assert [] == [metric for metric in named if metric not in ours | PLATFORM]
    assert all('resource.type="' in where for where in filters(WATCHED[name]))


@pytest.mark.parametrize("name", WATCHED)
def test_every_label_it_names_is_one_of_the_metrics(name):
    """A label that a metric does not have chooses nothing."""
    wrong = []
    for where in filters(WATCHED[name]):
        metric = METRICS.get(metric_of(where).removeprefix(f"{USER}vividly/"))
        if metric is not None:
            told = {label["key"] for label in metric["metricDescriptor"].get("labels", ())}
            wrong += set(re.findall(r"metric\.labels\.(\w+)", where)) - told
    assert [] == wrong


def test_every_metric_is_looked_at():
    """One that no alert and no chart names would only cost."""
    named = {metric_of(where) for one in WATCHED.values() for where in filters(one)}

    assert set() == {f"{USER}{metric['name']}" for metric in METRICS.values()} - named


def test_each_function_is_watched_at_its_own_limit():
    """The numbers are those of shared/limits.py."""
    watched = {
        name: condition["conditionThreshold"]["thresholdValue"] + 0.5
        for condition in POLICIES["instances-at-limit"]["conditions"]
        for name in re.findall(r'"vividly-(\w+)"', condition["conditionThreshold"]["filter"])
    }

    assert {name: one.instances for name, one in FUNCTIONS.items()} == watched


def test_the_database_is_watched_at_its_own_limit():
    """80 % of the connections that it is made with."""
    (condition,) = POLICIES["database-connections"]["conditions"]

    assert 0.8 * MAX_CONNECTIONS == condition["conditionThreshold"]["thresholdValue"]


def test_spending_is_told_before_the_cap():
    """80 % of what may be spent a day where nobody says otherwise."""
    (condition,) = POLICIES["spend-a-day"]["conditions"]
    cap = read_gemini({}, [], TODAY).caps.day

    assert 0.8 * cap == condition["conditionThreshold"]["thresholdValue"]


def test_charts_do_not_overlap():
    """Each has its place."""
    tiles = DASHBOARDS["pipeline"]["mosaicLayout"]["tiles"]
    places = {(tile["xPos"], tile["yPos"]) for tile in tiles}

    assert len(tiles) == len(places) == len({tile["widget"]["title"] for tile in tiles})
    assert all(tile["xPos"] + tile["width"] <= 48 for tile in tiles)
