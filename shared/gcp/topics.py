"""Topics as an operator looks at them; the functions only publish."""

from __future__ import annotations

from shared.errors import Permanent, Transient
from shared.gcp.pubsub import connect

PATIENCE_S = 5.0


class Topics:
    """The topics of a project; `emulator` is "host:port", or empty for Google Cloud."""

    def __init__(self, project: str, emulator: str = "") -> None:
        self._project = project
        self._client = connect(emulator)

    def look_at(self, topic: str) -> None:
        """See that a topic is there; raises Permanent when it is not, Transient when none tells."""
        from google.api_core import exceptions as api

        path = f"projects/{self._project}/topics/{topic}"
        try:
            # Without this the client tries again for ten minutes, whatever the time-out.
            self._client.get_topic(topic=path, retry=None, timeout=PATIENCE_S)
        except api.NotFound as error:
            raise Permanent(f"the topic {topic} is not there") from error
        except (api.GoogleAPICallError, api.RetryError) as error:
            raise Transient(f"{topic} does not answer: {type(error).__name__}") from error
