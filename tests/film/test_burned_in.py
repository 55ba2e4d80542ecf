"""The command that draws captions into a film: what changes, what stays, and what it refuses."""

from pathlib import Path

import av
import numpy as np
import pytest

from shared.film.burned_in import main
from shared.film.burning import burn
from shared.film.captions import Cue, webvtt
from tests.film.films import HEIGHT, WIDTH, Film, write

CUES = (Cue(0.5, 1.0, "a"), Cue(1.5, 2.5, "two <lines>\nof text"))


@pytest.fixture(scope="module")
def films(tmp_path_factory) -> tuple[Path, Path]:
    """Write a film and its captions, and burn them in once."""
    folder = tmp_path_factory.mktemp("film")
    film = write(folder / "film.mp4", Film(picture="still"))
    (folder / "captions.vtt").write_text(webvtt(CUES, "en"))
    assert 0 == main([str(film)])
    return film, folder / "film-captioned.mp4"


@pytest.fixture
def folder(films, tmp_path, monkeypatch) -> Path:
    """Work in a folder with the film and captions of three kinds."""
    monkeypatch.chdir(tmp_path)
    Path("film.mp4").write_bytes(films[0].read_bytes())
    Path("empty.vtt").write_text("WEBVTT\n")
    Path("odd.vtt").write_text("what is this")
    Path("good.vtt").write_text(webvtt(CUES, "en"))
    return tmp_path


def pictures(film: Path) -> dict[float, np.ndarray]:
    """Decode a film to its brightness by time."""
    with av.open(str(film)) as source:
        return {round(frame.time, 2): luma(frame) for frame in source.decode(video=0)}


def luma(frame: av.VideoFrame) -> np.ndarray:
    """Give the Y plane without its padding."""
    return frame.to_ndarray(format="gray").astype(int)


def sound(film: Path) -> list[bytes]:
    """Give the packets of the sound."""
    with av.open(str(film)) as source:
        return [bytes(packet) for packet in source.demux(audio=0) if packet.size]


def test_captions_are_seen_while_they_last(films):
    """The lower part of the picture changes during a cue, and only then."""
    before, after = (pictures(film) for film in films)
    changed = {at: np.abs(after[at] - before[at])[HEIGHT // 2 :].max() > 60 for at in before}

    assert all(changed[at] for at in changed if 0.5 <= at < 1.0 or 1.5 <= at < 2.5)
    assert not any(changed[at] for at in changed if at < 0.5 or 1.0 <= at < 1.5 or at >= 2.5)


def test_the_upper_half_stays(films):
    """Above the captions the picture is the film's."""
    before, after = (pictures(film) for film in films)

    assert all(np.abs(after[at] - before[at])[: HEIGHT // 2].mean() < 4 for at in before)


def test_the_sound_is_copied(films):
    """Not a byte of the sound changes."""
    assert sound(films[0]) == sound(films[1])


def test_chapters_and_tags_are_kept(films):
    """Who made the book, its licence, and the chapters travel on."""
    told = []
    for film in films:
        with av.open(str(film)) as source:
            marks = [
                (one["metadata"]["title"], float(one["start"] * one["time_base"]))
                for one in source.chapters()
            ]
            told.append((marks, source.metadata["copyright"], source.metadata["comment"]))

    assert told[0] == told[1]


def test_every_picture_is_there(films):
    """The copy has as many pictures, at the same moments and of the same size."""
    before, after = (pictures(film) for film in films)

    assert list(before) == list(after)
    assert {(HEIGHT, WIDTH)} == {picture.shape for picture in after.values()}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["gone.mp4"], "There is no film at"),
        (["film.mp4"], "There are no captions beside"),
        (["film.mp4", "--captions", "gone.vtt"], "gone.vtt"),
        (["film.mp4", "--captions", "empty.vtt"], "nothing to draw"),
        (["film.mp4", "--captions", "odd.vtt"], "begins with WEBVTT"),
        (["film.mp4", "--captions", "good.vtt", "--out", "film.mp4"], "the film itself"),
    ],
)
def test_mistakes(folder, capsys, arguments, said):
    """A user's mistake ends in one sentence, and leaves nothing behind."""
    there = set(folder.iterdir())

    assert 2 == main(arguments)
    assert said in capsys.readouterr().err
    assert there == set(folder.iterdir())


def test_a_letter_that_no_font_draws(films, tmp_path):
    """A caption is never drawn as boxes."""
    with pytest.raises(ValueError, match="No font"):
        burn(films[0], [Cue(0.0, 1.0, "漢字")], tmp_path / "out.mp4")
