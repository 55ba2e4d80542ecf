"""Compare this machine's clock with a server's.  a URL -> by how many seconds ours is ahead.

Any answer will do, a refusal as well: each has a date.

    python3 ops/deploy/clock.py BASE-URL
"""

from __future__ import annotations

import sys
import time
import urllib.error
import urllib.request
from email.utils import parsedate_to_datetime


def ahead_s(base: str) -> int:
    """Ask once, whatever the answer says: its Date is what counts; raises OSError."""
    try:
        with urllib.request.urlopen(base, timeout=10) as answer:  # noqa: S310 - Google's own address, or the tests'
            told = answer.headers["Date"]
    except urllib.error.HTTPError as refusal:
        told = refusal.headers["Date"]
    return round(time.time() - parsedate_to_datetime(told).timestamp())


if __name__ == "__main__":
    try:
        sys.stdout.write(f"{ahead_s(sys.argv[1])}\n")
    except OSError as fault:
        sys.exit(f"{sys.argv[1]} does not answer, so its clock is unknown: {fault}")
