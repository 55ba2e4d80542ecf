"""Grammar-safe ways to shorten a book's sentence, or to say it as two.

Each rule keeps what the sentence says: no hedge, negation or condition is ever dropped, and where
a half leans on the other (so, but, then), the other is said before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from shared.lesson.extractive.verbs import predicate_at
from shared.lesson.extractive.wordlists import (
    BAD_END,
    BREAK_BEFORE,
    CONDITIONS,
    PREPOSITIONS,
    RELATIVES,
    TURNS,
)

_EDGES = "\"“”‘’'(),;:.—"  # noqa: RUF001
_FRAME = re.compile(
    r"(?:(?:Note|Recall|Notice|Remember|Observe)(?: from [^,]+)? that|(?:This|That) means that|"
    r"(?:We|You) (?:know|saw|have seen|can see|learned|have learned)(?: (?:in|from) [^,]{3,40})? "
    r"that|It (?:turns out|is important to note|should be noted|is important to remember) that),? "
)
_OPENING = re.compile(
    r"(?:However|Therefore|Thus|Hence|In fact|For (?:example|instance)|In addition|Moreover|"
    r"Furthermore|Additionally|In other words|Similarly|Likewise|As a result|Consequently|"
    r"Accordingly|Of course|Interestingly|Indeed|Nevertheless|Nonetheless|On the other hand|"
    r"(?:In|By) contrast|Also|In summary|Now|Finally|Again|Note|As you (?:know|can see)|"
    r"As (?:shown|seen|illustrated|depicted|pictured) in the figure(?: \([a-z]\))?)(?:, |: )"
)
_POINTS_AT_A_PICTURE = re.compile(
    r"(?<! is)(?<! are)(?<! as)(?<!was)(?<!were)(?<! be)(?<!been)(?<!,) "
    r"(?:shown|illustrated|depicted|pictured) in the figure(?= \w|[.]$)|"
    r", as (?:is )?(?:shown|seen|illustrated|depicted|pictured) in the figure(?:,(?= )|(?=\.$))"
)
_SYMBOL = r"[A-ZΔ][A-Z]?|[b-hj-zα-ω][₀-₉]?"  # noqa: RUF001
_NAMED_BY = re.compile(rf"(?<=[a-z]{{4}}), (?:{_SYMBOL})(?:,(?= (?!and |or ))|(?=\.$))")
_WHICH_AT_THE_END = re.compile(r", which ([^,;:—()]*)\.$")
_WHICH_INSIDE = re.compile(r", which ([^,;:—()]*), ")
_LAW = re.compile(
    r"((?:[^,;:]{0,40} )?(?:[Ll]aws?|[Pp]rinciple|[Tt]heorem|[Rr]ule)\b[^,;:]{0,40}?) "
    r"(states?|says?) that (.+)"
)
_SUPPOSED = re.compile(r"(?:Whenever|When|If) ([^,;:—]+), (?:then )?(.+)")
_CAUSED = re.compile(r"(Because|Since) ([^,;:—]+), (.+)")
_CONCEDED = re.compile(r"(?:Although|Though|Even though) ([^,;:—]+), (.+)")
_JOINT = re.compile(r", (and|but|so|yet) ")
_OWN_PART = re.compile(r"; |: (?=[A-Z])")
_LEANS = re.compile(r"(?:So|But|Then|It|They|This|These|That|Its|Their|He|She|His|Her)\b")
_SAYS_THIS = re.compile(r"\bsays? this\.$")
_INSIDE = re.compile(r"\b(?:(?:in|of|at|on|for|by|to) which|where|such that|so that)\b")
_PAST = frozenset("was were had did would could might should".split())  # noqa: SIM905
# What makes the rest of a sentence somebody's opinion, a choice or one half of a pair.
_HOLDS_ALL = frozenset(
    "both either neither between whether think thinks thought believe believed believes suppose "  # noqa: SIM905
    "imagine assume assumed assumes predicted predicts proposed proposes suggested suggests "
    "hypothesized theorized claim claims claimed said argued expect expected hypothesis".split()
)
_NO_SUBJECT = (
    BREAK_BEFORE
    | RELATIVES
    | PREPOSITIONS
    | frozenset(
        "to not such even also still thereby often just only always never then what how why and or "  # noqa: SIM905
        "but so as than of is are was were".split()
    )
)
_LIMITS = re.compile(
    r"\b(?:ignoring|assuming|unless|except|only|not|no|never|if|may|might|usually|about|"
    r"approximately|nearly|almost|some|sometimes|often)\b",
    re.IGNORECASE,
)
_LATEST_VERB = 12  # words of a subject, at most
_FEWEST = 3


def opened(text: str) -> str:
    """Begin a text with a capital letter."""
    return text[:1].upper() + text[1:]


def shortened(text: str) -> Iterator[str]:
    """Give the sentence without one thing that it can do without."""
    for pattern in (_OPENING, _FRAME):
        found = pattern.match(text)
        rest = text[found.end() :] if found else ""
        if is_clause(_of_main(rest)) and ", and that " not in rest:
            yield opened(rest)
    if _POINTS_AT_A_PICTURE.search(text):
        stands_first = _bare(text)[0] in BREAK_BEFORE | PREPOSITIONS | {"as"}
        yield _POINTS_AT_A_PICTURE.sub("," if stands_first else "", text).replace(",.", ".")
    if _NAMED_BY.search(text):
        yield _NAMED_BY.sub("", text)
    yield from _without_which(text)


def halves(text: str) -> Iterator[tuple[str, str]]:
    """Give two sentences that say together what this one says."""
    yield from _law(text)
    yield from _two_clauses(text)
    yield from _at_a_stop(text)
    yield from _at_a_joint(text)


def leans(before: str, text: str) -> bool:
    """Whether a half must not be said without the one before it."""
    return _LEANS.match(text) is not None or _SAYS_THIS.search(before) is not None


def is_clause(text: str) -> bool:
    """Whether a text has a subject and a verb that we know, and ends where it may."""
    words = _bare(text)
    if len(words) < _FEWEST or words[0] in _NO_SUBJECT or words[-1] in BAD_END - PREPOSITIONS:
        return False
    return 0 < predicate_at(words) <= _LATEST_VERB


def _bare(text: str) -> list[str]:
    return [word for one in text.split() if (word := one.strip(_EDGES).lower())]


def _verb(text: str) -> str:
    words = _bare(text)
    return words[predicate_at(words)]


def _is_present(text: str) -> bool:
    return is_clause(text) and _verb(text) not in _PAST


def _of_main(text: str) -> str:
    """Give what follows a clause or phrase that stands in front."""
    head, comma, tail = text.partition(", ")
    return tail if comma and not is_clause(head) else text


def _without_which(text: str) -> Iterator[str]:
    last = _WHICH_AT_THE_END.search(text)
    if last and not _LIMITS.search(last[1]) and is_clause(_of_main(text[: last.start()])):
        yield f"{text[: last.start()]}."
    inner = _WHICH_INSIDE.search(text)
    if inner and not _LIMITS.search(inner[1]):
        before, behind = text[: inner.start()], text[inner.end() :]
        subject = len(_bare(before))
        words = _bare(f"{before} {behind}")
        if 0 < subject <= _LATEST_VERB and predicate_at(words) == subject:
            yield f"{before} {behind}"


def _law(text: str) -> Iterator[tuple[str, str]]:
    """Say of a law that it says this, then what it says."""
    found = _LAW.fullmatch(text)
    if found:
        verb = "say" if found[2] in {"state", "say"} else "says"
        yield f"{found[1]} {verb} this.", opened(found[3])


def _two_clauses(text: str) -> Iterator[tuple[str, str]]:
    """Take apart what opens with a condition, a cause or a concession."""
    found = _SUPPOSED.fullmatch(text)
    if found and _is_present(found[1]) and _is_present(found[2]) and not _turns(found[2]):
        yield f"Suppose that {found[1]}.", f"Then {found[2]}"
    found = _CAUSED.fullmatch(text)
    if found and is_clause(found[2]) and is_clause(found[3]):
        is_cause = found[1] == "Because" or _verb(found[2]) not in _PAST | {"has", "have"}
        if is_cause:
            yield f"{opened(found[2])}.", f"So {found[3]}"
    found = _CONCEDED.fullmatch(text)
    if found and is_clause(found[1]) and is_clause(found[2]):
        yield f"{opened(found[1])}.", f"But {found[2]}"


def _turns(text: str) -> bool:
    return bool(CONDITIONS & set(_bare(text)))


def _at_a_stop(text: str) -> Iterator[tuple[str, str]]:
    """Split at a semicolon, or at a colon before a sentence."""
    for found in _OWN_PART.finditer(text):
        first, second = text[: found.start()], text[found.end() :]
        rest = _OPENING.sub("", opened(second), count=1) if found[0] == "; " else second
        if _is_main(first) and is_clause(_of_main(rest)) and not _holds_all(first):
            yield f"{first}.", opened(rest)


def _at_a_joint(text: str) -> Iterator[tuple[str, str]]:
    """Split at ", and" where a subject and its verb follow; each half is true without the other."""
    for found in _JOINT.finditer(text):
        first, second = text[: found.start()], text[found.end() :]
        if second.startswith("that ") or not is_clause(second) or not _is_main(first):
            continue
        if _holds_all(first) or _turns(first) or _is_limited_behind(second):
            continue
        if found[1] == "and" and _INSIDE.search(first):
            continue
        yield f"{first}.", opened(second) if found[1] == "and" else f"{opened(found[1])} {second}"


def _is_main(text: str) -> bool:
    """Whether a text is a sentence of its own, with what stands in front of it."""
    opens = _bare(text)[:1]
    if opens and opens[0] in BREAK_BEFORE | {"as"}:
        head, comma, tail = text.partition(", ")
        return bool(comma) and is_clause(tail) and bool(head)
    return is_clause(_of_main(text))


def _holds_all(text: str) -> bool:
    return bool(_HOLDS_ALL & set(_bare(text)))


def _is_limited_behind(second: str) -> bool:
    """Whether a condition behind a comma may hold for both halves."""
    _, comma, tail = second.rpartition(", ")
    return bool(comma) and bool((TURNS | CONDITIONS) & set(_bare(tail)[:2]))
