"""What sending a dead letter again would do, or why it is not sent."""

from __future__ import annotations

from dataclasses import dataclass

from shared.claim import Claim
from shared.errors import Superseded, Transient, Unreadable
from shared.events import (
    BookStored,
    Event,
    SceneRequested,
    SceneStored,
    ScriptRequested,
    digest,
)
from shared.messages import Arrived, Message
from shared.ops.letters import Letter
from shared.ports import Claims
from shared.repair.letter import ADDED, KINDS, REDRIVE
from shared.request import ContentRequested

ENDED = "what ended stays ended"
# Who waited was told, so another take needs somebody who waits for it: a request of its own.
AFRESH = (
    "; to have it made once more, publish the request again under a new request_id"
    " (topic content-requests, or python -m local send), which begins the lesson's next take"
)
OPEN_LESSON = ("", "requested", "scripted")
OPEN_REQUEST = ("", "accepted", "needs_input")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A letter that is not sent again; `why` is a clause for the operator."""

    letter: Letter
    why: str


@dataclass(frozen=True, slots=True)
class Resend:
    """A letter that can be sent again: as a message, or as a nudge for what a bucket told.

    `claim` is its work's claim as it is now.
    """

    letter: Letter
    key: str
    claim: Claim | None
    sends: Message | SceneStored | BookStored

    @property
    def reopens(self) -> bool:
        """Whether the claim must be given back first."""
        return self.claim is not None and self.claim.state in ("parked", "failed")

    @property
    def where(self) -> str:
        """Name the topic, or the bucket that gets a nudge."""
        if isinstance(self.sends, Message):
            return f"topic {self.sends.topic}"
        return f"a nudge in bucket {self.sends.source[1]}"


def decide(letter: Letter, claims: Claims, *, again: bool) -> Resend | Refusal:
    """Decide about one letter; reads its claim, changes nothing.  Raises Transient."""
    row = letter.row
    if row.resolution and not again:
        return Refusal(letter, f"it is settled as {row.resolution} (--again sends it all the same)")
    try:
        event = event_of(letter)
    except (Unreadable, Superseded) as fault:
        return Refusal(letter, f"nobody can read it a second time either ({fault})")
    except Transient as fault:
        return Refusal(letter, f"this release cannot read it ({fault})")
    ended = _ended(letter)
    if ended:
        return Refusal(letter, ended)
    stored = claims.read(event.key)
    if stored is not None and stored.claim.payload_hash != digest(event.business()):
        return Refusal(letter, "its work is known with other content")
    return Resend(letter, event.key, stored.claim if stored else None, _sends(letter, event))


def event_of(letter: Letter) -> Event:
    """Read the original event; raises Unreadable, Superseded, or Transient for a newer schema."""
    kind = KINDS.get(letter.row.stage)
    if kind is None:
        raise Unreadable("not-ours", f"no event leads to {letter.row.stage}")
    return kind.decode(Arrived(letter.row.message_id, "", letter.body, letter.attributes))


def _ended(letter: Letter) -> str:
    """Say what has its end already; a request's own status counts before it has a lesson."""
    if letter.row.stage == ContentRequested.stage:
        return _end("request", letter.request_status, OPEN_REQUEST)
    return _end("lesson", letter.lesson_status, OPEN_LESSON)


def _end(what: str, status: str, still_open: tuple[str, ...]) -> str:
    if status in still_open:
        return ""
    again = AFRESH if status in ("failed", "abandoned", "cancelled") else ""
    return f"its {what} has ended as {status}: {ENDED}{again}"


def _sends(letter: Letter, event: Event) -> Message | SceneStored | BookStored:
    if isinstance(event, SceneStored | BookStored):
        return event
    if isinstance(event, ScriptRequested | SceneRequested):
        return event.message()  # what was ours comes out as it was, with the id that it had
    # A new attempt: what Pub/Sub and repair counted on the way here counts no more.
    attributes = {
        name: text
        for name, text in letter.attributes.items()
        if name != REDRIVE and not name.startswith(ADDED)
    }
    event_id = attributes.get("event_id", letter.row.message_id)
    return Message(event.source[1], event_id, letter.body.decode(), attributes)
