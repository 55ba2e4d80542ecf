"""What may be told of a fault: never the words of an exception that nobody named.

Such an exception quotes what it stumbled over, and that may be a student's question: its class
and the line of ours that it came from say enough.  The pipeline's own errors name keys and rules.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from pathlib import Path

from shared.errors import PipelineError

ROOT = Path(__file__).parents[1]
PACKAGES = "site-packages"
UNNAMED = "Unnamed"
LONGEST = 500  # characters


def told(fault: BaseException, delivery_id: str) -> dict[str, str]:
    """Describe a fault as a claim remembers it."""
    return {
        "kind": _kind(fault),
        "class": type(fault).__name__,
        "message": redacted(fault),
        "delivery": delivery_id,
    }


def redacted(fault: BaseException) -> str:
    """Give an error's own words if it is one of ours, else the line of ours that it came from."""
    return str(fault)[:LONGEST] if isinstance(fault, PipelineError) else _where(fault)


def stack(fault: BaseException) -> str:
    """Write down where a fault came from, and those behind it, in frames and classes alone."""
    chain = [*_chain(fault)]
    return "\n".join(_frames(one) for one in reversed(chain))


def _kind(fault: BaseException) -> str:
    """Name the branch of the tree of `shared/errors.py` that a fault belongs to."""
    kinds = (one.__name__ for one in type(fault).__mro__ if PipelineError in one.__bases__)
    return next(kinds, UNNAMED)


def _where(fault: BaseException) -> str:
    lines = [
        f"{Path(frame.filename).relative_to(ROOT).as_posix()}:{frame.lineno}"
        for frame in traceback.extract_tb(fault.__traceback__)
        if Path(frame.filename).is_relative_to(ROOT) and PACKAGES not in frame.filename
    ]
    return lines[-1] if lines else "outside of our code"


def _chain(fault: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while fault is not None and id(fault) not in seen:
        seen.add(id(fault))
        yield fault
        fault = fault.__cause__ or fault.__context__


def _frames(fault: BaseException) -> str:
    frames = "".join(traceback.format_tb(fault.__traceback__))
    return f"Traceback (most recent call last):\n{frames}{type(fault).__name__}"
