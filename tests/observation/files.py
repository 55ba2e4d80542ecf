"""What `ops/` says is to be watched, and how strictly it is read."""

from __future__ import annotations

import json
import re

from google.cloud import monitoring_dashboard_v1, monitoring_v3
from google.cloud.logging_v2.types import LogMetric
from google.protobuf import json_format

from tests.project.import_closure import ROOT

KINDS = {
    "metrics": LogMetric,
    "policies": monitoring_v3.AlertPolicy,
    "dashboards": monitoring_dashboard_v1.Dashboard,
}
USER = "logging.googleapis.com/user/"


def read(kind):
    """Read each file of a kind, by its name."""
    return {
        file.stem: json.loads(file.read_text("utf-8"))
        for file in sorted((ROOT / "ops" / kind).glob("*.json"))
    }


def parsed(kind, content):
    """Read a file as the API does, but strictly: raises for any field or word it does not know."""
    return json_format.ParseDict(content, KINDS[kind].pb(KINDS[kind]()))


def filters(content):
    """Give every filter in a file, however deep."""
    if isinstance(content, dict):
        for name, value in content.items():
            if name in ("filter", "denominatorFilter"):
                yield value
            else:
                yield from filters(value)
    elif isinstance(content, list):
        for one in content:
            yield from filters(one)


def metric_of(where):
    """Name the metric that a filter chooses."""
    return re.search(r'metric\.type="([^"]+)"', where)[1]


METRICS, POLICIES, DASHBOARDS = (read(kind) for kind in KINDS)
