"""What a finished lesson must be before it may be called completed.

Each check has an id, what was found, what is allowed and whether it passed; one failure and the
lesson is not completed.  `picture_checks`, `sound_checks` and `caption_checks` hold most of them.
"""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, UnidentifiedImageError

from shared.film.clock import FPS, seconds_at
from shared.film.findings import Check, Expected, failed, not_checked, report, told
from shared.film.picture_checks import NO_PLAN, picture_checks
from shared.film.probe import Probe
from shared.film.sound_checks import sound_checks
from shared.film.thumbnail import SHORT_SIDE

__all__ = [
    "Check", "Expected", "check_film", "check_sound", "check_thumbnail", "failed", "not_checked",
    "report", "told",
]  # fmt: skip

_MOST_BYTES_PER_S = 40 * 1024 * 1024 / 180
_LEAST_BYTES = 2 * 1024 * 1024
_MOST_THUMBNAIL_BYTES = 2 * 1000 * 1000
_CONTRAST = 4.5
_DARK, _LIGHT = 0.5, 90  # percentiles: letters cover little of a cover


def check_film(found: Probe, expected: Expected) -> list[Check]:
    """Check a film."""
    if found.video is None:
        return [Check("video", "no video track", "one", passed=False)]
    return [*picture_checks(found.video, expected), *_together(found, expected)]


def check_sound(found: Probe, expected: Expected) -> list[Check]:
    """Check an audio lesson."""
    return _together(found, expected)


def check_thumbnail(content: bytes) -> list[Check]:
    """Check a lesson's cover: its size, and that its letters stand out."""
    wanted = f"shorter side {SHORT_SIDE} px"
    try:
        picture = Image.open(io.BytesIO(content)).convert("L")
    except (UnidentifiedImageError, OSError):
        return [Check("thumbnail", "no picture", wanted, passed=False)]
    size = f"{picture.width}x{picture.height} px"
    dark, light = (float(np.percentile(np.asarray(picture), share)) for share in (_DARK, _LIGHT))
    contrast = (_luminance(light) + 0.05) / (_luminance(dark) + 0.05)
    return [
        Check("thumbnail", size, wanted, min(picture.size) == SHORT_SIDE),
        Check(
            "thumbnail-bytes", f"{len(content)} bytes", f"<= {_MOST_THUMBNAIL_BYTES} bytes",
            len(content) <= _MOST_THUMBNAIL_BYTES,
        ),
        Check(
            "thumbnail-contrast", f"{contrast:.1f} : 1", f">= {_CONTRAST} : 1",
            contrast >= _CONTRAST,
        ),
    ]  # fmt: skip


def _luminance(grey: float) -> float:
    """Give the relative luminance of a grey of 0..255, as WCAG 2 defines it."""
    share = grey / 255
    return float(share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4)  # noqa: PLR2004 - the standard's own numbers


def _together(found: Probe, expected: Expected) -> list[Check]:
    most = max(_LEAST_BYTES, round(_MOST_BYTES_PER_S * seconds_at(sum(expected.frames))))
    first = "moov before mdat" if found.faststart else "no moov before mdat"
    about = [
        _tracks(found),
        Check("bytes", f"{found.size} bytes", f"<= {most} bytes", found.size <= most),
        Check("fast-start", first, "moov before mdat", found.faststart),
        _attribution(found, expected),
        _chapters(found, expected),
    ]
    if found.audio is None:
        return about
    return [*about, *sound_checks(found.audio, found.video, expected)]


def _tracks(found: Probe) -> Check:
    pictures = 0 if found.video is None else 1
    limit = f"{pictures} video, 1 sound"
    value = f"{found.tracks[0] if pictures else 0} video, {found.tracks[1]} sound"
    return Check("tracks", value, limit, value == limit)


def _attribution(found: Probe, expected: Expected) -> Check:
    """Look for the book, its address and its licence in the tags that travel with the file."""
    tags = [found.tags.get(name, "") for name in ("comment", "copyright")]
    lost = [part for part in expected.credits or () if part not in " ".join(tags)]
    if expected.credits is not None and all(tags):
        return Check("attribution", f"missing: {told(lost)}", "the plan's book", not lost)
    value = f"comment {len(tags[0])}, copyright {len(tags[1])} characters"
    return Check("attribution", value, "a comment and a copyright", all(tags))


def _chapters(found: Probe, expected: Expected) -> Check:
    """Compare the chapters inside the file with the scenes: names, and starts within a frame."""
    if expected.titles is None:
        return not_checked("chapters", "one per scene", NO_PLAN)
    starts = [seconds_at(sum(expected.frames[:n])) for n in range(len(expected.frames))]
    told_ = [(name, start) for name, start in found.chapters]
    right = len(told_) == len(starts) and all(
        name == title and abs(at - start) <= 1 / FPS
        for (name, at), title, start in zip(told_, expected.titles, starts, strict=False)
    )
    wrong = f"{len(told_)} chapters, {'as' if right else 'not as'} the scenes are"
    return Check("chapters", wrong, f"{len(starts)}, each at its scene's frame", right)
