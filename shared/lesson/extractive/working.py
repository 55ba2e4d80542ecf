"""A worked example: one whose numbers were recomputed, said in the book's sentences."""

# ruff: noqa: RUF001  (books hold exactly these characters)

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from shared.lesson.extractive.formulary import can_be_spoken
from shared.lesson.extractive.formulas import Chain, chain, numbers_in
from shared.lesson.extractive.phrases import opened
from shared.lesson.extractive.questions import kind
from shared.lesson.extractive.sentences import opens, said, stands_alone
from shared.lesson.extractive.staging import Staging
from shared.lesson.extractive.subject import Subject
from shared.lesson.extractive.vocabulary import stems
from shared.lesson.pace import MOST_SENTENCE_WORDS, MOST_VISIBLE_WORDS
from shared.lesson.plan import Element, Scene, SentenceKind
from shared.lesson.spoken import spoken
from shared.lesson.units import COMPOUND, UNIT
from shared.library.book import Example, Sentence

_NAMED = r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten)\b"
_POWER = r"(?:\s?×\s?10[⁻⁺]?[⁰¹²³⁴-⁹]+)?"
# "mass of 5 kilograms", "340 meters per second", "5.2 m/s", "Four grams of hydrogen"
_QUANTITY = re.compile(
    rf"(?:\b(?!about|than|only)[a-z]+ of )?[−-]?\d[\d,]*(?:\.\d+)?{_POWER}"
    rf"(?:[\s-]?(?:{COMPOUND}|{UNIT})(?!\w)|\s?%|(?=[.,;?])|"
    r"\s(?:degrees? \w+|(?!and|to|is|in|or|of|at|on|as)[^\W\d_]+)"
    r"(?:\s(?:per|in each|of)\s[^\W\d_]+)?)|"
    rf"{_NAMED}\s(?!of\b)[^\W\d_]+\sof\s[^\W\d_]+",
)
_LEFT_OUT = re.compile(r"\d")
_COMMANDS = re.compile(
    r"(?:\([a-z]\)\s)?(?:Calculate|Find|Determine|Compute|What|How|Which|Estimate|Work out)\b"
)
_ADDS = re.compile(r"(?:Compare|See|Verify|Express|Give|Explain|Be sure|Assume)\b")
_TWO_THINGS = re.compile(r"\([a-d]\)|\b(?:is|are|the) \w+ and (?:the )?\w+|, and (?:how|what)\b")
_FIGURE = re.compile(r"^\([^()]*\)\.?$")
# Small factors, g, and the digits of c, G, h and k, which a problem need not give.
_CONSTANTS = frozenset({0.0, 0.5, 1.0, 2.0, 3.0, 4.0, 9.8, 6.67, 6.63, 6.626, 8.99, 9.0})
_SUPPOSES_FIRST = re.compile(
    r"(?:If|Assuming|Given|Suppose|When)\b[^?]+, ((?:what|how|which) [^?]+\?)"
)
_MAY_END = re.compile(r",? (?=(?:if|when|through which|from|after|in which|given|assuming|at)\b)")
_FEWEST, _MOST_FIND = 3, 12
_MOST_STRATEGY = 1
_PAUSE_S = 1.5  # to read a new line of an equation


@dataclass(frozen=True, slots=True)
class Working:
    """A worked example that a lesson can say and show; `answer` is the book's, where it can be."""

    given: tuple[Sentence, ...]
    find: Sentence
    strategy: tuple[Sentence, ...]
    chain: Chain
    answer: Sentence | None
    known: str  # what the problem gives, in few words


def asks_a_number(question: str) -> bool:
    """Whether a question wants something worked out."""
    return kind(question) == "number"


def working(subject: Subject) -> Working | None:
    """Choose the section's verified example that is nearest to the question; None without one."""
    key = [one.mathml for one in subject.section.equations if one.name]
    found = [one for example in subject.section.examples if (one := read(example, key))]

    def near(one: Working) -> float:
        texts = (*one.given, one.find, *one.strategy)
        told = stems(" ".join(sentence.text for sentence in texts))
        return subject.weights.overlap(subject.about, told)

    return max(found, key=near, default=None)


