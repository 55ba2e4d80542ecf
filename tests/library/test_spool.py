"""An archive becomes a local file, if it is what its name promises and there is time for it."""

from __future__ import annotations

import hashlib
import io

import pytest

from shared import hold
from shared.errors import PipelineError
from shared.hold import Work
from shared.library.spool import spooled
from shared.limits import FUNCTIONS
from tests.fakes.claims import MemoryClaims

LIMITS = FUNCTIONS["library"]
CONTENT = b"a book"
NAME = f"books/little/{hashlib.sha256(CONTENT).hexdigest()}.zip"


def test_a_run_without_time_copies_no_further() -> None:
    """A large book is given up between two pieces, while the run can still say so."""
    elapsed_s = [0.0]

    class Slow(io.BytesIO):
        """Takes longer for each piece than the whole work may take."""

        def read(self, size: int | None = -1) -> bytes:
            elapsed_s[0] += LIMITS.work_deadline_s + 1
            return super().read(size)

    work = Work("library/little", "library", "", "hash")
    with (
        hold.take(MemoryClaims(), work, LIMITS, lambda: elapsed_s[0]),
        pytest.raises(PipelineError, match=r"deadline|lease"),
        spooled(Slow(CONTENT), NAME),
    ):
        pass


def test_the_copy_is_the_archive() -> None:
    """What was copied can be read from its start."""
    with spooled(io.BytesIO(CONTENT), NAME) as copy:
        assert CONTENT == copy.read()
