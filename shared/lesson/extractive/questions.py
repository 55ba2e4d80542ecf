"""Which kind of answer a question wants, and which sentences give that kind."""

from __future__ import annotations

import re
from typing import Literal

Kind = Literal["what", "why", "how", "number", "compare", "other"]

_NUMBER = re.compile(
    r"\bhow (?:much|many|far|fast|high|long|large|big|heavy|strong)\b|"
    r"\b(?:calculate|compute|work out|determine the (?:value|magnitude)|formula|equation)\b|"
    r"\bfind the\b|\d",
    re.IGNORECASE,
)
_COMPARE = re.compile(
    r"\b(?:differ|differs|difference|differences|compare|versus|vs|distinguish|contrast)\b",
    re.IGNORECASE,
)
_WHY = re.compile(
    r"\bwhy\b|\bwhat (?:causes?|makes?)\b|\bhow come\b|\bexplain why\b|\breason\b", re.IGNORECASE
)
_WHAT = re.compile(
    r"\bwhat (?:is|are|was|does|do we mean)\b|\bwhat's\b|\bdefine\b|\bwhich\b|\bwho\b",
    re.IGNORECASE,
)
_HOW = re.compile(r"\bhow\b|\bwhat happens\b|\bdescribe\b", re.IGNORECASE)
_BECAUSE = re.compile(
    r"\b(?:because|so|therefore|causes?|caused|due to|since|reason|as a result|results? in|"
    r"leads? to|makes?|happens? when|comes? from|depends? on)\b",
    re.IGNORECASE,
)
_MEANS = re.compile(
    r"\b(?:is|are|means?|refers to|is called|are called|is defined|states?|says?|describes?|"
    r"occurs?)\b",
    re.IGNORECASE,
)
_WORKS = re.compile(
    r"\b(?:when|as|by|through|causes?|so|then|becomes?|moves?|transfers?|produces?|flows?|"
    r"changes?|passes|converts?|forms?|because)\b",
    re.IGNORECASE,
)
_COMPUTES = re.compile(
    r"\b(?:divided by|multiplied by|equals?|is equal to|product of|ratio of|the sum of|"
    r"proportional to|subtracting|multiplying|dividing)\b",
    re.IGNORECASE,
)
_COUNTS = re.compile(
    r"\b(?:divided by|multiplied by|times|equals?|is equal to|product|ratio|rate|sum|"
    r"proportional|change in|square|twice|half|per)\b",
    re.IGNORECASE,
)
_DIFFERS = re.compile(
    r"\b(?:but|while|whereas|unlike|differ\w*|same|more|less|greater|smaller|only|instead|"
    r"in contrast|however|each)\b",
    re.IGNORECASE,
)


def kind(question: str) -> Kind:
    """Tell which kind of answer a question wants."""
    tests: tuple[tuple[Kind, re.Pattern[str]], ...] = (
        ("number", _NUMBER),
        ("compare", _COMPARE),
        ("why", _WHY),
        ("how", _HOW if not re.match(r"what\b", question, re.IGNORECASE) else _WHAT),
        ("what", _WHAT),
        ("how", _HOW),
    )
    found: Kind = next((name for name, pattern in tests if pattern.search(question)), "other")
    starts_what = re.match(r"what (?:is|are) [^,.]{3,60}\?$", question.strip(), re.IGNORECASE)
    return "what" if starts_what and found in {"how", "other"} else found


def suits(wanted: Kind, text: str) -> float:
    """Rate how much a text is the kind of answer that is wanted, from 0 to 1."""
    if wanted == "number" and not _COMPUTES.search(text):
        return 0.3 if _COUNTS.search(text) else 0.0
    pattern = {
        "number": _COUNTS,
        "compare": _DIFFERS,
        "why": _BECAUSE,
        "what": _MEANS,
        "how": _WORKS,
        "other": _MEANS,
    }[wanted]
    return 1.0 if pattern.search(text) else 0.0


def states(focus: str, text: str) -> bool:
    """Whether a sentence says what the focus is: a definition or a law."""
    name = rf"{re.escape(focus)}(?:s|es)?"
    begins = rf"^(?:(?:An?|The|Every|Each|All) )?(?:\w+ )?{name}(?: \([^)]*\))?,? "
    says = (
        r"(?:is (?!not|also|often|usually|very|use|wide|found)|"
        r"are (?!not|also|use|wide|found)|means|refers to|occurs when|happens when|"
        r"states|says|describes|measures|equals|tells us|depends on)"
    )
    called = rf"\b(?:called|known as|defined as|define|term) (?:the |an? )?{name}\b"
    begins_so = rf"^[A-Z][\w ]{{2,30}} (?:is|are) {name} (?:when|if) "
    return re.search(f"(?:{begins}{says})|{called}|{begins_so}", text, re.IGNORECASE) is not None
