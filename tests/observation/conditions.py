"""Alert policies, asked of invented series at one moment.

A series is a list of points (seconds, metric, labels, value), labels as "metric.kind" and
"resource.service_name".  Sums, ratios of sums, greatest values and percentiles of a distribution
are worked out as Cloud Monitoring says it does; how long a condition has to hold is not.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from itertools import pairwise

from tests.observation.files import METRICS, USER, metric_of

TERM = re.compile(
    r"(resource|metric)\.(type|labels\.\w+)="
    r'(?:"([^"]*)"|(one_of|starts_with|has_substring)\(((?:"[^"]*"(?:, )?)+)\))'
)
MEANS = {
    "one_of": lambda found, wanted: found in wanted,
    "starts_with": lambda found, wanted: found.startswith(wanted[0]),
    "has_substring": lambda found, wanted: wanted[0] in found,
}
SIGNS = {"COMPARISON_GT": lambda a, b: a > b, "COMPARISON_LT": lambda a, b: a < b}
ALL = ("",)


def fires(policy, points, now):
    """Tell whether a policy's conditions are met together."""
    met = [violated(one, points, now) for one in policy["conditions"]]
    if policy["combiner"] == "AND_WITH_MATCHING_RESOURCE":
        return bool(set.intersection(*met))
    return (all if policy["combiner"] == "AND" else any)(map(bool, met))


def violated(condition, points, now):
    """Name the groups of series that meet a condition; none where there is no data."""
    if "conditionAbsent" in condition:
        absent = condition["conditionAbsent"]
        seen = [at for at, *_ in chosen(absent["filter"], points) if at <= now]
        return {ALL} if seen and now - max(seen) >= seconds(absent["duration"]) else set()
    limit = condition["conditionThreshold"]
    values = aggregated(limit["filter"], limit["aggregations"], points, now)
    if "denominatorFilter" in limit:
        over = aggregated(limit["denominatorFilter"], limit["denominatorAggregations"], points, now)
        values = {key: values.get(key, 0) / whole for key, whole in over.items() if whole}
    if not values and limit.get("evaluationMissingData") == "EVALUATION_MISSING_DATA_ACTIVE":
        return {ALL} if chosen(limit["filter"], points) else set()
    meets = SIGNS[limit["comparison"]]
    return {key for key, value in values.items() if meets(value, limit["thresholdValue"])}


def chosen(where, points):
    """Give the points that a filter chooses; raises ValueError for one that is not understood."""
    terms = where.split(" AND ")
    read = [TERM.fullmatch(term) for term in terms]
    if not all(read):
        raise ValueError(f"not understood: {where}")
    tests = [
        (f"{one[1]}.{one[2].removeprefix('labels.')}", one[4] or "one_of",
         [one[3]] if one[4] is None else re.findall(r'"([^"]*)"', one[5]))
        for one in read if one[2] != "type"
    ]  # fmt: skip
    metric = metric_of(where)
    return [
        point
        for point in points
        if point[1] in (metric, metric.removeprefix(f"{USER}vividly/"))
        and all(MEANS[how](point[2].get(key, ""), wanted) for key, how, wanted in tests)
    ]


def aggregated(where, aggregations, points, now):
    """Give one number for each group of series."""
    (how,) = aggregations
    since = now - seconds(how["alignmentPeriod"])
    groups = defaultdict(list)
    for at, _, labels, value in chosen(where, points):
        if since < at <= now:
            key = [
                labels.get(name.replace(".label.", "."), "")
                for name in how.get("groupByFields", ())
            ]
            groups[tuple(key) or ALL].append(value)
    combine = COMBINED[how["perSeriesAligner"], how["crossSeriesReducer"]]
    return {key: combine(values, metric_of(where)) for key, values in groups.items()}


def percentile(values, metric):
    """Read the 99th of a hundred from buckets: between a bucket's bounds it is a straight line."""
    bounds = METRICS[metric.removeprefix(f"{USER}vividly/")]["bucketOptions"]["explicitBuckets"][
        "bounds"
    ]
    edges = [0, *bounds, max(bounds) * 2]
    counts = [sum(low <= one < high for one in values) for low, high in pairwise(edges)]
    rank, below = 0.99 * len(values), 0
    for low, high, count in zip(edges, edges[1:], counts, strict=False):
        if count and below + count >= rank:
            return low + (high - low) * (rank - below) / count
        below += count
    return math.inf


COMBINED = {
    ("ALIGN_DELTA", "REDUCE_SUM"): lambda values, _: sum(values),
    ("ALIGN_MAX", "REDUCE_SUM"): lambda values, _: sum(values),  # one point a series here
    ("ALIGN_MAX", "REDUCE_MAX"): lambda values, _: max(values),
    ("ALIGN_PERCENTILE_99", "REDUCE_MAX"): percentile,
}


def seconds(text):
    """Read a duration."""
    return float(text.removesuffix("s"))
