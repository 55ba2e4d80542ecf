"""Captions: exactly the words of each line's `text`, timed by the words that were spoken.

Rules, as captioning guides for schools have them: at most two lines of 42 characters (32 below
grade 6), 1 to 7 seconds, 17 characters a second wherever the speech leaves time for it, no overlap,
gaps of none or at least two frames, and no line break between a number and its unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import pairwise

from shared.film.clock import seconds_at
from shared.film.narration import SpokenLine
from shared.film.words import TimedWord, timed_words
from shared.lesson.plan import Plan, Scene

THINK = "[pause to think]"
LONGEST_S, SHORTEST_S = 7.0, 1.0
LINES = 2
THINK_FROM_S = 3.0
FASTEST_CPS = 17.0  # characters a second that students still read
_EASE_S = 0.1  # a cue may begin so much before or after its word: 0.15 s would be seen
_JOIN_WITHIN_S = 1.0  # a shorter silence between two cues is no gap, the first one stays
_LINGER_S = 0.5
_LEAST_GAP_S = 0.1  # a shorter one only flickers
_TAIL_S = 0.3  # the scene fades out
_PAUSE_BONUS = 18  # a cut after a comma may leave parts that differ by so many characters
_HOUR_S, _MINUTE_S = 3600, 60


@dataclass(frozen=True, slots=True)
class Cue:
    """One caption: its lines, joined by a line end, and when it shows, in seconds of the film."""

    start_s: float
    end_s: float
    text: str


@dataclass(frozen=True, slots=True)
class _Piece:
    """The words of one cue."""

    words: tuple[TimedWord, ...]

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def start_s(self) -> float:
        return self.words[0].start_s

    @property
    def end_s(self) -> float:
        return self.words[-1].end_s


def line_length(plan: Plan) -> int:
    """Give the most characters of a line: fewer for young readers and on a narrow picture."""
    return 32 if plan.brief.grade_band in ("1-2", "3-5") or plan.shape == "tall" else 42


def scene_cues(
    scene: Scene, lines: Sequence[SpokenLine], frames: int, base: int, length: int
) -> list[Cue]:
    """Caption one scene that starts at frame `base` of the film."""
    pieces: list[_Piece] = []
    pauses: list[Cue] = []
    for line, spoken in zip(scene.say, lines, strict=True):
        pieces += _split(_Piece(timed_words(line.text, line.spoken, spoken)), length)
        if line.pause_s >= THINK_FROM_S:
            start = spoken.end_s + _LINGER_S
            pauses.append(Cue(start, min(spoken.until_s - 0.1, start + LONGEST_S), THINK))
    cues = _timed(_merged(pieces, length), pauses, seconds_at(frames) - _TAIL_S, length)
    cues = _eased(cues)
    offset = seconds_at(base)
    return [
        replace(cue, start_s=round(cue.start_s + offset, 3), end_s=round(cue.end_s + offset, 3))
        for cue in cues
    ]


def webvtt(cues: Sequence[Cue], language: str) -> str:
    """Write a WebVTT file; its head names the language, which players otherwise have to guess."""
    blocks = [
        f"{stamp(cue.start_s)} --> {stamp(cue.end_s)}\n{escape(cue.text, quote=False)}"
        for cue in cues
    ]
    return "\n\n".join([f"WEBVTT\nKind: captions\nLanguage: {language}", *blocks]) + "\n"


def stamp(seconds: float) -> str:
    """Write a moment as WebVTT does: 00:01:02.345."""
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    minutes, rest = divmod(whole % _HOUR_S, _MINUTE_S)
    return f"{whole // _HOUR_S:02d}:{minutes:02d}:{rest:02d}.{thousandths:03d}"


def _split(piece: _Piece, length: int) -> list[_Piece]:
    """Cut a sentence into pieces that fit two lines and seven seconds."""
    if not piece.words:
        return []
    fits = broken(piece.text, length) is not None
    if len(piece.words) == 1 or (fits and piece.end_s - piece.start_s <= LONGEST_S - _LINGER_S):
        return [piece]
    cut = _best_cut([word.text for word in piece.words])
    left, right = _Piece(piece.words[:cut]), _Piece(piece.words[cut:])
    return [*_split(left, length), *_split(right, length)]


def _merged(pieces: Sequence[_Piece], length: int) -> list[_Piece]:
    """Join a cue that would be too short with the one after it."""
    kept: list[_Piece] = []
    for piece in pieces:
        last = kept[-1] if kept else None
        if last is not None and piece.start_s - last.start_s < SHORTEST_S:
            both = _Piece((*last.words, *piece.words))
            if broken(both.text, length) is not None:
                kept[-1] = both
                continue
        kept.append(piece)
    return kept


def _timed(
    pieces: Sequence[_Piece], pauses: Sequence[Cue], latest_s: float, length: int
) -> list[Cue]:
    cues = [Cue(one.start_s, one.end_s, broken(one.text, length) or one.text) for one in pieces]
    cues = sorted([*cues, *pauses], key=lambda cue: cue.start_s)
    ended = []
    for cue, after in pairwise([*cues, None]):
        assert cue is not None  # noqa: S101 - only the last of the pairs is None
        limit = latest_s if after is None else after.start_s
        gap = limit - cue.end_s
        close = after is not None and gap <= _JOIN_WITHIN_S
        readable = cue.start_s + max(SHORTEST_S, len(cue.text) / FASTEST_CPS)
        end = limit if close else min(limit, max(cue.end_s + _LINGER_S, readable))
        end = min(end, cue.start_s + LONGEST_S)
        if after is not None and 0 < limit - end < _LEAST_GAP_S:
            end = limit - _LEAST_GAP_S
        ended.append(replace(cue, end_s=end))
    return ended


def _eased(cues: Sequence[Cue]) -> list[Cue]:
    """Give a cue that is too fast a little of its neighbour's time, where that one can spare it."""
    eased = list(cues)
    for index in range(1, len(eased)):
        left, right = eased[index - 1], eased[index]
        if left.end_s != right.start_s:
            continue
        later = min(_EASE_S, max(0.0, _lacks(left)), max(0.0, -_lacks(right)))
        earlier = min(_EASE_S, max(0.0, _lacks(right)), max(0.0, -_lacks(left)))
        at = right.start_s + later - earlier
        eased[index - 1], eased[index] = replace(left, end_s=at), replace(right, start_s=at)
    return eased


