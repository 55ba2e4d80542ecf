"""The test card: colours come back, and picture and sound stay together."""

import io
from dataclasses import replace
from fractions import Fraction

import av
import pytest

from shared.film.card import SIZE, card_parts, card_sound, check_card, picture, write_card
from shared.film.findings import failed
from shared.film.join import join_film


@pytest.fixture(scope="module")
def parts():
    """Encode the card's scenes once."""
    return card_parts()


def names_of(checks):
    """Name what failed."""
    return [one.id for one in failed(checks)]


def other_matrix(frames: int) -> bytes:
    """Encode the card's picture as an encoder does that nobody told about BT.709."""
    file = io.BytesIO()
    with av.open(file, "w", format="mp4", options={"video_track_timescale": "90000"}) as out:
        stream = out.add_stream("libx264", rate=30, options={"bf": "0", "crf": "10"})
        stream.width, stream.height, stream.pix_fmt = SIZE.width, SIZE.height, "yuv420p"
        for index in range(frames):
            rgb = av.VideoFrame.from_ndarray(picture(marked=index == 0), format="rgb24")
            frame = rgb.reformat(format="yuv420p", dst_colorspace="ITU601")
            frame.pts, frame.time_base = index, Fraction(1, 30)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return file.getvalue()


def test_our_own_encoder(tmp_path):
    """A card that our encoder and our join made shows its colours and is in time."""
    write_card(tmp_path / "card.mp4")

    assert [] == names_of(check_card(tmp_path / "card.mp4"))


def test_a_sound_that_is_late(parts, tmp_path):
    """Ten milliseconds between picture and sound are too many."""
    join_film(tmp_path / "card.mp4", parts, card_sound(late_s=0.01), {})

    assert ["drift"] == names_of(check_card(tmp_path / "card.mp4"))


def test_colours_of_another_matrix(parts, tmp_path):
    """Colours converted by BT.601 look wrong when they are shown as BT.709."""
    wrong = [replace(part, video=other_matrix(part.frames)) for part in parts]
    join_film(tmp_path / "card.mp4", wrong, card_sound(), {})

    assert ["colour"] == names_of(check_card(tmp_path / "card.mp4"))
