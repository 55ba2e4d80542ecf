"""Draw captions into the pictures of a film; sound, chapters and tags are copied.

Each picture is decoded, gets the caption of its moment, and is encoded anew; the packets of the
sound pass untouched.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pypdfium2
import typst

from shared.errors import Permanent
from shared.film import glyphs
from shared.film.captions import Cue
from shared.film.encode import Size
from shared.film.picture.layers import FONTS, TEMPLATES

Told = Callable[[float], None]  # how many seconds are done

_TALLEST = 0.031  # letters, of the height: two lines fit below what the lesson shows
_WIDEST = 0.86  # the longest line, of the width
_LETTER = 0.56  # mean width of a letter of Inter semibold, of its size
_ABOVE, _ABOVE_TALL = 0.02, 0.115  # free below, of the height: a tall film has more room there
_BATCH = 40  # captions drawn at once: a page is held only until its box is cut out
_OPTIONS = {"preset": "veryfast", "crf": "18", "profile": "high"}
_OF_THE_FILE = frozenset({"major_brand", "minor_version", "compatible_brands", "encoder"})


@dataclass(frozen=True, slots=True)
class Stamp:
    """A drawn caption: its place, its colours as Y, U and V, and how much each covers (0..1)."""

    top: int
    left: int
    planes: tuple[np.ndarray, np.ndarray, np.ndarray]
    cover: tuple[np.ndarray, np.ndarray]  # at full and at half size


def burn(film: Path, cues: Sequence[Cue], into: Path, told: Told = lambda _: None) -> None:
    """Write a copy of a film with its captions drawn in.

    Raises ValueError when the film has no pictures, or a caption has a character without a glyph.
    """
    with av.open(str(film)) as source:
        if not source.streams.video:
            raise ValueError(f"{film} holds no pictures to draw captions on.")
        video = source.streams.video[0]
        stamps = stamps_of(cues, Size(video.width // 2 * 2, video.height // 2 * 2))
        with _written(into, source, video) as (out, picture, sound):
            for packet in source.demux([video, *source.streams.audio[:1]]):
                if packet.stream.type == "audio" and sound is not None:
                    if packet.dts is not None:
                        packet.stream = sound
                        out.mux(packet)
                    continue
                for frame in packet.decode():
                    assert isinstance(frame, av.VideoFrame)  # noqa: S101 - it is a video stream
                    told(frame.time or 0.0)
                    out.mux(picture.encode(_captioned(frame, _at(stamps, frame.time or 0.0))))
            out.mux(picture.encode(None))


def stamps_of(cues: Sequence[Cue], size: Size) -> list[tuple[Cue, Stamp]]:
    """Draw all captions; the letters are as large as the longest line allows."""
    missing = glyphs.missing("".join(cue.text for cue in cues))
    if missing:
        raise ValueError(f"No font here draws {' '.join(missing)}, which the captions use.")
    lines = [cue.text.split("\n") for cue in cues]
    longest = max((len(line) for rows in lines for line in rows), default=1)
    tall = size.height > size.width
    told = {
        "width": size.width,
        "height": size.height,
        "size": min(
            (1 if tall else _TALLEST) * size.height, _WIDEST * size.width / longest / _LETTER
        ),
        "above": (_ABOVE_TALL if tall else _ABOVE) * size.height,
    }
    stamps: list[Stamp] = []
    for first in range(0, len(lines), _BATCH):
        stamps += _drawn({**told, "captions": lines[first : first + _BATCH]})
    return list(zip(cues, stamps, strict=True))


def _drawn(told: dict[str, object]) -> Iterator[Stamp]:
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(FONTS)])
    compiler = typst.Compiler(root=str(TEMPLATES), font_paths=fonts, ignore_system_fonts=True)
    source = str(TEMPLATES / "captions.typ")
    pdf = compiler.compile(input=source, format="pdf", sys_inputs={"scene": json.dumps(told)})
    if not isinstance(pdf, bytes):
        raise Permanent("the captions were drawn as several files")
    pages = pypdfium2.PdfDocument(pdf)
    try:
        for page in pages:
            bitmap = page.render(scale=1, fill_color=(0, 0, 0, 0), rev_byteorder=True)
            yield _stamp(bitmap.to_numpy())
    finally:
        pages.close()


def _stamp(page: np.ndarray) -> Stamp:
    """Cut out what a page draws, on even borders, and turn it into the film's colours."""
    alpha = page[:, :, 3]
    rows, columns = np.flatnonzero(alpha.any(axis=1)), np.flatnonzero(alpha.any(axis=0))
    top, left = int(rows[0]) // 2 * 2, int(columns[0]) // 2 * 2
    bottom, right = (int(rows[-1]) + 2) // 2 * 2, (int(columns[-1]) + 2) // 2 * 2
    cut = np.ascontiguousarray(page[top:bottom, left:right])
    frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(cut[:, :, :3]), format="rgb24")
    yuv = frame.reformat(format="yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG")
    height, width = cut.shape[:2]
    planes = [
        _rows(plane)[: height // d, : width // d]
        for plane, d in zip(yuv.planes, (1, 2, 2), strict=True)
    ]
    cover = cut[:, :, 3].astype(np.float32) / 255
    half = cover.reshape(height // 2, 2, width // 2, 2).mean(axis=(1, 3))
    return Stamp(top, left, (planes[0].copy(), planes[1].copy(), planes[2].copy()), (cover, half))


def _rows(plane: av.video.plane.VideoPlane) -> np.ndarray:
    return np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)


def _captioned(frame: av.VideoFrame, stamp: Stamp | None) -> av.VideoFrame:
    """Put a caption on a picture; without one the picture passes as it is."""
    frame = frame if frame.format.name == "yuv420p" else frame.reformat(format="yuv420p")
    frame.pict_type = 0  # the encoder chooses its key frames
    if stamp is None:
        return frame
    frame.make_writable()
    for plane, drawn, share in zip(frame.planes, stamp.planes, (0, 1, 1), strict=True):
        scale, cover = share + 1, stamp.cover[share]
        pixels = _rows(plane)
        top, left = stamp.top // scale, stamp.left // scale
        height, width = drawn.shape
        below = pixels[top : top + height, left : left + width]
        below[...] = np.rint(below * (1 - cover) + drawn * cover).astype(np.uint8)
    return frame


def _at(stamps: Sequence[tuple[Cue, Stamp]], at_s: float) -> Stamp | None:
    shown = (stamp for cue, stamp in stamps if cue.start_s <= at_s < cue.end_s)
    return next(shown, None)


@contextmanager
def _written(
    into: Path, source: av.container.InputContainer, video: av.VideoStream
) -> Iterator[tuple[av.container.OutputContainer, av.VideoStream, av.AudioStream | None]]:
    """Open the copy: one new picture track, the same sound track, chapters and tags."""
    with av.open(str(into), "w", format="mp4", options={"movflags": "+faststart"}) as out:
        picture = out.add_stream("libx264", rate=video.average_rate, options=_OPTIONS)
        picture.width, picture.height = video.width // 2 * 2, video.height // 2 * 2
        picture.pix_fmt = "yuv420p"
        codec, before = picture.codec_context, video.codec_context
        codec.time_base = video.time_base or Fraction(1, 90_000)
        codec.color_range, codec.colorspace = before.color_range, before.colorspace
        codec.color_primaries, codec.color_trc = before.color_primaries, before.color_trc
        sounds = source.streams.audio[:1]
        sound = out.add_stream_from_template(sounds[0]) if sounds else None
        kept = {name: text for name, text in source.metadata.items() if name not in _OF_THE_FILE}
        out.metadata.update(kept)
        out.set_chapters(source.chapters())
        yield out, picture, sound
