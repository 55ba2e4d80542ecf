"""Read WebVTT files, ours and those of others: cue names, settings and tags are passed over."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

from shared.film.captions import Cue

_MOMENT = r"(?:\d+:)?\d{2}:\d{2}\.\d{3}"
_CUE = re.compile(rf"({_MOMENT}) +--> +({_MOMENT})[^\n]*\n((?:[^\n]+\n?)*)")
_LANGUAGE = re.compile(r"^Language: *(\S+)", re.MULTILINE)
_TAG = re.compile(r"</?[^<>]*>")
_PARTS = 3


@dataclass(frozen=True, slots=True)
class Track:
    """A caption file's cues and its language; empty when its head names none."""

    cues: tuple[Cue, ...]
    language: str


def parse(text: str) -> Track:
    """Read a WebVTT file; raises ValueError when it is none."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if not re.match(r"WEBVTT(\s|$)", text):
        raise ValueError("a WebVTT file begins with WEBVTT")
    language = _LANGUAGE.search(text.split("\n\n", 1)[0])
    cues = tuple(
        Cue(_seconds(start), _seconds(end), unescape(_TAG.sub("", words)).strip())
        for start, end, words in _CUE.findall(text)
    )
    return Track(cues, language[1] if language else "")


def _seconds(stamp: str) -> float:
    hours, minutes, seconds = ["0", *stamp.split(":")][-_PARTS:]
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)
