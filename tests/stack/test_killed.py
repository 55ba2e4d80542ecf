"""SIGKILL of everything in the middle of rendering: the next start brings the lesson to its end."""

from __future__ import annotations

import json
from pathlib import Path

import psutil
import pytest

from tests.stack.conftest import made_home
from tests.stack.home import Home, interrupt, until

WORDS = ("lesson", "How does sound travel?", "--modalities", "audio", "--json")
KINDS = {"audio", "captions", "transcript", "text", "plan"}


def rendered(home: Home) -> dict[str, int]:
    """Name the objects that commit a finished scene, with their generations."""
    stored = home.connected().objects.list("scenes", "lessons/")
    return {one.name: one.generation for one in stored if one.name.endswith("/scene.json")}


@pytest.fixture(scope="module")
def recovered():
    """Kill a stack that renders, start it again; gives (done before, done after, the answer)."""
    with made_home() as home:
        home.up()
        victims = home.processes()  # known beforehand: the middle of a lesson does not last
        asking = home.begin(*WORDS)
        before = until(lambda: rendered(home), "the first scenes")
        for victim in [psutil.Process(asking.pid), *victims]:
            victim.kill()
        home.kill_everything()
        stack = home.up()
        # The claims of the killed runs end with their leases; the same question joins the lesson.
        said = home.run(*WORDS)
        yield before, rendered(home), said
        interrupt(stack)


def test_lesson_completes(recovered):
    """What was half made is brought to its end, for the first request and for the next."""
    before, after, said = recovered

    assert 0 < len(before) < len(after)
    assert (0, "completed") == (said.code, said.decoded["run"]["status"])


def test_finished_scenes_are_not_rendered_again(recovered):
    """A scene that was there before the kill keeps its generation."""
    before, after, _ = recovered

    assert before == {name: after[name] for name in before}


def test_sound_captions_and_transcript_are_brought(recovered):
    """An audio lesson's files lie in the folder, and none of them is empty."""
    paths = {kind: Path(path) for kind, path in recovered[2].decoded["paths"].items()}

    assert KINDS <= paths.keys()
    assert all(path.stat().st_size > 0 for path in paths.values())
    assert (b"ftyp", "WEBVTT") == (
        paths["audio"].read_bytes()[4:8],
        paths["captions"].read_text(encoding="utf-8")[:6],
    )


def test_checks_say_that_it_may_be_shown(recovered):
    """The report beside the lesson was written about this sound."""
    checks = json.loads(Path(recovered[2].decoded["paths"]["checks"]).read_text())

    assert checks
