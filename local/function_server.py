"""The functions-framework's own command line, in a process that dies with its stack."""

from __future__ import annotations

import ctypes
import signal
import sys

from functions_framework._cli import _cli

PR_SET_PDEATHSIG = 1

if __name__ == "__main__":
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    _cli()
