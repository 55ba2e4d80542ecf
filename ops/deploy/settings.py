"""Read an environment's settings as the functions read them.  NAME=value::… -> one problem a line.

Runs with any plain `python3`: nothing that it imports needs a package.

    printf 'A=1::B=2' | python3 ops/deploy/settings.py
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from shared import config
from shared.spending.models import warnings


def problems(variables: Mapping[str, str]) -> list[str]:
    """List what the functions would refuse, and models that will soon be gone."""
    found: list[str] = []
    for read in (config.read, config.access):
        try:
            read(variables)
        except config.BadSettings as told:
            found += str(told).splitlines()[1:]
    if variables.get("AUTHOR") == "gemini" and not found:
        asked = config.gemini(variables).candidates
        found += warnings(asked, datetime.now(UTC).date())
    return list(dict.fromkeys(found))


if __name__ == "__main__":
    pairs = (pair.partition("=") for pair in sys.stdin.read().split("::") if pair)
    sys.stdout.writelines(f"{one}\n" for one in problems({name: value for name, _, value in pairs}))
