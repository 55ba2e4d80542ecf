"""Encode a scene's pictures to H.264: constant rate, every frame present, no sound.

All scenes use equal settings, so that `join` may copy their packets: no B-frames (the first dts is
0), a key frame first, BT.709 converted and tagged.  Only the rectangle that changed is converted
to YUV.  `encode` shows every frame to the encoder; `skipped` only those that changed.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace, VideoReformatter

from shared.film.clock import FPS

KEY_FRAMES = 60  # the most frames between two places to seek to
TIME_BASE = 90_000
THREADS = 2  # their number decides the bytes
_BT709, _LIMITED = 1, 1
_OPTIONS = {
    "preset": "veryfast",
    "crf": "20",
    "bf": "0",
    "profile": "high",
    "forced-idr": "1",
    # `subme` and the lookahead make little of slides, but a third of the work; the last makes one
    # machine's bytes another's.
    "x264-params": f"keyint={KEY_FRAMES}:min-keyint=1:scenecut=0:ref=1:subme=1:rc-lookahead=5"
    ":cpu-independent=1",
}


@dataclass(frozen=True, slots=True)
class Size:
    """A picture's size in pixels; both even."""

    width: int
    height: int


FULL = Size(1920, 1080)


@dataclass(frozen=True, slots=True)
class Patch:
    """What changed in a frame: an RGB rectangle of shape (height, width, 3), even-aligned."""

    left: int
    top: int
    rgb: np.ndarray


@dataclass(frozen=True, slots=True)
class Fade:
    """The last patched picture, by a share of 0..1 on its way to one colour."""

    rgb: tuple[int, int, int]
    share: float


Change: TypeAlias = Patch | Fade


def encode(frames: Iterable[Sequence[Change]], size: Size = FULL) -> bytes:
    """Encode one frame per entry: what changed in it; the first covers everything."""
    file = io.BytesIO()
    with video_track(file, size) as (out, stream):
        picture = Picture(size)
        for index, patches in enumerate(frames):
            out.mux(stream.encode(picture.after(patches, index, key=not index)))
        out.mux(stream.encode(None))
    return file.getvalue()


@contextmanager
def video_track(
    file: io.BytesIO, size: Size
) -> Iterator[tuple[av.container.OutputContainer, av.VideoStream]]:
    """Open an MP4 with the one kind of track that all scenes have; what it holds is not written."""
    options = {"video_track_timescale": str(TIME_BASE), "fflags": "+bitexact"}
    with av.open(file, "w", format="mp4", options=options) as out:
        stream = out.add_stream("libx264", rate=FPS, options=_OPTIONS)
        stream.width, stream.height, stream.pix_fmt = size.width, size.height, "yuv420p"
        codec = stream.codec_context
        codec.time_base, codec.thread_count = Fraction(1, FPS), THREADS
        codec.thread_type = "FRAME"  # the default, by slices, is slower
        codec.color_range, codec.colorspace = _LIMITED, _BT709
        codec.color_primaries, codec.color_trc = _BT709, _BT709
        yield out, stream


class Picture:
    """The picture as it stands, in the planes that x264 wants."""

    def __init__(self, size: Size) -> None:
        self._frame = av.VideoFrame(size.width, size.height, "yuv420p")
        self._frame.time_base = Fraction(1, FPS)
        self._planes = [_rows(plane) for plane in self._frame.planes]
        self._before: tuple[bytes, ...] = ()  # the planes from which a fade started
        self._reformatter = VideoReformatter()  # keeps what it works out for a size

    def after(self, changes: Sequence[Change], index: int, *, key: bool) -> av.VideoFrame:
        """Give the frame with the changes made to it.

        It is the same frame each time: the encoder copies it before it returns.
        """
        for change in changes:
            if isinstance(change, Fade):
                self._fade(change)
            else:
                self._patch(change)
        self._frame.pts = index
        self._frame.pict_type = av.video.frame.PictureType(int(key))  # 1 = a key frame
        return self._frame

    def _patch(self, patch: Patch) -> None:
        self._before = ()
        height, width = patch.rgb.shape[:2]
        yuv = self._converted(patch.rgb)
        for plane, source, scale in zip(self._planes, yuv, (1, 2, 2), strict=True):
            top, left, rows, columns = (n // scale for n in (patch.top, patch.left, height, width))
            plane[top : top + rows, left : left + columns] = source[:rows, :columns]

    def _fade(self, fade: Fade) -> None:
        self._before = self._before or tuple(plane.tobytes() for plane in self._planes)
        colour = self._converted(np.full((2, 2, 3), fade.rgb, np.uint8))
        for plane, before, source in zip(self._planes, self._before, colour, strict=True):
            every = np.arange(256) * (1 - fade.share) + int(source[0, 0]) * fade.share
            faded = before.translate(np.rint(every).astype(np.uint8).tobytes())
            plane[:] = np.frombuffer(faded, np.uint8).reshape(plane.shape)

    def _converted(self, rgb: np.ndarray) -> list[np.ndarray]:
        whole = av.VideoFrame.from_ndarray(np.ascontiguousarray(rgb), format="rgb24")
        yuv = self._reformatter.reformat(
            whole,
            format="yuv420p",
            dst_colorspace=Colorspace.ITU709,
            dst_color_range=ColorRange.MPEG,
        )
        return [_rows(plane) for plane in yuv.planes]


def _rows(plane: av.video.plane.VideoPlane) -> np.ndarray:
    """Give a plane's own bytes, row by row, with what lies beyond the picture's edge."""
    return np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)


def same(one: av.VideoFrame, other: av.VideoFrame) -> bool:
    """Tell whether two frames show the same, bit for bit."""
    return all(
        np.array_equal(_shown(mine), _shown(others))
        for mine, others in zip(one.planes, other.planes, strict=True)
    )


def _shown(plane: av.video.plane.VideoPlane) -> np.ndarray:
    """Give a plane's bytes without what lies beyond the picture's edge, eight at once if even."""
    inside = _rows(plane)[: plane.height, : plane.width]
    return inside.view(np.uint64) if plane.width % 8 == 0 else inside