def _lacks(cue: Cue) -> float:
    """Tell how many seconds a cue is too short to be read; below zero, how many it can spare."""
    needed = SHORTEST_S if cue.text == THINK else max(SHORTEST_S, len(cue.text) / FASTEST_CPS)
    return needed - (cue.end_s - cue.start_s)


def broken(text: str, length: int) -> str | None:
    """Break a caption into at most two lines of about the same length; None when it is too long."""
    if len(text) <= length:
        return text
    words = text.split()
    allowed = [
        cut
        for cut in range(1, len(words))
        if not binds(words[cut - 1])
        and len(" ".join(words[:cut])) <= length
        and len(" ".join(words[cut:])) <= length
    ]
    if not allowed:
        return None
    best = min(allowed, key=lambda cut: _unevenness(words, cut))
    return " ".join(words[:best]) + "\n" + " ".join(words[best:])


def _best_cut(words: Sequence[str]) -> int:
    cuts = [cut for cut in range(1, len(words)) if not binds(words[cut - 1])]
    return min(cuts or [len(words) // 2], key=lambda cut: _unevenness(words, cut))


def _unevenness(words: Sequence[str], cut: int) -> float:
    left, right = len(" ".join(words[:cut])), len(" ".join(words[cut:]))
    pause = words[cut - 1][-1] in ",;:.?!"
    return abs(left - right) - (_PAUSE_BONUS if pause else 0)


def binds(word: str) -> bool:
    """Tell whether a word is a number: its unit follows."""
    return word[-1].isdigit()
