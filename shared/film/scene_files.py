"""What `render` leaves of a scene, and what `finalize` reads.

lessons/<lesson_id>/scenes/<nn>/
  said/….flac       one sentence that was paid for, until narration.flac holds them all
  said/….ask-1      it was asked for, and may have cost something; ….free-1 says that it did not
  narration.flac    sound, and inside it the time of every word: stored before anything is drawn
  video.mp4         pictures without sound; not in an audio lesson
  scene.json        written last: commits the scene, names the others by generation and digest
  failed.json       instead: this scene will never be there, and why
lessons/<lesson_id>/voice.json        which voice the whole lesson has, where one is paid for
lessons/<lesson_id>/abandoned.json    nobody waits for the lesson, or it failed: render nothing
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from shared.attempts import told
from shared.claim import Past
from shared.errors import Permanent, Transient
from shared.events import SCENE_OBJECT, SceneRequested
from shared.film.narration import SpokenLine, lines_from
from shared.ports import Objects, StoredObject
from shared.rows import Attempt

SCHEMA = 1
_FAILED = re.compile(r"failed\.json$")


@dataclass(frozen=True, slots=True)
class FileRef:
    """One stored object, exactly."""

    name: str
    generation: int
    sha256: str


@dataclass(frozen=True, slots=True)
class SceneFile:
    """The committing object of one scene; `started` and `finished` are ISO 8601 times in UTC.

    `parameters` is the digest of the encoder's parameter set: equal in all scenes of a film.
    `why` says why it has another voice than it was to have; `characters` and `micros` are what its
    speech came to.
    """

    n: int
    frames: int
    lines: tuple[SpokenLine, ...]
    voice: str
    narration: FileRef
    video: FileRef | None
    parameters: str
    key: str
    fence: int
    started: str
    finished: str
    why: str = ""
    characters: int = 0
    micros: int = 0
    schema: int = SCHEMA


@dataclass(frozen=True, slots=True)
class Ended:
    """A scene of a lesson that has come to its end, good or bad, as the listing shows it."""

    n: int
    stored: StoredObject
    failed: bool

    def earlier_runs(self, lesson_id: str) -> list[Attempt]:
        """List the runs before the one that wrote this, which wrote them on it.

        None when somebody else wrote the object.
        """
        try:
            history = _decode_history(self.stored.metadata["attempts"])
        except (KeyError, ValueError, TypeError):
            return []
        return told(self._key(lesson_id), "render", lesson_id, history)

    def maker(self, lesson_id: str) -> Attempt | None:
        """Name the run that wrote this by its signature; None when somebody else did."""
        fence = self.stored.metadata.get("fence", "")
        if not fence.isdecimal():
            return None
        return Attempt(self._key(lesson_id), int(fence), "render", lesson_id)

    def _key(self, lesson_id: str) -> str:
        return SceneRequested(lesson_id, self.n, 0).key


def encode_history(history: Iterable[Past]) -> str:
    """Write what fits into an object's metadata: the runs before the one that writes it."""
    return json.dumps(
        [
            [one.fence, one.began.isoformat(), one.ended.isoformat(), one.outcome, one.error]
            for one in history
        ]
    )


def _decode_history(text: str) -> list[Past]:
    return [
        Past(int(fence), datetime.fromisoformat(began), datetime.fromisoformat(ended), *how)
        for fence, began, ended, *how in json.loads(text)
    ]


def folder(lesson_id: str, n: int) -> str:
    """Name the folder of one scene."""
    return f"lessons/{lesson_id}/scenes/{n:02d}"


def encode(scene: SceneFile) -> bytes:
    """Write a scene's committing object."""
    return json.dumps(asdict(scene), sort_keys=True, indent=1).encode()


def decode(content: bytes) -> SceneFile:
    """Read a scene's committing object; raises Permanent for what this code cannot read."""
    try:
        read = json.loads(content)
        if read["schema"] > SCHEMA:
            raise Transient("a newer release stored this scene")
        if read["schema"] != SCHEMA:
            raise Permanent("a scene was stored in another schema")
        video = read["video"]
        return SceneFile(
            n=int(read["n"]),
            frames=int(read["frames"]),
            lines=lines_from(read["lines"]),
            voice=str(read["voice"]),
            narration=_ref(read["narration"]),
            video=None if video is None else _ref(video),
            parameters=str(read["parameters"]),
            key=str(read["key"]),
            fence=int(read["fence"]),
            started=str(read["started"]),
            finished=str(read["finished"]),
            why=str(read.get("why", "")),
            characters=int(read.get("characters", 0)),
            micros=int(read.get("micros", 0)),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise Permanent("a scene's stored description cannot be read") from error


def encode_failure(key: str, reason: str) -> bytes:
    """Write the note that a scene will never be there."""
    return json.dumps({"schema": SCHEMA, "key": key, "reason": reason}, sort_keys=True).encode()


def decode_failure(content: bytes) -> str:
    """Read why a scene will never be there."""
    try:
        return str(json.loads(content)["reason"])
    except (ValueError, KeyError, TypeError) as error:
        raise Permanent("a scene's failure note cannot be read") from error


def ref(stored: StoredObject) -> FileRef:
    """Pin a stored object."""
    return FileRef(stored.name, stored.generation, stored.sha256)


def ended_scenes(objects: Objects, lesson_id: str) -> dict[int, Ended]:
    """List the scenes that have come to their end; a finished one wins over its failure note."""
    found: dict[int, Ended] = {}
    for stored in objects.list("scenes", f"lessons/{lesson_id}/scenes/"):
        named = SCENE_OBJECT.fullmatch(stored.name)
        if named is None:
            continue
        one = Ended(int(named[2]), stored, failed=bool(_FAILED.search(stored.name)))
        if one.n not in found or found[one.n].failed:
            found[one.n] = one
    return found


def fetched(objects: Objects, wanted: FileRef) -> bytes:
    """Read exactly the object that a scene names; raises Transient when its bytes are others."""
    stored = objects.find("scenes", wanted.name)
    if stored is not None and stored.sha256 != wanted.sha256:
        raise Transient(f"{wanted.name} is not the one that its scene was made from")
    return objects.read("scenes", wanted.name, wanted.generation)


def _ref(told: Mapping[str, object]) -> FileRef:
    return FileRef(str(told["name"]), int(str(told["generation"])), str(told["sha256"]))
