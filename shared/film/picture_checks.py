"""Check a film's pictures: how they are coded, and what is seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from shared.film.clock import FPS, seconds_at
from shared.film.encode import KEY_FRAMES, TIME_BASE
from shared.film.findings import Check, Expected, not_checked, told
from shared.film.probe import Frame, Video

CODEC = "h264 High yuv420p 1/1/1"  # BT.709 three times
NO_PLAN = "no checks.json beside it"
_HIGHEST_LEVEL = 42
_DARKEST, _FLATTEST = 40.0, 2.0  # luma: paper is 236, black 16; a scene's best frame counts
_STILL = 0.02  # mean luma change: less is no movement
_BLACK_SHARE, _BLACK_FRAMES = 0.98, 3
_HOLD_MARGIN_S = 1.0
_BORDER_LUMA = 12.0
_REVEAL_S, _SHARE = 0.3, 0.95


def picture_checks(video: Video, expected: Expected) -> list[Check]:
    """Check everything about the video track."""
    return [*_coded(video, expected), *_timed(video, expected), *_seen(video, expected)]


def _coded(video: Video, expected: Expected) -> list[Check]:
    size = f"{video.width}x{video.height}"
    wanted = expected.size and f"{expected.size.width}x{expected.size.height}"
    level = f"{video.level / 10:.1f}" if video.level else "unknown"
    scan = "interlaced" if video.interlaced else "progressive"
    damaged = f"{len(video.damaged)} damaged frames"
    return [
        Check("codec", video.codec, CODEC, video.codec == CODEC),
        Check(
            "level", level, f"<= {_HIGHEST_LEVEL / 10:.1f}", 0 < video.level <= _HIGHEST_LEVEL
        ),
        Check("scan", scan, "progressive", not video.interlaced),
        Check("colour-range", video.range, "tv", video.range == "tv"),
        Check("size", f"{size} px", f"{wanted} px", size == wanted)
        if wanted
        else not_checked("size", "the plan's", NO_PLAN),
        Check(
            "parameters", video.parameters[:12], expected.parameters[:12] or "any",
            expected.parameters in ("", video.parameters),
        ),
        Check("decodes", damaged, "0 damaged frames", not video.damaged),
    ]  # fmt: skip


def _timed(video: Video, expected: Expected) -> list[Check]:
    count, total = len(video.frames), sum(expected.frames)
    order = sorted(frame.pts for frame in video.frames)
    steps = {(after - before) * video.time_base for before, after in pairwise(order)}
    ticks = sorted(int(step * TIME_BASE) for step in steps)
    rates = f"{video.average_rate} and {video.base_rate}"
    missed = _without_key(video, expected)
    keys = [place for place, frame in enumerate(video.frames) if frame.key]
    apart = max((after - before for before, after in pairwise([*keys, count])), default=0)
    return [
        Check("rate", f"{rates} fps", f"{FPS} and {FPS} fps", rates == f"{FPS} and {FPS}"),
        Check(
            "steps", f"{told(ticks)} /{TIME_BASE} s", f"all {TIME_BASE // FPS} /{TIME_BASE} s",
            steps <= {Fraction(1, FPS)},
        ),
        Check("frames", f"{count} frames", f"{total} frames", count == total),
        Check("video-start", f"tick {video.start}", "tick 0", video.start == 0),
        Check(
            "key-frames", f"missing in scenes: {told(missed)}", "one at each scene's start",
            not missed,
        ),
        Check(
            "key-interval", f"{apart} frames", f"<= {KEY_FRAMES} frames", 0 < apart <= KEY_FRAMES
        ),
    ]  # fmt: skip


def _without_key(video: Video, expected: Expected) -> list[int]:
    """List the scenes whose first frame cannot be seeked to."""
    missed, base = [], 0
    for n, length in enumerate(expected.frames, start=1):
        if base >= len(video.frames) or not video.frames[base].key:
            missed.append(n)
        base += length
    return missed


def _seen(video: Video, expected: Expected) -> list[Check]:
    """Check that each scene shows something, and that something happens in it."""
    dark, flat, frozen = [], [], []
    for n, frames in enumerate(_scenes(video, expected), start=1):
        dark += [n] if max((one.mean for one in frames), default=0) < _DARKEST else []
        flat += [n] if max((one.spread for one in frames), default=0) < _FLATTEST else []
        frozen += [n] if not _moving(frames) else []
    return [
        Check("not-black", f"scenes: {told(dark)}", "no scene", not dark),
        Check("not-blank", f"scenes: {told(flat)}", "no scene", not flat),
        Check("not-frozen", f"scenes: {told(frozen)}", "no scene", not frozen),
        _flicker(video),
        _stillness(video, expected),
        _border(video, expected),
        _reveals(video, expected),
    ]


def _scenes(video: Video, expected: Expected) -> Iterator[Sequence[Frame]]:
    base = 0
    for length in expected.frames:
        yield video.frames[base : base + length]
        base += length


def _moving(frames: Sequence[Frame]) -> list[int]:
    """List the frames that differ from the one before, by what they show.

    A key frame is coded anew and so differs from its still neighbour all the same.
    """
    return [n for n, one in enumerate(frames) if n and not one.key and one.changed >= _STILL]


def _flicker(video: Video) -> Check:
    """Find black moments, as ffmpeg's `blackdetect=d=0.1` does."""
    runs, since = [], None
    for place, frame in enumerate([*video.frames, None]):
        if frame is not None and frame.dark >= _BLACK_SHARE:
            since = place if since is None else since
        else:
            if since is not None and place - since >= _BLACK_FRAMES:
                runs.append(f"{seconds_at(since):.2f} s")
            since = None
    return Check("no-black-moment", f"at: {told(runs)}", "none of 0.1 s", not runs)


