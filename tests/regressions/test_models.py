"""What the replaced worker did wrong about models, by its number."""

import logging

import pytest

from tests.fakes.vertex_server import FakeVertex
from tests.gemini.desk import Desk

MODELS = "gemini-3.8-flash@global gemini-3.5-flash@global"


@pytest.fixture(scope="module")
def server():
    """One fake for the file."""
    with FakeVertex() as fake:
        yield fake


@pytest.mark.parametrize(
    ("meets", "writes"),
    [
        (("404", "good"), "gemini-3.5-flash/prompt-1"),
        (("404", "404"), "extractive-2, degraded"),
        (("max-tokens", "max-tokens"), "extractive-2, degraded"),
    ],
)
def test_r19_a_retired_model_and_a_cut_answer_are_no_secret(server, caplog, meets, writes):
    """The next in order writes, else the book, and says so; a model that is gone is an error."""
    desk = Desk(server, GEMINI_MODELS=MODELS)
    with caplog.at_level(logging.INFO, "vividly"):
        run = desk.lesson(*meets)
    gone = [one for one in caplog.records if one.message == "A model is gone"]

    assert (writes, len(meets)) == desk.end(run)
    assert [logging.ERROR] * meets.count("404") == [one.levelno for one in gone]
