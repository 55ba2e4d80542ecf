"""No call to Cloud Storage outlives the function: each try, range and page has what is left then.

The server answers late and then not at all, so that who works a limit out once waits too long.
"""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shared.deadline import within
from shared.errors import Transient
from shared.gcp.storage import READER_CHUNK_BYTES, StorageObjects
from tests.contract.slow_storage import HANGS, UNAVAILABLE, Answer, Answers, slow_storage

LEFT_S, LATE_S, MARGIN_S = 1.2, 0.4, 0.35
SIZE = 3 * READER_CHUNK_BYTES
OBJECT = {"name": "x", "generation": "7", "size": str(SIZE), "bucket": "demo-oer"}
FOUND = Answer(json.dumps(OBJECT).encode())
RANGE = Answer(
    bytes(READER_CHUNK_BYTES), 206, LATE_S,
    {"content-range": f"bytes 0-{READER_CHUNK_BYTES - 1}/{SIZE}"},
)  # fmt: skip
PAGE = Answer(json.dumps({"items": [OBJECT], "nextPageToken": "next"}).encode(), after_s=LATE_S)
LATE_NO = Answer(status=503, after_s=LATE_S)
ALWAYS_NO = [UNAVAILABLE] * 50
Call = Callable[[StorageObjects, Path], object]

# The client forgets the connection of a 503 whose body it did not read.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")


@pytest.fixture(autouse=True)
def no_forgotten_connection() -> Iterator[None]:
    """Leave none for another test to stumble upon."""
    yield
    gc.collect()


def create(objects: StorageObjects, content: bytes | Path) -> object:
    """Create an object."""
    return objects.create("oer", "x", content, content_type="text/plain")


def read_ranges(objects: StorageObjects, _: Path) -> None:
    """Read an object by its ranges."""
    with objects.open("oer", "x", 7) as reader:
        while reader.read(READER_CHUNK_BYTES):
            pass


CALLS: dict[str, Call] = {
    "find": lambda objects, _: objects.find("oer", "x"),
    "read": lambda objects, _: objects.read("oer", "x"),
    "list": lambda objects, _: objects.list("oer", ""),
    "open": read_ranges,
    "create": lambda objects, _: create(objects, b"x"),
    "create of a file": create,
}


def seconds(call: Call, file: Path, answers: Answers) -> float:
    """Measure how long a call that comes to nothing takes with so much time left."""
    file.write_bytes(b"x")
    with slow_storage(answers) as objects:
        began = time.monotonic()
        with within(LEFT_S), pytest.raises(Transient):
            call(objects, file)
        return time.monotonic() - began


@pytest.mark.parametrize("name", CALLS)
def test_a_second_try_has_what_the_first_one_left(tmp_path: Path, name: str) -> None:
    """After a late 503 the server hangs: both tries together end with the function."""
    assert seconds(CALLS[name], tmp_path / "x", [LATE_NO, HANGS]) < LEFT_S + MARGIN_S


@pytest.mark.parametrize("after", [[HANGS], ALWAYS_NO], ids=["hangs", "unavailable"])
@pytest.mark.parametrize("first", [[FOUND, RANGE, RANGE], [FOUND, LATE_NO, RANGE]])
def test_a_range_has_what_earlier_ones_left(
    tmp_path: Path, first: list[Answer], after: Answers
) -> None:
    """A book that is read range by range is given up in time."""
    assert seconds(read_ranges, tmp_path / "x", [*first, *after]) < LEFT_S + MARGIN_S


@pytest.mark.parametrize("after", [[HANGS], ALWAYS_NO], ids=["hangs", "unavailable"])
def test_a_page_has_what_earlier_ones_left(tmp_path: Path, after: Answers) -> None:
    """A list that goes on and on is given up in time."""
    answers = [PAGE, PAGE, *after]

    assert seconds(CALLS["list"], tmp_path / "x", answers) < LEFT_S + MARGIN_S


def test_without_time_nothing_is_asked() -> None:
    """A call that could not end in time is not made: the server would answer at once."""
    with slow_storage([FOUND]) as objects:
        with within(0.0), pytest.raises(Transient):
            objects.find("oer", "x")

        assert objects.find("oer", "x") is not None
