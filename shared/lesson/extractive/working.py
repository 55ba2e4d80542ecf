"""A worked example: one whose numbers were recomputed, said in the book's sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from shared.lesson.extractive.formulas import Chain, chain
from shared.lesson.extractive.phrases import opened
from shared.lesson.extractive.sentences import opens, sayable
from shared.lesson.extractive.staging import Staging
from shared.lesson.extractive.subject import Subject
from shared.lesson.extractive.vocabulary import stems
from shared.lesson.pace import MOST_SENTENCE_WORDS, MOST_VISIBLE_WORDS
from shared.lesson.plan import Element, Scene
from shared.library.book import Example, Sentence

_NAMED = r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten)\b"
# "mass of 5 kilograms", "340 meters per second", "Four grams of hydrogen"
_QUANTITY = re.compile(
    r"\b(?:\w+ of )?\d[\d,.]*\s(?:degrees? \w+|[^\W\d_]+)(?:\s(?:per|in each|of)\s[^\W\d_]+)?|"
    rf"{_NAMED}\s(?!of\b)[^\W\d_]+\sof\s[^\W\d_]+",
    re.IGNORECASE,
)
_LEFT_OUT = re.compile(rf"\d|{_NAMED}", re.IGNORECASE)
_ASKS_A_NUMBER = re.compile(
    r"\bhow (?:much|many|far|fast|high|long|large|big|heavy|strong)\b|"
    r"\b(?:calculate|find|compute|work out)\b|\d",
    re.IGNORECASE,
)
_PAUSE_S = 1.5  # to read a new line of an equation


@dataclass(frozen=True, slots=True)
class Working:
    """A worked example that a lesson can say and show."""

    given: tuple[Sentence, ...]
    find: Sentence
    strategy: tuple[Sentence, ...]
    chain: Chain
    answer: Sentence
    known: str  # what the problem gives, in few words


def asks_a_number(question: str) -> bool:
    """Whether a question wants something worked out."""
    return _ASKS_A_NUMBER.search(question) is not None


def working(subject: Subject) -> Working | None:
    """Choose the section's verified example that is nearest to the question; None without one."""
    found = [one for example in subject.section.examples if (one := read(example))]

    def near(one: Working) -> float:
        texts = (*one.given, one.find, *one.strategy, one.answer)
        said = stems(" ".join(sentence.text for sentence in texts))
        return subject.weights.overlap(subject.about, said)

    return max(found, key=near, default=None)


def working_scene(subject: Subject, one: Working) -> Scene:
    """Say what is given and asked, the rule, and the answer; each line appears as it is said."""
    stage = Staging("worked_example", "Let us work it out", subject.name)
    known = Element("given", "given", "text", f"given: {one.known}", opened(one.known))
    find = Element("find", "find", "text", "what is asked", one.find.text)
    stage.say("Now you can work out an example.", "instruction")
    _say_facts(stage, one.given, known)
    stage.say(one.find.text, "question", cites=[one.find.id], reveal=[(find, "")])
    *before, rule = one.strategy
    _say_facts(stage, before)
    formula = Element("equation", "equation", "equation", "the formula", mathml=one.chain.formula)
    stage.say(rule.text, "fact", cites=[rule.id], reveal=[(formula, "")], pause_s=_PAUSE_S)
    steps = [(step, "numbers") for step in _steps(one.chain)]
    if steps:
        stage.say("Put in the numbers.", "instruction", reveal=steps, pause_s=_PAUSE_S)
    answer = Element("answer", "answer", "text", "the answer", one.chain.result, "accent")
    stage.say(one.answer.text, "fact", cites=[one.answer.id], reveal=[(answer, "")])
    return stage.scene(hold_s=_PAUSE_S)


def _say_facts(stage: Staging, said: Sequence[Sentence], shown: Element | None = None) -> None:
    for number, sentence in enumerate(said):
        reveal = [(shown, "")] if shown and number == 0 else []
        stage.say(sentence.text, "fact", cites=[sentence.id], reveal=reveal)


def _steps(worked: Chain) -> list[Element]:
    return [
        Element(f"step_{number}", f"step_{number}", "equation", f"line {number}", mathml=mathml)
        for number, mathml in enumerate(worked.steps, start=1)
    ]


def read(example: Example) -> Working | None:
    """Read an example; None unless each of its parts can be said, shown and trusted."""
    if not example.verified or len(example.steps) != 1 or not example.problem:
        return None
    *problem, find = example.problem
    given, strategy, solution = map(_all_said, (problem, example.strategy, example.solution))
    worked = chain(example.steps[0].mathml)
    if not (given and strategy and len(solution) == 1 and worked and _asks(find)):
        return None
    known = _known([one.text for one in given])
    shown = len(f"{known} {find.text} {worked.result}".split())
    if not known or not opens(given[0].text) or shown > MOST_VISIBLE_WORDS:
        return None
    return Working(given, find, strategy, worked, solution[0], known)


def _all_said(sentences: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """Give the sentences as they are said; none at all where one cannot be said."""
    said = [kept for one in sentences if (kept := sayable(one))]
    return tuple(said) if len(said) == len(sentences) else ()


def _asks(sentence: Sentence) -> bool:
    return (
        sentence.text.endswith("?")
        and not sentence.mathematics
        and not sentence.refers
        and len(sentence.text.split()) <= MOST_SENTENCE_WORDS
    )


def _known(given: Sequence[str]) -> str:
    """Give the quantities that the problem names; empty unless that is all of its numbers."""
    found = [one[0] for text in given for one in _QUANTITY.finditer(text)]
    left = " ".join(_QUANTITY.sub("", text) for text in given)
    return "" if _LEFT_OUT.search(left) else ", ".join(found)
