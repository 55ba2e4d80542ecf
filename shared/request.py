"""The request message.  Bytes from content-requests -> `ContentRequested`, or Unreadable.

Size, JSON, old shapes upgraded, `request.schema.json`, then the rules that a schema cannot say.
Every reason is one of `REASONS`; no error quotes the student.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

from shared.errors import Unreadable
from shared.events import Origin
from shared.identity import grade_band, normalised_modalities
from shared.lesson.plan import Brief
from shared.limits import MESSAGE_BYTES
from shared.messages import Arrived, read_object
from shared.request_shapes import upgraded
from shared.rows import Request
from shared.safety.personal import scrubbed, scrubbed_interest

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

SCHEMA_FILE = Path(__file__).with_name("request.schema.json")
UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
READABLE_ID = re.compile(rf'"request_id"\s*:\s*"({UUID})"'.encode())

# Keyword of the schema -> reason, and the rule in words.
RULES = {
    "required": ("missing-field", "must be there"),
    "type": ("wrong-type", "must be of type {}"),
    "minLength": ("bad-length", "must have at least {} characters"),
    "maxLength": ("bad-length", "must have at most {} characters"),
    "minItems": ("bad-length", "must name at least {}"),
    "minProperties": ("bad-length", "must hold at least {}"),
    "maxProperties": ("bad-length", "must hold at most {}"),
    "minimum": ("out-of-range", "must be at least {}"),
    "maximum": ("out-of-range", "must be at most {}"),
    "enum": ("unknown-value", "must be one of {}"),
    "pattern": ("bad-format", "must follow {}"),
}
REASONS = frozenset(
    {
        *(reason for reason, _ in RULES.values()),
        *("too-large", "not-utf-8", "not-json", "not-an-object"),
        *("bad-id", "blank", "forbidden-character", "script-tag", "contradiction"),
        *("request-id-reused", "nothing-asked", "not-theirs", "student-deleted"),
    }
)

SCRIPT_TAG = re.compile(r"<\s*/?\s*script\b", re.IGNORECASE)
INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))  # pasted along, meaning nothing
HARMLESS = "\t\n\r\u200c\u200d"  # white space; joiners, part of Persian words and of emoji
QUESTION_LENGTH = 3  # characters, as in the schema, but counted without padding


@dataclass(frozen=True, slots=True)
class ContentRequested:
    """Please answer this student; `notes` say which old shapes the message had."""

    topic: ClassVar[str] = "content-requests"
    source: ClassVar[Origin] = ("topics", topic)
    stage: ClassVar[str] = "ingest"

    request: Request
    notes: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Name the work."""
        return f"ingest/{self.request.request_id}"

    @property
    def lesson_id(self) -> str:
        """Belong to no lesson yet."""
        return ""

    @property
    def request_id(self) -> str:
        """Tell whose work it is."""
        return self.request.request_id

    @property
    def correlation_id(self) -> str:
        """Tell what its sender calls it."""
        return self.request.correlation_id

    def business(self) -> Mapping[str, Any]:
        """Give what decides the result."""
        # Named one by one: a field of a later release must not make another request of one that
        # is under way.  A client that sends its request again may follow it under another id.
        request, brief = self.request, self.request.brief
        return {
            "request_id": request.request_id,
            "student_id": request.student_id,
            "organization_id": request.organization_id,
            "environment": request.environment,
            "grade_level": request.grade_level,
            "question": brief.question,
            "interest": brief.interest,
            "modalities": brief.modalities,
            "language": brief.language,
        }

    @classmethod
    def decode(cls, arrived: Arrived) -> Self:
        """Read a delivery; raises Unreadable, with the request id where that can be read."""
        try:
            return cls(*decode(arrived.body))
        except Unreadable as fault:
            fault.request_id = readable_request_id(arrived.body)
            raise


