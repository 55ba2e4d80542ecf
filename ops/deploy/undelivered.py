"""Count the messages that wait.  Monitoring's newest points -> one number.

The token comes through standard input: what stands on a command line, everybody can read.

    gcloud auth print-access-token | python3 ops/deploy/undelivered.py BASE-URL PROJECT
"""

from __future__ import annotations

import json
import sys
import urllib.parse
import urllib.request
from datetime import UTC, datetime, timedelta

METRIC = "pubsub.googleapis.com/subscription/num_undelivered_messages"
KEPT = ("-dead-pull", "-canary")  # these are read by people, not by the pipeline


def main(base: str, project: str, token: str) -> int:
    """Ask for the last five minutes of every subscription, and add up the newest points."""
    now = datetime.now(UTC)
    query = urllib.parse.urlencode(
        {
            "filter": f'metric.type="{METRIC}"',
            "interval.startTime": (now - timedelta(minutes=5)).isoformat(),
            "interval.endTime": now.isoformat(),
        }
    )
    asked = urllib.request.Request(  # noqa: S310 - Google's own address, or the tests'
        f"{base}v3/projects/{project}/timeSeries?{query}",
        headers={"Authorization": f"Bearer {token}"},
    )
    with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310 - as above
        series = json.load(answer).get("timeSeries", [])
    return sum(
        int(one["points"][0]["value"]["int64Value"])
        for one in series
        if not one["resource"]["labels"]["subscription_id"].endswith(KEPT)
    )


if __name__ == "__main__":
    try:
        sys.stdout.write(f"{main(sys.argv[1], sys.argv[2], sys.stdin.read().strip())}\n")
    except OSError as fault:
        sys.exit(f"Monitoring does not tell what waits: {fault}")
