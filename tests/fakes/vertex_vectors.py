"""What the fake Vertex AI answers to `:predict`: each text's stems, hashed into a vector.

Texts that share words are near each other; nothing else is, so that whoever reads a test can tell
what is near what.
"""

from __future__ import annotations

import hashlib
import math

from shared.library.words import stems

DIMENSIONS = 768


def vector(text, dimensions=DIMENSIONS):
    """Give each stem a direction of its own; of length 1."""
    numbers = [0.0] * dimensions
    for stem in stems(text) or {""}:
        numbers[int.from_bytes(hashlib.sha256(stem.encode()).digest()[:4]) % dimensions] += 1.0
    length = math.hypot(*numbers)
    return [round(number / length, 6) for number in numbers]


def reply(name, request):
    """Give the answer to a request: one vector for each text, or one of the ways to fail at it."""
    texts = [one["content"] for one in request["instances"]]
    dimensions = request.get("parameters", {}).get("outputDimensionality", DIMENSIONS)
    told = [_prediction(vector(text, dimensions), text) for text in texts]
    if name == "fewer-vectors":
        told = told[:-1]
    if name == "merged-vectors":
        told = [_prediction(vector(" ".join(texts), dimensions), " ".join(texts))]
    if name == "short-vectors":
        told = [_prediction(vector(text, 3), text) for text in texts]
    if name == "no-numbers":
        told = [_prediction(["x"] * dimensions, text) for text in texts]
    if name == "uncounted":
        told = [{"embeddings": {"values": vector(text, dimensions)}} for text in texts]
    return {"predictions": told}


def _prediction(values, text):
    counted = {"token_count": len(text.split()), "truncated": False}
    return {"embeddings": {"values": values, "statistics": counted}}


NAMES = ("fewer-vectors", "merged-vectors", "short-vectors", "no-numbers", "uncounted")
