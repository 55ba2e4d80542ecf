"""What `render` leaves of a scene, and what `finalize` reads.

lessons/<lesson_id>/scenes/<nn>/
  narration.flac    sound, and inside it the time of every word: stored before anything is drawn
  video.mp4         pictures without sound; not in an audio lesson
  scene.json        written last: commits the scene, names the others by generation and digest
  failed.json       instead: this scene will never be there, and why
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from shared.errors import Permanent, Transient
from shared.events import SCENE_OBJECT
from shared.film.narration import SpokenLine, lines_from
from shared.ports import Attempt, Objects, StoredObject

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
    schema: int = SCHEMA


@dataclass(frozen=True, slots=True)
class Ended:
    """A scene of a lesson that has come to its end, good or bad, as the listing shows it."""

    n: int
    stored: StoredObject
    failed: bool

    def attempt(self, lesson_id: str) -> Attempt:
        """Name the run that made it, from what the run wrote on its object."""
        facts = self.stored.metadata
        return Attempt(
            key=f"render/{lesson_id}/{self.n:02d}",
            fence=int(facts.get("fence", "0")),
            stage="render",
            lesson_id=lesson_id,
            started_at=_moment(facts.get("started", "")),
            ended_at=_moment(facts.get("finished", "")),
        )


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def folder(lesson_id: str, n: int) -> str:
    """Name the folder of one scene."""
    return f"lessons/{lesson_id}/scenes/{n:02d}"


def encode(scene: SceneFile) -> bytes:
    """Write a scene's committing object."""
    return json.dumps(asdict(scene), sort_keys=True, indent=1).encode()


def decode(content: bytes) -> SceneFile:
    """Read a scene's committing object; raises Permanent for what this code cannot read."""
    try:
        told = json.loads(content)
        if told["schema"] != SCHEMA:
            raise Permanent("a scene was stored in another schema")
        video = told["video"]
        return SceneFile(
            n=int(told["n"]),
            frames=int(told["frames"]),
            lines=lines_from(told["lines"]),
            voice=str(told["voice"]),
            narration=_ref(told["narration"]),
            video=None if video is None else _ref(video),
            parameters=str(told["parameters"]),
            key=str(told["key"]),
            fence=int(told["fence"]),
            started=str(told["started"]),
            finished=str(told["finished"]),
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
