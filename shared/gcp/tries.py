"""How long a call to Cloud Storage may take and how often it is tried, worked out as it goes.

The client is told both once, and then waits so long for each try, each range and each page.  What
is left of the function's time shrinks meanwhile, so both are looked up when they are needed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from shared.deadline import left_s

if TYPE_CHECKING:
    from urllib3 import Timeout

ALL_TRIES_S = 60


@cache
def each_try(most_s: float) -> Timeout:
    """Give a timeout that counts from each try's own beginning: at most `most_s`, and what is left.

    Once an answer has begun, the same holds for the longest silence within it.
    """
    from urllib3 import Timeout

    class WhatIsLeft(Timeout):
        """Asked for its clone at each request."""

        def clone(self) -> Timeout:
            return Timeout(total=left_s(most_s))

    return WhatIsLeft(total=most_s)


def while_time_is_left(call: Callable[..., Any]) -> Callable[..., Any]:
    """Try a call as the client's own retry does, which this stands in for, as long as it may take.

    No wait between two tries ends later than the function.
    """
    from google.cloud.storage.retry import DEFAULT_RETRY

    def tried(*values: Any, **named: Any) -> Any:  # noqa: ANN401  # it stands for any call
        return DEFAULT_RETRY.with_timeout(left_s(ALL_TRIES_S))(call)(*values, **named)

    return tried
