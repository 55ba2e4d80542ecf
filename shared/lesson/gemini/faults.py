"""What may go wrong with a model, by what the author does about it.

None of these leaves the author but `NotNow`, which is the platform's to redeliver.
"""

from __future__ import annotations

from shared.errors import Permanent, Transient


class NotNow(Transient):
    """The service is short of capacity, broken or slow; `billed` when it may have cost money."""

    def __init__(self, text: str, *, billed: bool) -> None:
        super().__init__(text)
        self.billed = billed


class Gone(Permanent):
    """This model is not, or no longer, at this location: the next candidate is asked at once."""


class SetUp(Permanent):
    """The project, its rights or our request are wrong; the text tells an operator what to do."""


class BadDraft(Permanent):
    """The answer is no lesson; `findings` tell the model what is wrong with it."""

    def __init__(self, text: str, findings: tuple[str, ...] = ()) -> None:
        super().__init__(text)
        self.findings = findings or (text,)
