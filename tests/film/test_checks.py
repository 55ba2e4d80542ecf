"""Checks: a good film passes all of them, and each has a film that fails it."""

from dataclasses import replace

import pytest

from shared.errors import Permanent
from shared.film.checks import Expected, check_film, check_sound, failed, not_checked, report
from shared.film.encode import Size
from shared.film.probe import probe
from tests.film.films import HEIGHT, WIDTH, Film, write

GOOD = Expected(
    frames=(45, 45),
    pauses_s=(0.9, 0.9),
    size=Size(WIDTH, HEIGHT),
    holds_s=(0.1, 0.1),
    reveals_s=(0.5, 2.0),
    titles=("One", "Two"),
    credits=("Physics", "CC BY 4.0"),
)
STILL = replace(GOOD, holds_s=(9.0, 9.0), reveals_s=())
LONG = replace(GOOD, frames=(90, 90))
SIX_S = Film(frames=180, keys=(0, 45, 90, 135), sound_s=6.0, chapters=(("One", 0.0), ("Two", 3.0)))
ONE = replace(GOOD, frames=(180,), pauses_s=(0.9,), holds_s=(0.1,), titles=("One",))
ONE_KEY = replace(SIX_S, keys=(0,), chapters=(("One", 0.0),))

# The film with one fault, what it is checked against, and what else such a fault always breaks.
BAD = {
    "codec": (Film(profile="main"), GOOD, set()),
    "level": (Film(level="5.1"), GOOD, set()),
    "scan": (Film(interlaced=True), GOOD, set()),
    "colour-range": (Film(colour_range=2), GOOD, {"codec"}),
    "size": (Film(), replace(GOOD, size=Size(1920, 1080)), set()),
    "parameters": (Film(), replace(GOOD, parameters="0" * 64), set()),
    "decodes": (Film(damage="video"), GOOD, set()),
    "rate": (Film(rate=25, frames=75), GOOD, {"frames", "steps"}),
    "steps": (Film(dropped=(50,), frames=91), GOOD, {"rate", "ends"}),
    "frames": (Film(frames=89), GOOD, set()),
    "video-start": (Film(video_from=1), GOOD, set()),
    "key-frames": (Film(keys=(0, 40)), GOOD, set()),
    "key-interval": (ONE_KEY, ONE, set()),
    "not-black": (Film(picture="black"), STILL, {"no-black-moment"}),
    "not-blank": (Film(picture="blank"), STILL, {"not-frozen"}),
    "not-frozen": (Film(picture="frozen"), STILL, set()),
    "no-black-moment": (Film(picture="blink"), GOOD, set()),
    "stillness": (Film(picture="brief"), replace(GOOD, reveals_s=()), set()),
    "safe-area": (Film(picture="edge"), GOOD, set()),
    "reveals": (Film(picture="brief"), replace(STILL, reveals_s=(0.9,)), set()),
    "tracks": (Film(sounds=2), GOOD, set()),
    "bytes": (Film(padding=3 * 1024 * 1024), GOOD, set()),
    "fast-start": (Film(faststart=False), GOOD, set()),
    "attribution": (Film(tags={"comment": "From a book.", "copyright": "CC BY 4.0"}), GOOD, set()),
    "chapters": (Film(chapters=(("One", 0.0), ("Two", 1.0))), GOOD, set()),
    "sound": (Film(layout="mono"), GOOD, {"loudness"}),
    "audio-start": (Film(sound_from_s=0.05, sound_s=2.95), GOOD, set()),
    "ends": (Film(sound_s=2.5), GOOD, {"length", "samples"}),
    "length": (Film(sound_s=3.5), GOOD, {"ends", "samples"}),
    "samples": (Film(sound_s=3.03), GOOD, set()),
    "sound-decodes": (Film(damage="audio"), GOOD, set()),
    "loudness": (Film(gain=0.5), GOOD, set()),
    "peak": (Film(burst=(0.7, 0.9)), GOOD, set()),
    "scene-loudness": (replace(SIX_S, halves=(1.1, 0.75)), LONG, set()),
    "not-silent": (replace(SIX_S, hole_s=(2.0, 4.0)), LONG, set()),
    "clicks": (Film(burst=(1.505, 0.3)), GOOD, set()),
}


def names_of(checks):
    """Name what failed."""
    return {one.id for one in failed(checks)}


@pytest.fixture(scope="module")
def good_film(tmp_path_factory):
    """Write a good film once."""
    return write(tmp_path_factory.mktemp("film") / "good.mp4", Film())


def test_a_good_film(good_film):
    """A film that is as its plan says passes every check."""
    assert set() == names_of(check_film(probe(good_film), GOOD))


def test_every_check_has_a_bad_film(good_film):
    """No check is there that no file can fail."""
    assert set(BAD) == {one.id for one in check_film(probe(good_film), GOOD)}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_film(name, tmp_path):
    """The film with this one fault fails this check, and none that does not follow from it."""
    film, expected, also = BAD[name]

    assert {name, *also} == names_of(check_film(probe(write(tmp_path / "bad.mp4", film)), expected))


def test_a_film_without_sound(tmp_path):
    """A silent film lacks a track; what is not there is not measured."""
    path = write(tmp_path / "mute.mp4", Film(sounds=0))

    assert {"tracks"} == names_of(check_film(probe(path), GOOD))


def test_a_film_without_tags(tmp_path):
    """A film that names neither book nor licence fails whether or not a plan is known."""
    found = probe(write(tmp_path / "bare.mp4", Film(tags={})))

    assert {"attribution"} == names_of(check_film(found, replace(GOOD, credits=None)))
    assert {"attribution"} == names_of(check_film(found, GOOD))


def test_a_film_without_pictures(good_film):
    """A sound file is no film."""
    found = replace(probe(good_film), video=None)

    assert {"video"} == names_of(check_film(found, GOOD))


def test_a_broken_file(tmp_path):
    """A file that cannot be decoded is never completed."""
    path = tmp_path / "broken.mp4"
    path.write_bytes(b"not a film")

    with pytest.raises(Permanent, match="cannot be decoded"):
        probe(path)


def test_a_pause_of_the_plan_is_no_hole(tmp_path):
    """Silence is allowed as long as the scene's own pauses say."""
    film, expected, _ = BAD["not-silent"]
    found = probe(write(tmp_path / "pause.mp4", film))

    assert "not-silent" not in names_of(check_film(found, replace(expected, pauses_s=(2.5, 0.9))))


def test_an_audio_lesson(good_film):
    """An audio lesson is checked for its sound alone."""
    found = probe(good_film)

    assert set() == names_of(check_sound(replace(found, video=None), GOOD))


def test_a_key_frame_is_no_movement(tmp_path):
    """What is only coded anew does not count as something that happens."""
    film = Film(picture="frozen", keys=(0, 20, 45, 70))
    found = probe(write(tmp_path / "frozen.mp4", film))

    assert {"not-frozen"} == names_of(check_film(found, STILL))


def test_what_was_not_checked_fails_nothing():
    """A check that could not be made says why, and does not count as failed."""
    left = not_checked("size", "the plan's", "no plan beside it")

    assert ([], "not checked: no plan beside it") == (failed([left]), left.value)


def test_the_watcher_sees_the_end(good_film):
    """Whoever watches is told of picture and sound together, each second of both."""
    seen = []
    probe(good_film, seen.append)

    assert 5.9 < seen[-1] < 6.1
    assert sorted(seen) == seen


def test_the_report_is_json(good_film):
    """What was found is kept beside the film, each finding with its limit."""
    assert b'"passed": true' in report(check_film(probe(good_film), GOOD))
