"""The real functions, each loaded from its own main.py, with cheap ones for what only costs time.

Real: every main.py, the spine, the claim, reading and writing of plans and scene files, retrieval,
narration up to its samples, all moves of requests and lessons.  Not real: the content rules (our
plans cite nothing), FLAC, the joined film, and the archive of a book.  Each stands for the thing
that it replaces by naming exactly what that was made from, so that a mix-up shows.  Decoding a plan
is real too, but remembered.

A module is loaded a second time under a name of its own: who imports the real one keeps it.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
from cloudevents.http import CloudEvent

from shared.film import narration
from shared.film.assembling import Assembly, Made
from shared.film.clock import RATE_HZ, SAMPLES_PER_FRAME
from shared.film.narration import Narration, lines_from
from shared.film.scene_files import fetched
from shared.lesson import codec
from shared.library.book import Book
from shared.voice import Spoken
from tests.library import books
from tests.simulation.content import HUM

ROOT = Path(__file__).parents[2]
FILMED = ("captions", "transcript", "transcript_html", "chapters", "sources", "checks", "audio")
Function = Callable[[CloudEvent], None]


@cache
def functions() -> dict[str, Function]:
    """Load every function that there is; gives their entry points by name."""
    stored_plan = _loaded("shared/lesson/stored_plan.py", codec=_codec())
    reads = {"read_plan": stored_plan.read_plan}
    writing = _loaded(
        "shared/lesson/writing.py",
        check=lambda plan, material: (),
        codec=_codec(),
        read_stored=stored_plan.read_stored,
    )
    once = _loaded("shared/film/spoken_once.py", packed=packed_clip, unpacked=unpacked_clip)
    rendering = _loaded(
        "shared/film/rendering.py", narration=_narration(), SpokenOnce=once.SpokenOnce, **reads
    )
    finalizing = _loaded("shared/film/finalizing.py", assemble=assemble, **reads)
    licences = SimpleNamespace(allowed_licences=())
    given: dict[str, dict[str, object]] = {
        "ingest": {},
        "script": _same(writing, "write_lesson", "end_lesson"),
        "render": _same(rendering, "is_of_this_plan", "render_scene", "fail_scene"),
        "finalize": _same(finalizing, "every_scene_is_there", "finish_lesson", "fail_lesson"),
        "library": {"read_book": _book, "config": SimpleNamespace(read=lambda: licences)},
        "repair": {},
    }
    return {
        name: getattr(_loaded(f"functions/{name}/main.py", **own), name).__wrapped__
        for name, own in given.items()
        if (ROOT / "functions" / name / "main.py").exists()
    }


def assemble(given: Assembly) -> list[Made]:
    """Make files that name the plan and every narration that they were made from."""
    sounds = [hashlib.sha256(fetched(given.objects, one.narration)) for one in given.scenes]
    made_from = {
        "plan": hashlib.sha256(codec.encode(given.plan)).hexdigest(),
        "sounds": [sound.hexdigest() for sound in sounds],
    }
    content = json.dumps(made_from).encode()
    return [Made(what, f"{what}.json", content, "application/json") for what in FILMED]


def packed(spoken: Narration) -> bytes:
    """Write the times of a narration, which tell one take from the next, and not its sound."""
    told = {
        "frames": spoken.frames,
        "voice": spoken.voice,
        "lines": [asdict(line) for line in spoken.lines],
    }
    return json.dumps(told).encode()


def unpacked(content: bytes) -> Narration:
    """Read what `packed` wrote: silence of the same length."""
    told = json.loads(content)
    silence = np.broadcast_to(np.float32(0), told["frames"] * SAMPLES_PER_FRAME)
    return Narration(silence, lines_from(told["lines"]), told["voice"])


def packed_clip(spoken: Spoken) -> bytes:
    """Write the times of a sentence, which tell one take from the next, and not its sound."""
    return json.dumps([len(spoken.samples), spoken.words]).encode()


def unpacked_clip(content: bytes) -> Spoken:
    """Read what `packed_clip` wrote: a hum of the same length."""
    length, words = json.loads(content)
    hum = np.broadcast_to(np.float32(HUM), length)
    return Spoken(hum, RATE_HZ, tuple((start, end) for start, end in words))


def _narration() -> SimpleNamespace:
    return SimpleNamespace(narrate=narration.narrate, packed=packed, unpacked=unpacked)


@cache
def _codec() -> SimpleNamespace:
    return SimpleNamespace(encode=cache(codec.encode), decode=cache(codec.decode))


def _book(archive: object, name: str, generation: int, allowed: frozenset[str]) -> Book:
    slug, digest = name.split("/")[1], name.split("/")[2].removesuffix(".zip")
    passage = books.passage("m9#p1", "Nobody asks for a llama.")
    made = books.book(books.section("m9", passage), slug=slug, generation=generation)
    source = replace(made.source, object_name=name, sha256=digest)
    return Book(source, made.sections)


def _same(module: ModuleType, *names: str) -> dict[str, object]:
    return {name: getattr(module, name) for name in names}


def _loaded(path: str, **replaced: object) -> ModuleType:
    name = "simulated_" + path.removesuffix(".py").replace("/", "_")
    spec = importlib.util.spec_from_file_location(name, ROOT / path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    for attribute, value in replaced.items():
        getattr(module, attribute)  # what is replaced must be there
        setattr(module, attribute, value)
    return module
