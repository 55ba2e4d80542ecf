"""Heal.  a tick -> whatever got lost, once more; a stage's dead letter -> its row.

A letter that nobody knows of is sent again; a canary's tick -> content-requests.
"""

from collections.abc import Sequence

import functions_framework
from cloudevents.http import CloudEvent

from shared import stage
from shared.canary import CanaryRequested
from shared.events import Outgoing
from shared.ports import Services
from shared.repair.asked import RepairAsked
from shared.repair.settling import settle
from shared.repair.sweep import sweep


@functions_framework.cloud_event
def repair(event: CloudEvent) -> None:
    """Start here."""
    stage.run_unclaimed(event, RepairAsked, mend)


def mend(asked: RepairAsked, services: Services) -> Sequence[Outgoing]:
    """Publish step by step: what one step cannot heal must not hold up the others."""
    if asked.canary:
        return [CanaryRequested(asked.canary)]
    if asked.letter is None:
        sweep(services)
    else:
        settle(asked.letter, services)
    return ()
