"""The student's question in the forms in which a lesson says and shows it."""

from __future__ import annotations

import re

from shared.film.glyphs import missing
from shared.lesson.extractive.phrases import opened, sentence_case
from shared.lesson.extractive.subject import Subject
from shared.lesson.extractive.vocabulary import stems
from shared.lesson.pace import MOST_SENTENCE_WORDS

MOST_SHOWN = 10
_ASKS = re.compile(
    r"(?:why|how|what|when|where|which|who|whose|is|are|was|were|do|does|did|can|could|will|would|"
    r"should|in what|in which|on what|to what|at what|under what|for what|by what|from what)\b",
    re.IGNORECASE,
)
_LOWERED = re.compile(
    r"(?:Why|How|What|When|Where|Which|Who|Whose|Is|Are|Was|Were|Do|Does|Did|Can|Could|Will|Would|"
    r"Should|On|In|At|To|For|If|By|From|Under|According)\b"
)
_TELLS_A_STORY = re.compile(
    r"\b(?:its?|he|she|him|her|his|hers|they|them|their|this|that|these|those|each|both)\b",
    re.IGNORECASE,
)


def question(subject: Subject) -> str:
    """Give the question as one sentence that ends in a question mark, at most 25 words long.

    Of a long story only its last short question is left; where there is none, the lesson asks for
    the meaning of the focus.
    """
    asked = subject.brief.question.strip()
    if _ASKS.match(asked) and asked[-1:] not in "?.!":
        asked += "?"
    parts = [part for part in re.split(r"(?<=[.?!])\s+", asked) if part.endswith("?")]
    for whole in (asked, *parts):
        is_whole = whole == asked or (stems(whole) and not _TELLS_A_STORY.search(whole))
        if is_whole and whole.endswith("?") and _is_one(whole):
            return opened(whole)
    return f"What do we mean by {subject.name}?"


def continued(asked: str, opening: str) -> str:
    """Put a question behind an opening, "So, why does …", where the sentence stays short."""
    if len(f"{opening} {asked}".split()) > MOST_SENTENCE_WORDS:
        return asked
    if _LOWERED.match(asked):
        return f"{opening} {asked[:1].lower()}{asked[1:]}"
    return f"{opening} {asked}" if opening.endswith(":") else asked


def shown(subject: Subject) -> str:
    """Give the question for the screen, or the section's title where it cannot stand there."""
    asked = question(subject)
    fits = len(asked.split()) <= MOST_SHOWN and not missing(asked)
    return asked if fits else title(subject)


def title(subject: Subject) -> str:
    """Give the section's title in sentence case."""
    return sentence_case(subject.section.title, book_text(subject))


def book_text(subject: Subject) -> str:
    """Give the section's text, from which one can tell names from other words."""
    return " ".join(passage.text for passage in subject.section.passages)


def _is_one(text: str) -> bool:
    return len(text.split()) <= MOST_SENTENCE_WORDS and re.search(r"[.?!]\s", text) is None
