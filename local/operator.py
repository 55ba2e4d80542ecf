"""The operator's commands of `shared.ops`, pointed at the stack that runs here."""

from __future__ import annotations

import os
from argparse import Namespace

from rich.console import Console

from local.sessions import must_run, readable
from shared import config
from shared.ops import doctor
from shared.ops.desk import opened
from shared.wiring import CloudServices


def operate(options: Namespace, console: Console) -> int:
    """Run one of them; those that only read do so of a stack at rest as well."""
    if "alone" in options:  # the doctor, who looks at this stack
        with readable(options.state) as connected:
            variables = {**os.environ, **connected.running.environment}
            return doctor.told(options, console, variables, "make up")
    if options.needs_cloud:
        must_run(options.state)
    with readable(options.state) as connected:
        running = connected.running
        cloud = CloudServices(config.read(running.environment)) if running.alive else None
        with opened(running.database_url, cloud) as desk:
            return int(options.operate(options, desk, console))
