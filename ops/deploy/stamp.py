"""Stamp a metric, policy or dashboard with the hash of its file.  a file of ops/ -> its JSON.

By the stamp a later deployment knows that nothing changed, and changes nothing.

    python3 ops/deploy/stamp.py metrics|policies|dashboards FILE HASH [ETAG]
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any


def stamped(kind: str, content: dict[str, Any], stamp: str) -> dict[str, Any]:
    """Put the stamp where the kind has room for it."""
    if kind == "metrics":
        return {**content, "description": f"{content.get('description', '')} [{stamp}]".strip()}
    labels = "userLabels" if kind == "policies" else "labels"
    return {**content, labels: {**content.get(labels, {}), "source": stamp}}


def main(kind: str, file: str, stamp: str, etag: str = "") -> str:
    """Give the file's content with its stamp, and with the version that it replaces."""
    content = stamped(kind, json.loads(Path(file).read_text("utf-8")), stamp)
    return json.dumps({**content, "etag": etag} if etag else content)


if __name__ == "__main__":
    sys.stdout.write(main(*sys.argv[1:]))