def working_scene(subject: Subject, one: Working) -> Scene:
    """Say what is given and asked, the rule, and the answer; each line appears as it is said."""
    stage = Staging("worked_example", "Let us work it out", subject.name)
    known = Element("given", "given", "text", f"given: {one.known}", opened(one.known))
    find = Element("find", "find", "text", "what is asked", short_question(one.find.text))
    stage.say("Now you can work out an example.", "instruction")
    _say_facts(stage, one.given, known)
    form: SentenceKind = "question" if one.find.text.endswith("?") else "instruction"
    stage.say(one.find.text, form, cites=[one.find.id], reveal=[(find, "")])
    if not one.given:
        stage.say("Write down what you know.", "instruction", reveal=[(known, "")])
    *before, rule = one.strategy or (None,)
    _say_facts(stage, [sentence for sentence in before if sentence])
    formula = Element("equation", "equation", "equation", "the formula", mathml=one.chain.formula)
    if rule:
        stage.say(rule.text, "fact", cites=[rule.id], reveal=[(formula, "")], pause_s=_PAUSE_S)
    else:
        line = "This is the equation that you need."
        stage.say(line, "instruction", reveal=[(formula, "equation")], pause_s=_PAUSE_S)
    for number, step in enumerate(_steps(one.chain)):
        line = "Put in the numbers." if number == 0 else "Work it out."
        stage.say(line, "instruction", reveal=[(step, "")], pause_s=_PAUSE_S)
    answer = Element("answer", "answer", "text", "the answer", one.chain.result, "accent")
    if one.answer:
        stage.say(one.answer.text, "fact", cites=[one.answer.id], reveal=[(answer, "")])
    else:
        result = one.chain.result.rpartition("= ")[2]
        stage.say(f"The answer is {result}.", "instruction", reveal=[(answer, result)])
    return stage.scene(hold_s=_PAUSE_S)


def _say_facts(stage: Staging, told: Sequence[Sentence], shown: Element | None = None) -> None:
    for number, sentence in enumerate(told):
        reveal = [(shown, "")] if shown and number == 0 else []
        stage.say(sentence.text, "fact", cites=[sentence.id], reveal=reveal)


def _steps(worked: Chain) -> list[Element]:
    return [
        Element(f"step_{number}", f"step_{number}", "equation", f"line {number}", mathml=mathml)
        for number, mathml in enumerate(worked.steps, start=1)
    ]


def read(example: Example, known_formulas: Sequence[str] = ()) -> Working | None:
    """Read an example; None unless each of its parts can be said, shown and trusted.

    `known_formulas` are the section's key equations, in which its formula may stand.
    """
    lines = [*known_formulas, *(step.mathml for step in example.steps)]
    first = len(known_formulas)
    chains = [
        one
        for number, mathml in enumerate(lines[first:], start=first)
        if (one := chain(mathml, lines[:number]))
    ]
    problem = [one for one in example.problem if not _FIGURE.match(one.text)]
    finds = [one for one in problem if _is_asking(one)]
    if not chains or not finds or not _asks(finds[-1]):
        return None
    find = finds[-1]
    before = [one for one in problem if one not in finds and not _ADDS.match(one.text)]
    given = _all_said(before)
    worked = chains[-1]
    known = _known([one.text for one in (*given, find)])
    shown = len(f"{known} {short_question(find.text)} {worked.result}".split())
    is_told = len(given) >= len(before) and bool(known) and shown <= MOST_VISIBLE_WORDS
    if not is_told or (given and not opens(given[0].text)):
        return None
    if not worked.numbers <= numbers_in(" ".join(one.text for one in problem)) | _CONSTANTS:
        return None
    strategy = [part for one in example.strategy for part in said(one)]
    rules = tuple(one for one in strategy if stands_alone(one.text))[:_MOST_STRATEGY]
    answer = _answer(example, worked.result)
    has_a_fact = bool(given or rules or answer)
    return Working(given, find, rules, worked, answer, known) if has_a_fact else None


def short_question(text: str) -> str:
    """Give a question without what it supposes, for the screen."""
    found = _SUPPOSES_FIRST.match(text)
    if found:
        return opened(found[1])
    if len(text.split()) <= _MOST_FIND or not text.endswith("?"):
        return text
    cuts = [found.start() for found in _MAY_END.finditer(text)]
    fitting = [cut for cut in cuts if _FEWEST < len(text[:cut].split()) <= _MOST_FIND]
    return f"{text[: max(fitting)].rstrip(',')}?" if fitting else text


def _answer(example: Example, result: str) -> Sentence | None:
    """Give the sentence of the solution that says the result, if it can be said."""
    wanted = spoken(result.rpartition("= ")[2])
    told = [part for one in example.solution for part in said(one)]
    return next((one for one in told if wanted in spoken(one.text)), None)


def _all_said(sentences: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """Give the sentences as they are said; none at all where one cannot be said."""
    parts = [said(one) for one in sentences]
    return tuple(one for told in parts for one in told) if all(parts) else ()


def _is_asking(sentence: Sentence) -> bool:
    return sentence.text.endswith("?") or _COMMANDS.match(sentence.text) is not None


def _asks(sentence: Sentence) -> bool:
    text = sentence.text
    return (
        text.endswith(("?", "."))
        and _TWO_THINGS.search(text) is None
        and not sentence.refers
        and len(text.split()) <= MOST_SENTENCE_WORDS
        and can_be_spoken(text)
    )


def _known(given: Sequence[str]) -> str:
    """Give the quantities that the problem names; empty unless that is all of its numbers."""
    found = [one[0] for text in given for one in _QUANTITY.finditer(text)]
    left = " ".join(_QUANTITY.sub("", text) for text in given)
    return "" if _LEFT_OUT.search(left) else ", ".join(dict.fromkeys(found))
