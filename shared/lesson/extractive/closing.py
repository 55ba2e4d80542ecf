"""The scenes after the teaching: check, recap, sources."""

from __future__ import annotations

from shared.lesson.extractive import asking
from shared.lesson.extractive.outline import Outline
from shared.lesson.extractive.points import point
from shared.lesson.extractive.quiz import HOLD_S, Quiz
from shared.lesson.extractive.staging import Staging
from shared.lesson.extractive.subject import Subject
from shared.lesson.pace import MOST_VISIBLE_WORDS, THINK_S
from shared.lesson.plan import Element, Scene
from shared.library.book import Source

_MOST_ECHO = 18  # words of a question that the recap says again


def check_scene(subject: Subject, quiz: Quiz) -> Scene:
    """Ask, wait, answer, and say what each wrong option means."""
    stage = Staging("check", "Check yourself", quiz.answer.term)
    question = Element("question", "question", "text", quiz.stem, quiz.shown)
    options = _options(quiz)
    stage.say(quiz.stem, "question", cites=[quiz.answer.cite], reveal=[(question, "")], stays=True)
    countdown = Element("countdown", "countdown", "countdown", "five seconds to think")
    stage.say(
        _choices([one.term for one in quiz.options]),
        "instruction",
        reveal=[*((one, one.text) for one in options), (countdown, "one")],
        pause_s=THINK_S,
        stays=True,
    )
    answer = Element("answer", "answer", "text", "the answer", quiz.answer.title, "accent")
    stage.say(
        f"The answer is: {quiz.answer.term}.",
        "instruction",
        reveal=[(answer, quiz.answer.term)],
        hide=[countdown],
    )
    for one in quiz.wrong:
        stage.say(one.line, "fact", cites=[one.cite])
    return stage.scene(hold_s=HOLD_S)


def _options(quiz: Quiz) -> list[Element]:
    return [
        Element(
            f"option_{number}",
            f"option_{number}",
            "option",
            f"option {number}: {one.term}",
            one.title,
            correct=one is quiz.answer,
        )
        for number, one in enumerate(quiz.options, start=1)
    ]


def recap_scene(outline: Outline) -> Scene:
    """Ask the student's question again and answer it with the book's sentence."""
    subject = outline.subject
    asked = asking.question(subject)
    stage = Staging("recap", "What you know now", subject.name)
    question = Element("question", "question", "text", "the question", asking.shown(subject))
    echo = "Back to your question."
    if len(asked.split()) <= _MOST_ECHO:
        echo = asking.continued(asked, "Back to your question:")
    stage.say(echo, "question", reveal=[(question, "")])
    text = outline.answer.text
    answer = Element("answer", "answer", "text", "the answer", text, "accent")
    stage.say(text, "fact", cites=[outline.answer.id], reveal=[(answer, "")])
    for number, sentence in enumerate(outline.points, start=1):
        short = point(subject, sentence.text)
        name = f"point_{number}"
        shown = Element(name, name, "text", f"key words: {short}", short)
        stage.say(sentence.text, "fact", cites=[sentence.id], reveal=[(shown, short)])
    return stage.scene(hold_s=1.5)


def sources_scene(subject: Subject, author: str) -> Scene:
    """Name the book, its licence, the voice and who made the plan."""
    source, section = subject.source, subject.section
    stage = Staging("sources", "Sources")
    place = f"{section.number} {section.title}"
    licence = f"{source.licence.name}, adapted"
    made = f"Plan: {author}. Synthetic voice."
    address = section.url.removeprefix("https://")
    room = MOST_VISIBLE_WORDS - len(f"{place} {licence} {address} {made}".split())
    stage.put(
        Element("book", "book", "text", "the book", _book(source, room)),
        Element("section", "section", "text", "the section", place),
        Element("licence", "licence", "text", "the licence", licence),
        Element("link", "link", "text", "where to read it", address),
        Element("made", "made", "text", "who made it", made),
    )
    stage.say(
        f"This lesson is adapted from section {section.number} of the book {source.title}, "
        "where you can read more.",
        "instruction",
    )
    stage.say("A program chose its sentences, and a synthetic voice reads them.", "instruction")
    return stage.scene(hold_s=2.0)


def _book(source: Source, room: int) -> str:
    """Name the book with its authors, as far as the words fit; the file's tags name them all."""
    first, *others = source.authors or ("",)
    full = f"{source.title}, by {first}{' and others' if others else ''}"
    return full if first and len(full.split()) <= room else source.title


def _choices(terms: list[str]) -> str:
    *others, last = terms
    return f"Choose one: {', '.join(others)}, or {last}."
