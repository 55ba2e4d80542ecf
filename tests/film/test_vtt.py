"""WebVTT files are read as they were written, by us and by others."""

import pytest

from shared.film.captions import Cue, webvtt
from shared.film.vtt import parse

CUES = (Cue(1.0, 62.5, "a < b\nand c"), Cue(63.0, 3604.0, "d & e"))


def test_our_own_file():
    """What `webvtt` writes comes back, language included."""
    track = parse(webvtt(CUES, "en"))

    assert (CUES, "en") == (track.cues, track.language)


def test_somebody_elses_file():
    """Names, settings, tags, notes, short times and Windows line ends are no obstacle."""
    text = (
        "\ufeffWEBVTT - made elsewhere\r\n\r\nNOTE nothing\r\n\r\nintro\r\n"
        "00:01.000 --> 00:02.500 align:start position:10%\r\n<v Ann>Hello <i>you</i>\r\n"
    )

    assert (Cue(1.0, 2.5, "Hello you"),) == parse(text).cues


def test_something_else():
    """A file of another kind is refused in words."""
    with pytest.raises(ValueError, match="begins with WEBVTT"):
        parse("1\n00:00:01,000 --> 00:00:02,000\nHello\n")
