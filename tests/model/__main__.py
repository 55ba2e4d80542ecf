"""Explore the protocol and its broken variants; print each one's counterexample.

python -m tests.model [a part of a variant's name]
"""

from __future__ import annotations

import sys

from tests.model.explore import explore
from tests.model.variants import BROKEN, OURS


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{line}\n")


def main(part: str = "") -> None:
    """Print what there is to see of all variants whose name contains `part`."""
    for name, whole in OURS.items():
        if part in name:
            space = explore(whole.model)
            found = "; ".join(space.wrong) or "nothing wrong"
            say(f"ours, {name}: {space.states} states, {len(space.rests)} at rest, {found}")
    for name, broken in BROKEN.items():
        if part in name:
            space = explore(broken.model, until=broken.breaks)
            say(f"\n{name}: {broken.breaks}, after {space.states} states")
            for step in space.wrong.get(broken.breaks, ["(not found)"]):
                say(f"  {step}")


if __name__ == "__main__":
    main(*sys.argv[1:])
