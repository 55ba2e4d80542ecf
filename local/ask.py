"""Put requests into the pipeline, as the API that stands before it does."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from shared.messages import Message
from shared.ports import Events
from shared.question.inquiry import Inquiry
from shared.report import RequestReport

TOPIC = "content-requests"
BATCH = 500  # messages; Pub/Sub takes 1000 in one call


@dataclass(frozen=True, slots=True)
class Question:
    """What a student asks on the command line."""

    text: str
    interest: str
    grade: str
    modalities: tuple[str, ...]


def message(question: Question) -> dict[str, object]:
    """Write a question as a request of its own."""
    request_id = str(uuid.uuid4())
    return {
        "request_id": request_id,
        "correlation_id": request_id,
        "student_id": "local",
        "student_query": question.text,
        "grade_level": question.grade,
        "interest": question.interest,
        "requested_modalities": list(question.modalities),
        "environment": "local",
    }


def ask(events: Events, question: Question) -> str:
    """Publish a question as a request; gives the request's id."""
    request = message(question)
    request_id = str(request["request_id"])
    events.publish([Message(TOPIC, request_id, json.dumps(request))])
    return request_id


def answer(events: Events, report: RequestReport, inquiry: Inquiry, said: str) -> None:
    """Publish the answer to what a request was asked back."""
    request_id = report.run.request_id
    body = {
        "request_id": request_id,
        "student_id": report.asked.student_id,
        "answers": {inquiry.id: said},
    }
    events.publish([Message(TOPIC, f"{request_id}/{inquiry.id}", json.dumps(body))])


def send(variables: Mapping[str, str], messages: Sequence[bytes]) -> None:
    """Publish messages exactly as they are, readable or not, to the stack of these variables.

    By Google's client and not by the port, which takes nothing but text.
    """
    import grpc  # noqa: PLC0415
    from google.pubsub_v1.services.publisher import PublisherClient  # noqa: PLC0415
    from google.pubsub_v1.services.publisher.transports import (  # noqa: PLC0415
        PublisherGrpcTransport,
    )
    from google.pubsub_v1.types import PubsubMessage  # noqa: PLC0415

    with grpc.insecure_channel(variables["PUBSUB_EMULATOR_HOST"]) as channel:
        client = PublisherClient(transport=PublisherGrpcTransport(channel=channel))
        topic = f"projects/{variables['GOOGLE_CLOUD_PROJECT']}/topics/{TOPIC}"
        for first in range(0, len(messages), BATCH):
            batch = messages[first : first + BATCH]
            client.publish(topic=topic, messages=[PubsubMessage(data=data) for data in batch])


def messages_in(argument: str, standard_input: Iterable[bytes]) -> list[bytes]:
    """Read what `send` was given: one JSON object, a file of JSON lines, or `-`.

    A file that is not there raises FileNotFoundError.
    """
    if argument.lstrip().startswith("{"):
        return [argument.encode(errors="surrogateescape")]
    lines = standard_input if argument == "-" else Path(argument).read_bytes().splitlines()
    return [line.strip() for line in lines if line.strip()]
