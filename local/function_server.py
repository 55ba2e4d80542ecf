"""The functions-framework's own command line, in a process that dies with its stack."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from functions_framework._cli import _cli

PR_SET_PDEATHSIG = 1


def with_failpoints() -> AbstractContextManager[None]:
    """Provide services with failpoints where somebody asked for them."""
    folder = os.environ.get("FAILPOINTS", "")
    if not folder:
        return nullcontext()
    from local.failpoints import watched  # noqa: PLC0415  # no server of a plain stack has any
    from shared import wiring  # noqa: PLC0415

    stage = sys.argv[sys.argv.index("--target") + 1]
    return wiring.provided(watched(Path(folder), stage))


if __name__ == "__main__":
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    with with_failpoints():
        _cli()
