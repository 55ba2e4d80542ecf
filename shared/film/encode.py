"""Encode a scene's pictures to H.264: constant rate, every frame present, no sound.

All scenes use equal settings, so that `join` may copy their packets: no B-frames (the first dts is
0), a key frame first, BT.709 converted and tagged.  Only the rectangle that changed is converted
to YUV; an unchanged frame is the same buffer encoded again, which x264 turns into a few bytes.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import av
import numpy as np

from shared.film.clock import FPS

KEY_FRAMES = 150  # the most frames between two places to seek to
TIME_BASE = 90_000
_BT709, _LIMITED = 1, 1
_OPTIONS = {
    "preset": "veryfast",
    "crf": "20",
    "bf": "0",
    "profile": "high",
    "forced-idr": "1",
    "x264-params": f"keyint={KEY_FRAMES}:min-keyint=1:scenecut=0:ref=1",
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


def encode(frames: Iterable[Sequence[Patch]], size: Size = FULL, threads: int = 2) -> bytes:
    """Encode one frame per entry: what changed in it; the first covers everything.

    The number of threads decides the bytes: keep it.
    """
    file = io.BytesIO()
    options = {"video_track_timescale": str(TIME_BASE), "fflags": "+bitexact"}
    with av.open(file, "w", format="mp4", options=options) as out:
        stream = _stream(out, size, threads)
        picture = _Picture(size)
        for index, patches in enumerate(frames):
            frame = picture.after(patches)
            frame.pts, frame.time_base = index, Fraction(1, FPS)
            frame.pict_type = av.video.frame.PictureType(int(index == 0))  # 1 = a key frame
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return file.getvalue()


def _stream(out: av.container.OutputContainer, size: Size, threads: int) -> av.VideoStream:
    stream = out.add_stream("libx264", rate=FPS, options=_OPTIONS)
    stream.width, stream.height, stream.pix_fmt = size.width, size.height, "yuv420p"
    codec = stream.codec_context
    codec.time_base, codec.thread_count = Fraction(1, FPS), threads
    codec.thread_type = "FRAME"  # the default, by slices, is slower
    codec.color_range, codec.colorspace = _LIMITED, _BT709
    codec.color_primaries, codec.color_trc = _BT709, _BT709
    return stream


class _Picture:
    """The picture as it stands, in the planes that x264 wants."""

    def __init__(self, size: Size) -> None:
        self._size = size
        height, width = size.height, size.width
        shapes = ((height, width), (height // 2, width // 2), (height // 2, width // 2))
        self._planes = [np.zeros(shape, np.uint8) for shape in shapes]
        self._frame: av.VideoFrame | None = None

    def after(self, patches: Sequence[Patch]) -> av.VideoFrame:
        """Give the frame with patches laid over it; the encoder may still hold earlier ones."""
        for patch in patches:
            self._convert(patch)
        if patches or self._frame is None:
            self._frame = self._drawn()
        return self._frame

    def _convert(self, patch: Patch) -> None:
        whole = av.VideoFrame.from_ndarray(np.ascontiguousarray(patch.rgb), format="rgb24")
        yuv = whole.reformat(format="yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG")
        height, width = patch.rgb.shape[:2]
        for plane, source, scale in zip(self._planes, yuv.planes, (1, 2, 2), strict=True):
            top, left, rows, columns = (n // scale for n in (patch.top, patch.left, height, width))
            fresh = np.frombuffer(bytes(source), np.uint8).reshape(-1, source.line_size)
            plane[top : top + rows, left : left + columns] = fresh[:rows, :columns]

    def _drawn(self) -> av.VideoFrame:
        frame = av.VideoFrame(self._size.width, self._size.height, "yuv420p")
        for plane, array in zip(frame.planes, self._planes, strict=True):
            gap = plane.line_size - array.shape[1]
            plane.update((np.pad(array, ((0, 0), (0, gap))) if gap else array).tobytes())
        return frame
