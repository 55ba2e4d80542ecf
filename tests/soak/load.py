"""What is asked in a soak: a seeded plan of requests, and when each is sent.

A third are duplicates: the same message again, or an equal question under an id of its own.  A
tenth can be read by nobody.  Most want text, some audio, a few video.
"""

from __future__ import annotations

import json
import random
import uuid
from dataclasses import dataclass, replace

from tests.soak.history import Role

REQUESTS = 200
DUPLICATES, BROKEN = 1 / 3, 1 / 10
AUDIO, VIDEO = 1 / 12, 1 / 40
BEYOND_THE_BOOKS = 1 / 12
QUESTIONS = (
    "Why does a moving object keep moving?",
    "How does sound travel?",
    "What is inside an atom?",
    "How do plants make sugar from light?",
    "Why are there seasons?",
    "What is a force?",
    "How does water move between the sea and the sky?",
    "What do cells do?",
    "How do children inherit traits from their parents?",
    "How does heat move from hot things to cold things?",
    "What is gravity?",
)
BEYOND = "Why does the moon have phases?"  # no book here says
GRADES = (2, 4, 7, 10)


@dataclass(frozen=True, slots=True)
class Wish:
    """One message to send, so many seconds after the beginning.

    `mark` is text that only this request's messages hold, `end` the status that it should end in.
    """

    at_s: float
    role: Role
    modality: str
    end: str
    request_id: str
    mark: str
    data: str


def planned(rng: random.Random, requests: int, seconds: float) -> list[Wish]:
    """Plan so many requests over a time, in the order in which they are sent."""
    duplicates, broken = round(requests * DUPLICATES), round(requests * BROKEN)
    others: list[Role] = ["broken"] * broken
    others += ["again" if n % 2 else "equal" for n in range(duplicates)]
    others += ["first"] * (requests - 1 - len(others))
    rng.shuffle(others)
    modalities = _modalities(rng, requests)
    firsts: list[Wish] = []
    wishes = []
    for n, role in enumerate(("first", *others)):
        if role == "first":
            firsts.append(_first(rng, n, modalities[n]))
            wishes.append(firsts[-1])
        elif role == "broken":
            wishes.append(_broken(rng, _first(rng, n, modalities[n])))
        else:
            wishes.append(_duplicate(rng, role, rng.choice(firsts)))
    moments = sorted(rng.uniform(0, seconds) for _ in wishes)
    return [replace(wish, at_s=at_s) for wish, at_s in zip(wishes, moments, strict=True)]


def _modalities(rng: random.Random, requests: int) -> list[str]:
    audio, video = max(1, round(requests * AUDIO)), max(1, round(requests * VIDEO))
    modalities = ["audio"] * audio + ["video"] * video
    modalities += ["text"] * (requests - len(modalities))
    rng.shuffle(modalities)
    return modalities


def _first(rng: random.Random, n: int, modality: str) -> Wish:
    """Ask what nobody asked before."""
    request_id, mark = _id(rng), f"hobby-{n:04}"
    is_beyond = modality == "text" and rng.random() < BEYOND_THE_BOOKS
    body = {
        "request_id": request_id,
        "student_id": "soak",
        "student_query": BEYOND if is_beyond else rng.choice(QUESTIONS),
        "grade_level": rng.choice(GRADES),
        "interest": mark,
        "requested_modalities": [modality],
    }
    end = "refused" if is_beyond else "completed"
    return Wish(0.0, "first", modality, end, request_id, mark, json.dumps(body))


def _duplicate(rng: random.Random, role: Role, other: Wish) -> Wish:
    """Send a message again, or ask the same under an id of its own."""
    if role == "again":
        return replace(other, role=role)
    request_id = _id(rng)
    data = json.dumps({**json.loads(other.data), "request_id": request_id})
    return replace(other, role=role, request_id=request_id, data=data)


def _broken(rng: random.Random, good: Wish) -> Wish:
    """Break a message in one of the ways in which they come broken."""
    body = json.loads(good.data)
    without = {name: value for name, value in body.items() if name != "student_query"}
    data = rng.choice(
        (
            good.data[:-5],
            json.dumps([body]),
            json.dumps(without),
            json.dumps({**body, "grade_level": 0}),
            json.dumps({**body, "request_id": "nobody's"}),
            json.dumps({**body, "requested_modalities": ["smell"]}),
        )
    )
    return replace(good, role="broken", modality="", end="", request_id="", data=data)


def _id(rng: random.Random) -> str:
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))
