"""What may go wrong with a speaking service, by what is done about it.

The same two reactions as with a writing model.  Sound that nobody could use is a `NotNow` that was
billed: it may be better the next time, and a sentence has only so many times.
"""

from __future__ import annotations

from shared.errors import Permanent
from shared.lesson.gemini.faults import NotNow, SetUp

__all__ = ["NotNow", "SetUp", "UsedUp"]


class UsedUp(Permanent):
    """A sentence was paid for as often as one may be, and nothing came that could be kept."""
