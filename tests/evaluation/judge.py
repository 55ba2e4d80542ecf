"""Google's evaluation service: a second opinion on a lesson, from the wheel that no function has.

`EvaluationServiceClient` of google-cloud-aiplatform, generally available surface, over REST.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from google.api_core.client_options import ClientOptions
from google.api_core.exceptions import GoogleAPICallError
from google.auth.credentials import AnonymousCredentials
from google.auth.exceptions import GoogleAuthError

LOCATION = "us-central1"
TIMEOUT_S = 60.0
CLEAR = """Judge whether a school lesson answers a student's question clearly for the grades named.
Question: {question}
Grades: {grades}
Lesson: {lesson}
Give a score from 1 (it does not) to 5 (it does, in words that these students know), with a reason.
"""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the service says: `grounded` 0 or 1, `clear` 1 to 5; None with the reason in `fault`."""

    grounded: float | None
    clear: float | None
    fault: str = ""


class Judge:
    """The service of one project; `emulator` is the base URL of a fake."""

    def __init__(self, project: str, emulator: str = "") -> None:
        # Two seconds and 200 MB: only once somebody is to be judged.
        from google.cloud import aiplatform_v1  # noqa: PLC0415

        self._types = aiplatform_v1
        self._place = f"projects/{project}/locations/{LOCATION}"
        self._client = aiplatform_v1.EvaluationServiceClient(
            credentials=AnonymousCredentials() if emulator else None,
            transport="rest",
            client_options=ClientOptions(
                api_endpoint=emulator or f"{LOCATION}-aiplatform.googleapis.com"
            ),
        )

    def opinion(self, question: str, grades: str, lesson: str, book: str) -> Opinion:
        """Ask whether the book carries a lesson, and whether it is clear: two paid calls."""
        types = self._types
        grounded = types.GroundednessInput(
            metric_spec=types.GroundednessSpec(),
            instance=types.GroundednessInstance(prediction=lesson, context=book),
        )
        told = json.dumps({"question": question, "grades": grades, "lesson": lesson})
        clear = types.PointwiseMetricInput(
            metric_spec=types.PointwiseMetricSpec(metric_prompt_template=CLEAR),
            instance=types.PointwiseMetricInstance(json_instance=told),
        )
        try:
            one = self._asked(groundedness_input=grounded).groundedness_result
            other = self._asked(pointwise_metric_input=clear).pointwise_metric_result
        except (GoogleAPICallError, GoogleAuthError) as fault:
            return Opinion(None, None, type(fault).__name__)
        return Opinion(one.score, other.score)

    def _asked(self, **what):
        request = self._types.EvaluateInstancesRequest(location=self._place, **what)
        return self._client.evaluate_instances(request=request, timeout=TIMEOUT_S)
