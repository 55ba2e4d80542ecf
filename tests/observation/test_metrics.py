"""Every metric counts a line that the pipeline really wrote, and is what the API takes."""

import copy
import re

import pytest
from google.cloud.audit import audit_log_pb2
from google.protobuf import json_format

from tests.observation.files import METRICS, parsed
from tests.observation.filters import is_number, matches, value_of
from tests.observation.played import lines

LABELS = {
    "kind", "modality", "lesson", "outcome", "stage", "of", "reason", "what", "model", "author",
    "service",
}  # fmt: skip
MOST_VALUES = 30  # of one label; ids have as many as there are requests
EXTRACTED = re.compile(r"EXTRACT\(([\w.]+)\)")
# Google's services write the audit log, so this one entry is made up, after its schema.
BY_HAND = {
    "serviceName": "pubsub.googleapis.com",
    "methodName": "google.pubsub.v1.Subscriber.UpdateSubscription",
    "authenticationInfo": {"principalEmail": "somebody@example.org"},
    "requestMetadata": {"callerSuppliedUserAgent": "Mozilla/5.0,gzip(gfe)"},
}
PIPELINES = {name: one for name, one in METRICS.items() if "jsonPayload" in one["filter"]}


def entry(line):
    """Give a line as the platform keeps it."""
    labels = {"service_name": f"vividly-{line['stage']}"}
    return {"resource": {"type": "cloud_run_revision", "labels": labels}, "jsonPayload": line}


def audited(**changes):
    """Give an entry of the audit log."""
    payload = copy.deepcopy(BY_HAND)
    payload["requestMetadata"] |= {
        k: v for k, v in changes.items() if k == "callerSuppliedUserAgent"
    }
    payload["authenticationInfo"] |= {k: v for k, v in changes.items() if k == "principalEmail"}
    return {"log_id": "cloudaudit.googleapis.com/activity", "protoPayload": payload}


def counted(name):
    """Give the entries that a metric counts, of all that was played."""
    return [one for one in map(entry, lines()) if matches(METRICS[name]["filter"], one)]


def extracted(name):
    """Give the field of each label, and of the value where there is one."""
    found = dict(METRICS[name].get("labelExtractors", {}))
    if "valueExtractor" in METRICS[name]:
        found[""] = METRICS[name]["valueExtractor"]
    return {key: EXTRACTED.fullmatch(text)[1] for key, text in found.items()}


@pytest.mark.parametrize("name", METRICS)
def test_it_is_what_the_api_takes(name):
    """Each field, kind and unit, read strictly."""
    metric = parsed("metrics", METRICS[name])

    assert (f"vividly/{name}", True) == (metric.name, len(metric.filter) < 20_000)


@pytest.mark.parametrize(
    ("field", "value"),
    [("filtre", "x"), ("metricDescriptor", {"metricKind": "DELTAS"}), ("filter", 7)],
)
def test_what_the_api_would_drop_is_refused(field, value):
    """gcloud sends a misspelt field, and the API says nothing."""
    with pytest.raises(json_format.ParseError):
        parsed("metrics", {**METRICS["requests_ended"], field: value})


@pytest.mark.parametrize("name", PIPELINES)
def test_the_pipeline_writes_what_it_counts(name):
    """At least one line of a real run passes the filter."""
    assert counted(name)


@pytest.mark.parametrize("name", PIPELINES)
def test_every_line_has_the_fields_that_it_takes(name):
    """A label without a value is an empty one, a distribution without a number counts nothing."""
    fields = extracted(name)
    missing = {
        key
        for one in counted(name)
        for key, path in fields.items()
        if value_of(one, path) in (None, "")
    }
    numbers = {is_number(value_of(one, fields[""])) for one in counted(name) if "" in fields}

    assert (set(), set()) == (missing, numbers - {True})


@pytest.mark.parametrize("name", METRICS)
def test_its_labels_are_few_and_never_ids(name):
    """Each value is a series of its own, and whoever reads metrics may not read who asked."""
    metric = METRICS[name]
    told = {label["key"] for label in metric["metricDescriptor"].get("labels", ())}
    values = {
        key: {str(value_of(one, path)) for one in counted(name)}
        for key, path in extracted(name).items()
        if key
    }

    fields = {path.rpartition(".")[2] for key, path in extracted(name).items() if key}

    assert told == values.keys() <= LABELS
    assert set() == fields - LABELS - {"event", "serviceName"}
    assert [] == [key for key, found in values.items() if len(found) > MOST_VALUES]


@pytest.mark.parametrize("name", METRICS)
def test_a_distribution_has_buckets_and_a_count_has_none(name):
    """Bounds rise."""
    metric = METRICS[name]
    bounds = metric.get("bucketOptions", {}).get("explicitBuckets", {}).get("bounds", [])

    assert ("valueExtractor" in metric) == bool(bounds)
    assert (metric["metricDescriptor"]["valueType"] == "DISTRIBUTION") == bool(bounds)
    assert bounds == sorted(set(bounds))


def test_a_change_by_hand_is_counted():
    """Somebody used the console; the entry is of Google's own shape."""
    json_format.ParseDict(BY_HAND, audit_log_pb2.AuditLog())

    assert matches(METRICS["changes_by_hand"]["filter"], audited())


@pytest.mark.parametrize(
    "known",
    [
        {"callerSuppliedUserAgent": "google-cloud-sdk gcloud/528.0.0 environment/vividly-deploy"},
        {"principalEmail": "service-17@gcf-admin-robot.iam.gserviceaccount.com"},
    ],
    ids=["deploy.sh", "Google's own"],
)
def test_what_deploy_sh_does_is_no_change_by_hand(known):
    """Nor what Google's services do for it."""
    assert not matches(METRICS["changes_by_hand"]["filter"], audited(**known))


@pytest.mark.parametrize(
    "text",
    ["jsonPayload.event=stage_ended", 'jsonPayload.event="x" jsonPayload.stage="y"', "AND", '"x"',
     'a="b" &', 'a="b" OR', "a=("],
)  # fmt: skip
def test_a_filter_that_is_not_understood_raises(text):
    """So none passes here by being misread."""
    with pytest.raises(ValueError, match=r"wanted|not understood"):
        matches(text, {})


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ('a="x" AND b>1', True),
        ('a="x" AND b>2', False),
        ('a="y" OR b>=2', True),
        ('a=("y" OR "x")', True),
        ('NOT a="x"', False),
        ('NOT (a="y" OR b<2)', True),
        ('a=~"^[xyz]$"', True),
        ('a:"X"', True),
        ('c="x"', False),
        ("a>1", False),
        ('d.e="f"', True),
        ('log_id("l") AND b<=2', True),
    ],
)
def test_the_filters_mean_what_cloud_logging_means(text, passes):
    """Comparisons, brackets, and that text is no number."""
    assert passes == matches(text, {"log_id": "l", "a": "x", "b": 2, "d": {"e": "f"}})
