"""Any function of the project, with a lease short enough for a soak of minutes.

The limits are shortened before anything of the pipeline reads them.
"""

from __future__ import annotations

import os
import runpy
import sys
from pathlib import Path

from shared import limits

limits.LEASE_S = float(os.environ["SOAK_LEASE_S"])
limits.BEAT_S = limits.LEASE_S / 3

ROOT = Path(__file__).resolve().parents[3]
target = sys.argv[sys.argv.index("--target") + 1]
globals()[target] = runpy.run_path(str(ROOT / "functions" / target / "main.py"))[target]
