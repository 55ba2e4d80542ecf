"""A function that does nothing, to measure the way to it.  any event -> nothing."""

import functions_framework
from cloudevents.http import CloudEvent


@functions_framework.cloud_event
def script(event: CloudEvent) -> None:
    """Start here."""
