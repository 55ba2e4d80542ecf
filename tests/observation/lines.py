"""The log of a world: its lines as Cloud Logging gets them."""

from __future__ import annotations

import io
import json
import logging
from contextlib import contextmanager

from shared.log import JsonLines

PROJECT = "demo"


@contextmanager
def written():
    """Collect every line of a block; gives a function that reads them."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(JsonLines(PROJECT))
    logger = logging.getLogger("vividly")
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)


def events(lines):
    """Name the facts of some lines, each once."""
    return {line["event"] for line in lines}


def only(lines, event, **facts):
    """Give the lines of one fact, with these values."""
    return [line for line in lines if line["event"] == event and facts.items() <= line.items()]
