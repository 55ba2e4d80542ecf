"""A stack in a process of its own, for as long as its standard input stays open."""

from __future__ import annotations

import sys
from pathlib import Path

from local.addresses import FUNCTIONS, Addresses
from local.stack import Stack, Wish

HURRIED = Path(__file__).parent / "hurried"
TICK_S = 10.0

if __name__ == "__main__":
    folder, first_port = sys.argv[1:]
    wish = Wish(
        Path(folder),
        Addresses(int(first_port)),
        stand_ins=dict.fromkeys(FUNCTIONS, HURRIED),
        tick_every_s=TICK_S,
    )
    with Stack(wish):
        sys.stdout.write("started\n")
        sys.stdout.flush()
        sys.stdin.read()
