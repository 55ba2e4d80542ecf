"""What went wrong, by what to do about it.

PipelineError
  Permanent      record, acknowledge: no redelivery can help
    Unreadable   a message or file that nobody can decode; names the field and the rule
  Refused        an answer for the student: unsafe, or not covered by the sources
  Transient      raise: delivered again, with backoff
    Unsure       the answer got lost, the write may have happened: read back, then decide
    LeaseLost    another run took this work over: write nothing more
  Busy           raise: someone else holds the claim; costs no attempt
  Conflict       a precondition did not hold: a question, read back and compare the owner
  Missing        an object or row that was asked for by name is not there
  Superseded     acknowledge: the event asks for nothing, or for nothing any more
  Unnamed        raise: in the place of what nobody foresaw, without its words
"""

from __future__ import annotations


class PipelineError(Exception):
    """The root of everything the pipeline raises on purpose."""


class Permanent(PipelineError):
    """Nothing will ever make this work succeed."""


class Unreadable(Permanent):
    """A message or file does not follow its schema.

    `reason` is one of a closed set of kebab-case words (the dead letter's reason class), `field`
    the path of the offending field, empty when the whole is at fault.  The text names the field
    and the rule, never the student's words.
    """

    def __init__(self, reason: str, text: str, field: str = "", request_id: str = "") -> None:
        super().__init__(text)
        self.reason = reason
        self.field = field
        self.request_id = request_id  # where the rest of the message could still be read
        self.ends_request = True  # if that request was not accepted before


class Refused(PipelineError):
    """An honest no, with a sentence that the student may read.

    `reason` is a kebab-case word, `nearest` names up to three sections that come closest.
    """

    def __init__(self, reason: str, text: str, nearest: tuple[str, ...] = ()) -> None:
        super().__init__(text)
        self.reason = reason
        self.nearest = nearest


class Transient(PipelineError):
    """It may work the next time."""


class Unsure(Transient):
    """A call ended without an answer; its effect may be there."""


class LeaseLost(Transient):
    """This run's claim belongs to somebody else by now."""


class Busy(PipelineError):
    """Another run holds a live lease on the same work."""


class Conflict(PipelineError):
    """The stored state is not the one the write expected."""


class Missing(PipelineError):
    """What was asked for by name is not there."""


class Superseded(PipelineError):
    """The event asks for nothing."""


class Unnamed(PipelineError):
    """A fault that nobody foresaw: its class, and the line of ours that it came from."""
