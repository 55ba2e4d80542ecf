"""A glossary's entry, "Term: meaning.", as a sentence: "The term is the meaning."."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shared.lesson.extractive.verbs import THIRD

_ENTRY = re.compile(r"(?P<term>[^:.]{2,60}): (?P<meaning>.+)\.")
_ARTICLE = re.compile(r"(?:an?|the|any|one|two|all|no|each|every|several|various|that|three)\b")
_ARTICLES = ("", "a ", "an ", "the ")
_SAYS = re.compile(r"(?:states|describes|defines|applies|flows) ")
_THAT = re.compile(r"when |if ")
_LAW = re.compile(r"\b(?:laws?|principle|theorem|rule|postulate)\b", re.IGNORECASE)
_HEAD = re.compile(
    r"^(?P<head>[\w\s\u2019'–-]+?)(?= (?:of|in|at|by|for|to|from|with|on|around|between|that|which|"  # noqa: RUF001
    r"whose|who|where|when|whereby|through|per|over|such|due|because|as|and|or|caused|used|"
    r"required|necessary|needed|chosen|defined|expressed|involved|involving|made|divided|"
    r"multiplied|above|higher|traveling|perpendicular|parallel|derived|calculated|"
    r"predicted|produced|showing|exchanged|composed|constructed|acquired|related|moving|"
    r"available|responsible|carried|transferred|acting|measured|traveled|aimed|parts|about)\b|,|$)"
)
# Heads that one has "the" of: there is one for each thing that has any.
_ONE_OF_A_KIND = frozenset(
    "rate amount number bending transfer separation emission study change sum product ratio "  # noqa: SIM905
    "difference distance speed time location magnitude strength size fraction angle point "
    "direction position measurement movement flipping rotation maximum minimum quotient "
    "part degree frequency length average scattering ability tendency process component splitting "
    "reflection use energy motion radiation heat force velocity displacement acceleration current "
    "charge work effort output resistance interference efficiency".split()
)
_NO_ARTICLE = frozenset(
    "energy matter light motion radiation heat velocity displacement acceleration physics "  # noqa: SIM905
    "antimatter current charge work effort output friction space electricity rock resistance "
    "rain water ice air interference science techniques movement distance time speed transfer "
    "size reflection".split()
)
_SUPERLATIVE = re.compile(
    r"(?:lowest|highest|closest|farthest|smallest|largest|most|minimum|maximum|average)\b"
)
_OF = re.compile(
    r" (?:of|in (?:the|velocity|position)|at (?:a|which)|between|(?:by|to) which)\b|"
    r"(?<! process) in which\b"
)
_SENTENCE = re.compile(
    r"(?:(?!\b(?:that|which|whose|where|when|who|whereby|how)\b)[^,;:])+?\b(?:is|are|was|were|remains)\b"
)
_COUNTED = re.compile(r" (?:per|multiplied|divided)\b")
_ADJECTIVE = re.compile(r"[A-Za-z-]+(?:ic|ed|ive|ous|al)", re.IGNORECASE)
_NOUNS = frozenset("speed dielectric metal signal interval plastic crystal".split())  # noqa: SIM905


def sentences_of_entry(text: str) -> Iterator[str]:
    """Give every sentence that says what the entry says, in good grammar and in less good."""
    found = _ENTRY.fullmatch(text)
    if found is None:
        return
    term, meaning = found["term"], found["meaning"]
    cases = {term, term[:1].lower() + term[1:]}
    names = [_opened(f"{article}{one}") for article in _ARTICLES for one in cases]
    for name in names:
        if _SAYS.match(meaning):
            yield f"{name} {meaning}."
        if _LAW.search(term):
            yield f"{name} says that {meaning}."
            yield f"{name} says that {meaning[:1].lower()}{meaning[1:]}."
        for article in _ARTICLES:
            for verb in ("is", "are", "means"):
                yield f"{name} {verb} {article}{meaning}."


def sentence_of_entry(text: str, term: str, article: str = "") -> str:
    """Give the entry as the one sentence that is good grammar; empty where none is.

    `term` stands as it is written inside a sentence, `article` is what stands before it there:
    "a ", "the " or nothing.
    """
    found = _ENTRY.fullmatch(text)
    if found is None or text.endswith("abbreviated."):
        return ""
    meaning = found["meaning"]
    name = _opened(f"{_fitting(article, term)}{term}")
    if _SAYS.match(meaning):
        return f"{name} {meaning}."
    if _LAW.search(term) and _is_said(meaning):
        is_name = meaning[1:2].isupper() or meaning.split()[0].endswith(("\u2019s", "'s"))
        return f"{name} says that {meaning if is_name else meaning[:1].lower() + meaning[1:]}."
    if meaning.startswith(("how ", "where ", "what ")):
        return f"{name} is {meaning}."
    before = None if _is_adjective(term) or _is_said(meaning) else _before(term, meaning)
    return "" if before is None else f"{name} {'are' if is_many(term) else 'is'} {before}{meaning}."


def meaning_of(line: str, term: str) -> str:
    """Give what a sentence says of its term, as a card shows it; empty where it says nothing."""
    says = "(?:is |are |says that |states that |means )?"
    pattern = rf"(?:(?:An?|The) )?{re.escape(term)} {says}(?P<tail>.+)\."
    found = re.fullmatch(pattern, line, re.IGNORECASE)
    return found["tail"] if found else ""


def _before(term: str, meaning: str) -> str | None:
    """Give the article that a meaning lacks, "" for none; None where it is no such thing."""
    head = _head(meaning)
    words = head.split()
    if not words or is_many(head) != is_many(term) or not re.match(r"[a-z]|SI ", meaning):
        return None
    if _ARTICLE.match(meaning) or is_many(head):
        return ""
    last = words[-1].lower()
    if _SUPERLATIVE.match(meaning) or (last in _ONE_OF_A_KIND and _OF.match(meaning, len(head))):
        return "the "
    if words[0].endswith("ing") or words[0] in {"to", "many"} | THIRD:
        return None
    is_bare = last in _NO_ARTICLE or _COUNTED.match(meaning, len(head))
    return "" if is_bare else _fitting("a ", meaning)


def _is_said(meaning: str) -> bool:
    """Whether a meaning is a whole sentence, as a law's is."""
    return _THAT.match(meaning) is not None or _SENTENCE.match(meaning) is not None


def _is_adjective(term: str) -> bool:
    return _ADJECTIVE.fullmatch(term) is not None and term.lower() not in _NOUNS


def _head(meaning: str) -> str:
    found = _HEAD.match(meaning)
    return found["head"] if found else ""


def is_many(name: str) -> bool:
    """Whether a name is in the plural."""
    last = name.rsplit(maxsplit=1)[-1].lower() if name.split() else ""
    ends = ("ss", "us", "is", "ics", "lens", "\u2019s", "'s")
    return last == "nuclei" or (last.endswith("s") and not last.endswith(ends))


def _fitting(article: str, text: str) -> str:
    sounds = re.match(r"[aeioAEIO]|[Uu](?!n[i]|ni|se)|hour|honest|X-|[FLMNRS][A-Z]", text)
    is_wide = re.match(r"(?:[Oo]ne|[Ee]u)", text)
    return "an " if article == "a " and sounds and not is_wide else article


def _opened(text: str) -> str:
    return text[:1].upper() + text[1:]
