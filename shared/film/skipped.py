"""Encode only the frames that change, and put repeats between them: constant rate all the same.

What comes out is decoded once before it is used: as many frames, each where it belongs, each
repeat the same as its predecessor bit for bit.  `Unreadable` means: encode this scene plainly.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable, Sequence
from fractions import Fraction

import av

from shared.film.clock import FPS
from shared.film.encode import FULL, KEY_FRAMES, THREADS, Change, Picture, Size, same, video_track
from shared.film.h264.bits import Unreadable
from shared.film.repeat import Repeat, repeat_of


def encode_changes(frames: Iterable[Sequence[Change]], size: Size = FULL) -> bytes:
    """Encode what `encode` does, with the same parameters, for a fraction of the work.

    Raises Unreadable when this machine's encoder and decoder do not do as this module expects.
    """
    repeat, file, shown, count = repeat_of(size), io.BytesIO(), set[int](), 0
    with video_track(file, size) as (out, stream):
        picture, writer = Picture(size), _Writer(out, stream, repeat)
        for index, patches in enumerate(frames):
            key, count = index % KEY_FRAMES == 0, index + 1
            if patches or key:
                shown.add(index)
                writer.take(stream.encode(picture.after(patches, index, key=key)))
        writer.take(stream.encode(None))
        writer.repeat_until(count)
    verify(file.getvalue(), shown, count)
    return file.getvalue()


def verify(video: bytes, shown: Collection[int], count: int) -> None:
    """Decode a scene; raises Unreadable unless every frame but those shown repeats the one before.

    Frame by frame, so that no more than two pictures are in memory.
    """
    before, seen = None, 0
    with av.open(io.BytesIO(video), "r") as source:
        stream = source.streams.video[0]
        stream.codec_context.thread_count = THREADS
        for seen, frame in enumerate(source.decode(stream), start=1):
            index = seen - 1
            if frame.is_corrupt or frame.time is None or round(frame.time * FPS) != index:
                raise Unreadable(f"frame {index} is damaged or out of place")
            if index not in shown and (before is None or not same(before, frame)):
                raise Unreadable(f"frame {index} does not repeat the one before")
            before = frame
    if seen != count:
        raise Unreadable(f"{seen} frames of {count}")


class _Writer:
    """Puts packets into the file, and repeats where frames were not shown to the encoder."""

    def __init__(
        self, out: av.container.OutputContainer, stream: av.VideoStream, repeat: Repeat
    ) -> None:
        self._out, self._stream, self._repeat = out, stream, repeat
        self._next = self._key = 0

    def take(self, packets: Sequence[av.Packet[av.VideoStream]]) -> None:
        """Write what the encoder gave, with the repeats that come before it."""
        for packet in packets:
            index = packet.pts or 0
            self.repeat_until(index)
            self._key = index if packet.is_keyframe else self._key
            content = self._repeat.renumbered(bytes(packet), index - self._key)
            self._put(content, key=packet.is_keyframe)

    def repeat_until(self, index: int) -> None:
        """Repeat the last picture in all frames before this one."""
        while self._next < index:
            self._put(self._repeat.packet(self._next - self._key), key=False)

    def _put(self, content: bytes, *, key: bool) -> None:
        packet = av.Packet(content)
        packet.pts = packet.dts = self._next
        packet.duration, packet.time_base = 1, Fraction(1, FPS)
        packet.stream, packet.is_keyframe = self._stream, key
        self._out.mux(packet)
        self._next += 1
