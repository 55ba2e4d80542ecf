"""Ctrl-C in the middle of a film: gone at once, and the next start goes on at once."""

from __future__ import annotations

import time
from contextlib import closing

from shared.claim import Claim
from tests.stack.home import Home, interrupt, until

STOP_S = 8.0  # 1.5 s on a quiet machine; the suite may share its own
AGAIN_S = 45.0  # half of a lease: what was cut off gave its claim back itself
INTERRUPTED = 130


def claim_of_first_scene(home: Home, least_fence: int) -> Claim:
    """Wait until the first scene has been begun so often, or is done; gives its claim."""
    with closing(home.connected()) as connected:

        def look() -> Claim | None:
            rows = connected.reports.runs(1)
            found = rows and connected.claims.read(f"render/{rows[0].lesson_id}/01")
            there = found and (found.claim.fence >= least_fence or found.claim.settled)
            return found.claim if found and there else None

        return until(look, "the first scene is being rendered", AGAIN_S)


def test_ctrl_c_in_the_middle_of_encoding(home):
    """No process stays, and the next start renders on without waiting for the lease to end."""
    command = home.begin("lesson", "How does sound travel?", starts=True)
    first = claim_of_first_scene(home, 1)
    seconds = interrupt(command)
    left = home.processes()
    home.up()
    second = claim_of_first_scene(home, 2)

    assert "in_progress" == first.state
    assert (INTERRUPTED, []) == (command.returncode, left)
    assert seconds < STOP_S
    # A run whose last call was under way may also have come to its end.
    assert second.attempts == 2 or second.state == "completed"


def test_sigterm_to_the_command_alone(home):
    """What ends services ends a stack, with everything that it started."""
    stack = home.up()
    began = time.monotonic()
    stack.terminate()
    stack.communicate()

    assert time.monotonic() - began < STOP_S
    assert (INTERRUPTED, []) == (stack.returncode, home.processes())


def test_lesson_on_a_stack_that_ends(home):
    """Who waits for a lesson while the stack goes is told so in a sentence."""
    stack = home.up()
    asking = home.begin("lesson", "How does sound travel?")
    claim_of_first_scene(home, 1)
    interrupt(stack)
    out, err = asking.communicate(timeout=AGAIN_S)

    assert (2, "") == (asking.returncode, err)
    assert "The stack that made this lesson has ended" in out
