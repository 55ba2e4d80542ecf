"""Captions: the words of the plan, in lines and times that can be read."""

from dataclasses import replace
from itertools import pairwise

import pytest

from shared.film.captions import (
    THINK,
    Cue,
    broken,
    line_length,
    scene_cues,
    stamp,
    webvtt,
)
from shared.film.narration import SpokenLine, narrate
from shared.lesson.plan import Line, Scene
from tests.fakes.voice import HummingVoice
from tests.lesson import materials

LONG = (
    "A body in motion tends to remain in motion at a constant velocity, unless a net external"
    " force of at least 50 N acts on it for a time that nobody would call short."
)


def cues_of(*lines: Line, base: int = 0, length: int = 42) -> list[Cue]:
    """Caption a scene of these lines."""
    scene = Scene(1, "recap", "In short", lines, ())
    narration = narrate(scene, HummingVoice(), "9-12")
    return scene_cues(scene, narration.lines, narration.frames, base, length)


def line(text: str, pause_s: float = 0.0) -> Line:
    """Make a line that is spoken as it is written."""
    return Line(text, text, "fact", pause_s=pause_s)


@pytest.mark.parametrize("length", [32, 42])
def test_two_short_lines(length):
    """A long sentence becomes cues of at most two lines that are not too long."""
    rows = [cue.text.split("\n") for cue in cues_of(line(LONG), length=length)]

    assert all(len(lines) <= 2 for lines in rows)
    assert all(len(one) <= length for lines in rows for one in lines)


def test_the_words_are_those_of_the_plan():
    """Cues together say exactly the text, in order."""
    assert LONG.split() == " ".join(cue.text for cue in cues_of(line(LONG))).split()


def test_a_number_stays_with_its_unit():
    """No line ends between a number and its unit, even where that would be the most even break."""
    assert "A push of\n50 N here now" == broken("A push of 50 N here now", 14)


def test_one_after_the_other():
    """Cues do not overlap, last at most seven seconds, and leave no gap of one frame."""
    cues = cues_of(line(LONG), line("So it goes on."), line("Nothing stops it."))

    assert all(1 <= round(cue.end_s - cue.start_s, 3) <= 7 for cue in cues)
    gaps = [round(after.start_s - before.end_s, 3) for before, after in pairwise(cues)]
    assert all(gap == 0 or gap >= 0.066 for gap in gaps)


def test_the_time_to_think():
    """A long pause is captioned as what it is."""
    think = [
        cue for cue in cues_of(line("Now think.", pause_s=5), line("Yes.")) if THINK in cue.text
    ]

    assert 1 == len(think)
    assert 4 < think[0].end_s - think[0].start_s <= 5


def test_times_count_from_the_films_start():
    """A scene's captions are shifted by the frames before it."""
    first, later = cues_of(line("It moves on."))[0], cues_of(line("It moves on."), base=300)[0]

    assert 10 == pytest.approx(later.start_s - first.start_s)


def test_a_cue_starts_with_its_word():
    """The first cue starts within 150 ms of the first word."""
    scene = Scene(1, "recap", "In short", (line(LONG),), ())
    narration = narrate(scene, HummingVoice(), "9-12")
    cue = scene_cues(scene, narration.lines, narration.frames, 0, 42)[0]

    assert 0.15 > abs(cue.start_s - narration.lines[0].words[0][0])


def test_a_fast_cue_gets_time_from_the_next():
    """Where one cue is too fast and its neighbour can wait, the border moves, but never far."""
    words = ["Characteristically"] * 4 + ["it", "is"] * 8
    said = SpokenLine(0.0, 8.4, 9.0, tuple((n * 0.42, n * 0.42 + 0.42) for n in range(20)))
    scene = Scene(1, "recap", "In short", (line(" ".join(words)),), ())

    first, second = scene_cues(scene, [said], 300, 0, 42)[:2]

    assert first.end_s == second.start_s
    starts = [word * 0.42 for word in range(20)]
    away = min(abs(second.start_s - start) for start in starts)
    assert 0.05 < away < 0.11


def test_a_cue_stays_until_it_is_read():
    """Before a silence a cue stays as long as its characters ask for."""
    said = SpokenLine(0.0, 1.0, 6.0, ((0.0, 0.5), (0.5, 1.0)))
    scene = Scene(1, "recap", "In short", (line("Characteristically unreproducible."),), ())

    (cue,) = scene_cues(scene, [said], 300, 0, 42)

    assert len(cue.text) / (cue.end_s - cue.start_s) <= 17.05


def test_webvtt_escapes_markup():
    """Signs that WebVTT would read as markup stay signs."""
    assert "a &lt; b &amp; c" in webvtt([Cue(0.0, 1.5, "a < b & c")], "en")


def test_a_moment_as_webvtt_writes_it():
    """Hours, minutes, seconds and thousandths."""
    assert "01:02:03.457" == stamp(3723.4567)


def test_too_long_for_two_lines():
    """A text that cannot be broken is said to be so."""
    assert broken("x" * 50, 42) is None


@pytest.mark.parametrize(
    ("band", "shape", "most"),
    [
        ("1-2", "wide", 32), ("3-5", "wide", 32), ("6-8", "wide", 42), ("9-12", "wide", 42),
        ("9-12", "square", 42), ("9-12", "tall", 32),
    ],
)  # fmt: skip
def test_some_read_shorter_lines(band, shape, most):
    """Below grade 6, and on a picture that is higher than wide, a line has 32 characters."""
    lesson = materials.plan()
    told = replace(lesson, shape=shape, brief=replace(lesson.brief, grade_band=band))

    assert most == line_length(told)
