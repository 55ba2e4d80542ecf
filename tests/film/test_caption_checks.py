"""Caption checks: good captions pass all of them, and each has captions that fail it."""

from dataclasses import replace

import numpy as np
import pytest

from shared.film.caption_checks import check_captions, check_language, check_sync
from shared.film.captions import THINK, Cue, webvtt
from shared.film.findings import failed
from shared.film.loudness import Loudness
from shared.film.probe import Audio
from shared.film.vtt import parse
from shared.lesson.plan import Line, Scene
from tests.film.films import hum

SCENES = (
    Scene(
        1, "recap", "",
        (Line("It moves on its own.", "", "fact"), Line("Think.", "", "instruction", pause_s=5),
         Line("So it takes 50 N.", "", "fact")),
        (),
    ),
)  # fmt: skip
CUES = (
    Cue(0.4, 2.0, "It moves\non its own."),
    Cue(2.0, 3.0, "Think."),
    Cue(3.0, 8.0, THINK),
    Cue(8.0, 9.5, "So it takes\n50 N."),
)
LAST = "So it takes\n50 N."
BAD = {
    "caption-words": (*CUES[:3], Cue(8.0, 9.5, "So it takes\n60 N.")),
    "caption-pauses": (*CUES[:2], CUES[3]),
    "caption-lines": (Cue(0.4, 2.0, "It\nmoves\non its own."), *CUES[1:]),
    "caption-units": (*CUES[:3], Cue(8.0, 9.5, "So it takes 50\nN.")),
    "caption-times": (*CUES[:3], Cue(8.0, 15.5, LAST)),
    "caption-gaps": (Cue(0.4, 2.2, "It moves\non its own."), *CUES[1:]),
    "caption-speed": (Cue(0.4, 1.2, "It moves\non its own."), *CUES[1:]),
    "caption-pace": (
        Cue(0.4, 1.5, "It moves\non its own."), CUES[1], CUES[2],
        Cue(8.0, 8.9, LAST),
    ),
    "caption-end": (*CUES[:3], Cue(18.0, 22.0, LAST)),
}  # fmt: skip


def names_of(checks):
    """Name what failed."""
    return {one.id for one in failed(checks)}


def voice(*starts_s: float) -> Audio:
    """Speak for a second from each of these moments on."""
    samples = np.zeros(12 * 48_000, np.float32)
    for start in starts_s:
        samples[round(start * 48_000) :][:48_000] = hum(1.0)
    return Audio("aac LC", 48_000, 2, 0, 12.0, Loudness(-16.0, -2.0), (), samples)


def test_good_captions():
    """Captions that say the plan's words in time pass."""
    assert set() == names_of(check_captions(CUES, SCENES, 42, 20.0))


def test_every_check_has_bad_captions():
    """No check is there that no captions can fail."""
    assert set(BAD) == {one.id for one in check_captions(CUES, SCENES, 42, 20.0)}


@pytest.mark.parametrize("name", BAD)
def test_bad_captions(name):
    """The captions with this one fault fail this check, and no other."""
    assert {name} == names_of(check_captions(BAD[name], SCENES, 42, 20.0))


def test_a_line_that_is_too_long():
    """Younger students' lines are shorter."""
    assert {"caption-lines"} == names_of(check_captions(CUES, SCENES, 8, 20.0))


def test_a_cue_comes_with_its_sentence():
    """A cue that begins a sentence begins when the voice does."""
    assert check_sync(CUES, voice(0.45, 1.98, 8.1)).passed


def test_a_cue_that_comes_too_late():
    """A fifth of a second after the voice is too late."""
    late = tuple(replace(cue, start_s=cue.start_s + 0.2) for cue in CUES)

    assert not check_sync(late, voice(0.4, 2.0, 8.0)).passed


def test_captions_of_silence():
    """Captions of something that nobody says are wrong."""
    assert not check_sync(CUES, voice()).passed


def test_a_file_that_names_its_language():
    """The head says which language the captions are in."""
    assert check_language(parse(webvtt(CUES, "en")).language).passed


def test_a_file_without_a_language():
    """A player would have to guess."""
    assert not check_language(parse("WEBVTT\n\n00:01.000 --> 00:02.000\na\n").language).passed
