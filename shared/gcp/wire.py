"""A pg8000 connection that can be closed in any state; loads the driver."""

from __future__ import annotations

from contextlib import suppress

from pg8000 import dbapi


class Wire(dbapi.Connection):  # type: ignore[misc]  # pg8000 has no types
    """A connection whose closing neither raises nor leaves anything to be written."""

    def close(self) -> None:
        """Say goodbye if the server still listens.

        pg8000 closes a connection that the server refused; that this fails, as the server has
        hung up, must not hide why it refused.  And what is still buffered for a dead socket
        would be written, in vain and aloud, when the buffer is collected.
        """
        stream = self._sock
        with suppress(dbapi.Error, OSError):
            super().close()
        if stream is not None:
            with suppress(OSError):
                stream.close()