def _stillness(video: Video, expected: Expected) -> Check:
    """Hold the longest stillness of each scene to what its plan leaves unmoved."""
    if expected.holds_s is None:
        return not_checked("stillness", "the plan's holds", NO_PLAN)
    over = []
    scenes = zip(_scenes(video, expected), expected.holds_s, strict=True)
    for n, (frames, hold_s) in enumerate(scenes, start=1):
        longest = max(
            after - before for before, after in pairwise([0, *_moving(frames), len(frames)])
        )
        if seconds_at(longest) > hold_s + _HOLD_MARGIN_S:
            over.append(f"scene {n} {seconds_at(longest):.1f} s")
    limit = f"the plan's holds + {_HOLD_MARGIN_S:.0f} s"
    return Check("stillness", f"longer: {told(over)}", limit, not over)


def _border(video: Video, expected: Expected) -> Check:
    limit = f"<= {_BORDER_LUMA:.0f} of 255 in the outer 5 %"
    if not expected.ours:
        return not_checked("safe-area", limit, NO_PLAN)
    most = max((one.border for one in video.frames), default=0.0)
    return Check("safe-area", f"{most:.0f} of 255", limit, most <= _BORDER_LUMA)


def _reveals(video: Video, expected: Expected) -> Check:
    """Measure how far the nearest movement lies from each word that reveals something."""
    limit = f"<= {_REVEAL_S * 1000:.0f} ms (p95)"
    if expected.reveals_s is None:
        return not_checked("reveals", limit, NO_PLAN)
    moving = [seconds_at(place) for place in _moving(video.frames)]
    if not moving:
        return Check("reveals", "nothing moves", limit, not expected.reveals_s)
    away = sorted(min(abs(at - word) for at in moving) for word in expected.reveals_s)
    worst = away[int(_SHARE * (len(away) - 1))] if away else 0.0
    return Check("reveals", f"{worst * 1000:.0f} ms (p95)", limit, worst <= _REVEAL_S)
