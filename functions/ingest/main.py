"""Accept a request, or ask its student back.  content-requests -> script-requested (new lesson).

A request for a lesson that has ended: -> content-completed.  One that waits: nothing.
"""

import functions_framework
from cloudevents.http import CloudEvent

from shared import stage
from shared.question.accepting import accept_request
from shared.question.message import StudentSaid


@functions_framework.cloud_event
def ingest(event: CloudEvent) -> None:
    """Start here."""
    stage.run(event, StudentSaid, accept_request)
