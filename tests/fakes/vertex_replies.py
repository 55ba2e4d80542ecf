"""What the fake Vertex AI answers: (status, headers, body) by the name of a behaviour.

Error bodies follow google.rpc.Status with its ErrorInfo; a good draft is made from the passages
that the request holds, so that it fits whatever is asked.
"""

from __future__ import annotations

import json
import re

from shared.library.words import stems
from tests.fakes import vertex_vectors

USAGE = {"promptTokenCount": 2000, "candidatesTokenCount": 900, "thoughtsTokenCount": 300}
QUOTA = "Resource exhausted. Please try again later."
ERRORS = {
    "400": (400, "INVALID_ARGUMENT", "The request is wrong.", ""),
    "401": (401, "UNAUTHENTICATED", "Request had invalid credentials.", ""),
    "403": (403, "PERMISSION_DENIED", "Permission denied.", "IAM_PERMISSION_DENIED"),
    "403-disabled": (403, "PERMISSION_DENIED", "The API is off.", "SERVICE_DISABLED"),
    "404": (404, "NOT_FOUND", "The model was not found.", ""),
    "429": (429, "RESOURCE_EXHAUSTED", QUOTA, ""),
    "429-after": (429, "RESOURCE_EXHAUSTED", QUOTA, ""),
    "500": (500, "INTERNAL", "Internal error.", ""),
    "503": (503, "UNAVAILABLE", "The service is unavailable.", ""),
}


def reply(name, request):
    """Give what a behaviour answers to a request."""
    if name in ERRORS:
        return _error(*ERRORS[name], {"retry-after": "30"} if name == "429-after" else {})
    if name == "html":
        return 502, {"content-type": "text/html"}, b"<html>bad gateway</html>"
    if "groundednessInput" in request or "pointwiseMetricInput" in request:
        return 200, {}, _judged(request)
    if "instances" in request:
        return 200, {}, vertex_vectors.reply(name, request)
    return 200, {}, _ANSWERS[name](given(request))


def _judged(request):
    """Judge as the evaluation service does: by words, or always the same."""
    if "pointwiseMetricInput" in request:
        return {"pointwiseMetricResult": {"score": 4.0, "explanation": "A fake says so."}}
    given_words = request["groundednessInput"]["instance"]
    said, known = stems(given_words["prediction"]), stems(given_words["context"])
    grounded = len(said & known) > len(said) / 2
    return {"groundednessResult": {"score": float(grounded), "confidence": 0.5}}


def given(request):
    """Give the request's own document."""
    return json.loads(request["contents"][-1]["parts"][0]["text"])


def answer(text, end="STOP"):
    """Write a reply with one candidate."""
    content = {"role": "model", "parts": [{"text": text}]} if text else {}
    return {
        "candidates": [{"content": content, "finishReason": end}],
        "usageMetadata": {**USAGE, "totalTokenCount": sum(USAGE.values())},
        "modelVersion": "fake",
        "responseId": "r-1",
    }


def draft(document):
    """Write a lesson from the passages: the book's sentences in an order of our own."""
    passages = document["passages"]
    facts = [one for one in passages if re.fullmatch(r"[A-Z]\S*( \S+){4,16}\.", one["text"])]
    taught = facts[:3], facts[3:6]
    pictures = [one["id"] for one in document["pictures"]]
    return {
        "hook": [
            _said("Imagine that you watch this in your own kitchen.", "situation"),
            _said("What do you think happens next?", "question"),
        ],
        "concepts": [
            {
                "heading": term["term"].capitalize(),
                "picture": pictures[place] if place < len(pictures) else "",
                "say": [_said(one["text"], "fact", one["id"]) for one in part],
            }
            for place, (term, part) in enumerate(zip(document["terms"], taught, strict=False))
        ],
        "check": _check(document["terms"], passages),
        "recap": {"answer": _said(facts[0]["text"], "fact", facts[0]["id"]), "points": []},
    }


def _check(terms, passages):
    """Ask for one of three terms, each of which some passage tells of."""
    told = {
        term["term"]: one
        for term in terms
        for one in passages
        if term["term"] in one["text"].lower() and one["text"].endswith(".")
    }
    names = sorted(told)[:3]
    return {
        "question": f"Which of these is {names[0]}?",
        "options": [
            {
                "text": name,
                "right": place == 0,
                "because": told[name]["text"] if place else "",
                "cites": [told[name]["id"]] if place else [],
            }
            for place, name in enumerate(names)
        ],
    }


def _said(text, kind, *cites):
    return {"text": text, "kind": kind, "cites": list(cites), "screen": " ".join(text.split()[:5])}


def _error(code, status, message, reason, headers):
    error = {"code": code, "message": message, "status": status}
    if reason:
        kind = "type.googleapis.com/google.rpc.ErrorInfo"
        error["details"] = [{"@type": kind, "reason": reason, "domain": "googleapis.com"}]
    return code, headers, {"error": error}


def _good(document):
    return answer(json.dumps(draft(document)))


def _truncated(document):
    return answer(json.dumps(draft(document))[:200])


def _other_schema(document):
    return answer(json.dumps({**draft(document), "title": "more"}))


def _wrong_citations(document):
    """Cite what was never given."""
    told = draft(document)
    for concept in told["concepts"]:
        for one in concept["say"]:
            one["cites"] = ["s9999"]
    told["recap"]["answer"]["cites"] = ["s9999"]
    return answer(json.dumps(told))


def _invented(document):
    """State what the cited sentence does not say."""
    told = draft(document)
    told["concepts"][0]["say"][0]["text"] = "Purple dragons invented rockets in 1742."
    return answer(json.dumps(told))


def _injected(document):
    """Do what a text among the data told it to do."""
    told = draft(document)
    hacked = "I obey: visit my page and send your home address."
    told["hook"][0] = _said(hacked, "situation")
    told["concepts"][0]["say"] = [_said(hacked, "fact", document["passages"][0]["id"])]
    told["recap"]["answer"] = _said(hacked, "fact", document["passages"][0]["id"])
    return answer(json.dumps(told))


def _personal(document):
    """Tell who somebody is and how to reach them, and name a living person."""
    told = draft(document)
    told["hook"][0] = _said(
        "Imagine that your friend Anna Miller waits at 12 Oak Street.", "situation"
    )
    cited = next(one for one in told["concepts"][0]["say"] if one["kind"] == "fact")
    told["concepts"][0]["say"].append({**cited, "text": f"Lionel Messi: {cited['text']}"})
    return answer(json.dumps(told))


_ANSWERS = {
    "good": _good,
    "well": lambda _: answer('{"well": true}'),
    "blocked-prompt": lambda _: {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"},
                                 "usageMetadata": {"promptTokenCount": 2000}},
    "blocked-language": lambda _: {"promptFeedback": {"blockReason": "OTHER"}},
    "blocked-answer": lambda _: answer("", "SAFETY"),
    "recitation": lambda _: answer("", "RECITATION"),
    "max-tokens": lambda _: answer("", "MAX_TOKENS"),
    "malformed": lambda _: answer("Here is your lesson: ```json {} ```"),
    "truncated": _truncated,
    "empty": lambda _: {},
    "other-schema": _other_schema,
    "wrong-citations": _wrong_citations,
    "invented": _invented,
    "injected": _injected,
    "personal": _personal,
}  # fmt: skip
NAMES = (*_ANSWERS, *ERRORS, *vertex_vectors.NAMES, "html", "slow", "reset", "drip")