def decode(body: bytes) -> tuple[Request, tuple[str, ...]]:
    """Read a message; gives the request and notes on what was upgraded.  Raises Unreadable."""
    if len(body) > MESSAGE_BYTES:
        raise Unreadable("too-large", f"the message is larger than {MESSAGE_BYTES} bytes")
    message, notes = upgraded(read_object(body))
    follow_schema(message, SCHEMA_FILE)
    request_id = message["request_id"].lower()
    grade = int(message["grade_level"])  # 10.0 is an integer to JSON Schema
    request = Request(
        request_id=request_id,
        correlation_id=message.get("correlation_id", request_id),
        student_id=message["student_id"],
        organization_id=message.get("organization_id", ""),
        environment=message.get("environment", ""),
        grade_level=grade,
        brief=Brief(
            # From here on nothing knows what a student told of themselves or of somebody else.
            scrubbed(_question(message)),
            scrubbed_interest(clean(message, "interest")),
            grade_band(grade),
            _asked(message),
        ),
    )
    return request, notes


def readable_request_id(body: bytes) -> str:
    """Find the request id of a message that is otherwise unreadable; empty when there is none."""
    try:
        found = read_object(body).get("request_id")
    except Unreadable:
        torn = READABLE_ID.search(body)
        return torn[1].decode().lower() if torn else ""
    return found.lower() if isinstance(found, str) and re.fullmatch(UUID, found) else ""


def follow_schema(message: Mapping[str, Any], schema: Path) -> None:
    """Raise Unreadable for the first fault in the schema's order of fields."""
    validator = _validator(schema)
    faults = list(validator.iter_errors(message))
    if not faults:
        return
    order = list(validator.schema["properties"])
    field, fault = min(
        ((_field(fault), fault) for fault in faults), key=lambda pair: order.index(pair[0])
    )
    reason, rule = RULES[fault.validator]
    if field == "request_id" and reason == "bad-format":
        reason, rule = "bad-id", "must be a UUID"
    raise Unreadable(reason, f"{field}: {rule.format(_words(fault.validator_value))}", field)


@cache
def _validator(schema: Path) -> Draft202012Validator:
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - 0.1 s, wanted by ingest alone

    return Draft202012Validator(json.loads(schema.read_text("utf-8")))


def _field(fault: ValidationError) -> str:
    if fault.validator == "required":
        return str(next(name for name in fault.validator_value if name not in fault.instance))
    return str(fault.absolute_path[0])


def _words(rule: object) -> str:
    return ", ".join(map(str, rule)) if isinstance(rule, list) else str(rule)


def _question(message: Mapping[str, Any]) -> str:
    question = clean(message, "student_query")
    if not any(map(str.isalnum, question)):
        raise Unreadable("blank", "student_query: must hold a word", "student_query")
    if len(question) < QUESTION_LENGTH:
        raise Unreadable("bad-length", "student_query: must not be padded", "student_query")
    return question


def clean(message: Mapping[str, Any], field: str) -> str:
    """Join a text's white space and take out what nobody can see; raises Unreadable."""
    text = message.get(field, "").translate(INVISIBLE)
    if not all(map(_allowed, text)):
        raise Unreadable(
            "forbidden-character", f"{field}: must hold no control or bidi characters", field
        )
    if SCRIPT_TAG.search(unicodedata.normalize("NFKC", text)):
        raise Unreadable("script-tag", f"{field}: must hold no script tags", field)
    return " ".join(text.split())


def _allowed(sign: str) -> bool:
    # Cc control, Cs half a pair, Co private, Cf format: bidi overrides, tags that hide text
    return unicodedata.category(sign) not in ("Cc", "Cs", "Co", "Cf") or sign in HARMLESS


def _asked(message: Mapping[str, Any]) -> tuple[str, ...]:
    preferred = message.get("preferred_modality")
    requested = message.get("requested_modalities", [preferred or "video"])
    if preferred and preferred not in requested:
        raise Unreadable(
            "contradiction",
            "preferred_modality: must be one of requested_modalities",
            "preferred_modality",
        )
    return normalised_modalities(requested)
