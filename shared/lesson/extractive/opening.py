"""The scenes before the teaching: title, hook, keywords."""

from __future__ import annotations

from shared.lesson.extractive import asking
from shared.lesson.extractive.outline import Outline
from shared.lesson.extractive.phrases import opened, sentence_case
from shared.lesson.extractive.points import point
from shared.lesson.extractive.staging import Staging
from shared.lesson.extractive.subject import Subject
from shared.lesson.interests import Comparison
from shared.lesson.pace import MOST_VISIBLE_WORDS
from shared.lesson.plan import Element, Scene

_MOST_TITLE_WORDS = 16


def title_scene(subject: Subject) -> Scene:
    """Show the question and say, honestly, whether the interest will help."""
    asked, shown = asking.question(subject), asking.shown(subject)
    stage = Staging("title", shown)
    name = asking.title(subject)
    topic = opened(subject.name) if shown != opened(subject.name) else subject.section.chapter
    stage.put(
        Element("topic", "topic", "text", "the topic of the lesson", topic),
        Element("question", "question", "text", "the question of the lesson", shown),
        Element("meta", "meta", "text", "for whom the lesson is made", _meta(subject)),
    )
    if len(asked.split()) <= _MOST_TITLE_WORDS:
        stage.say(asked, "question")
    else:
        stage.say(f"This lesson is about one topic: {name}.", "instruction")
    stage.say(_interest_line(subject), "instruction")
    return stage.scene(hold_s=0.5)


def hook_scene(outline: Outline) -> Scene:
    """Put the student into a situation that is an instance of the concept."""
    subject = outline.subject
    comparison = subject.comparison
    if isinstance(comparison, Comparison):
        return _mapped_hook(comparison)
    stage = Staging("hook", "Think about it")
    asked = asking.question(subject)
    if outline.hook is None:
        stage.say("Here is a question that you can answer in a few minutes.", "instruction")
    else:
        _say_run(stage, outline)
    question = Element("question", "question", "text", "the question", asking.shown(subject))
    stage.say(asking.continued(asked, "So,"), "question", reveal=[(question, "so")])
    return stage.scene(hold_s=1.0)


def keywords_scene(outline: Outline) -> Scene:
    """Define the terms, one card at a time; the terms stay as long as there is room."""
    keywords = outline.keywords
    stage = Staging("keywords", "Words you need", outline.subject.name)
    terms = sum(len(one.term.split()) for one in keywords)
    stays = terms + max(len(one.shown.split()) for one in keywords) <= MOST_VISIBLE_WORDS
    stage.say("First, here are the words that you need.", "instruction")
    shown: list[Element] = []
    for number, one in enumerate(keywords, start=1):
        term = Element(f"term_{number}", f"term_{number}", "term", f"term: {one.term}", one.title)
        definition = Element(
            f"definition_{number}",
            f"definition_{number}",
            "definition",
            f"{one.term} means {one.shown}",
            one.shown,
        )
        hide = [old for old in shown if not (stays and old.draw == "term")]
        stage.say(
            one.line,
            "fact",
            cites=[one.cite],
            reveal=[(term, one.term), (definition, one.shown)],
            hide=hide,
            pause_s=0.5,
        )
        shown += [term, definition]
    return stage.scene(hold_s=1.0)


def _meta(subject: Subject) -> str:
    grades = f"Grades {subject.brief.grade_band}"
    if isinstance(subject.comparison, Comparison):
        return f"{grades} · {opened(subject.comparison.interest)}"
    return grades


def _interest_line(subject: Subject) -> str:
    interest = " ".join(subject.brief.interest.split()).strip(" .!?,;:")
    if isinstance(subject.comparison, Comparison):
        return f"Let us look at it with {subject.comparison.interest}."
    if interest:
        return f"This topic does not match {interest} well, so the examples are the book's."
    return "Let us find the answer in your book."


def _mapped_hook(comparison: Comparison) -> Scene:
    stage = Staging("hook", opened(comparison.interest))
    situation = Element("situation", "situation", "text", comparison.hook[0], comparison.situation)
    question = Element(
        "question", "question", "text", comparison.hook[-1], comparison.question, "accent"
    )
    first, *middle, last = comparison.hook
    stage.say(first, "analogy", reveal=[(situation, first)])
    for line in middle:
        stage.say(line, "analogy")
    stage.say(last, "question", reveal=[(question, last)])
    return stage.scene(hold_s=1.0)


def _say_run(stage: Staging, outline: Outline) -> None:
    subject, run = outline.subject, outline.hook
    assert run is not None  # noqa: S101
    for number, sentence in enumerate(run.sentences):
        short = point(subject, sentence.text) or sentence_case(
            run.passage.headings[-1], asking.book_text(subject)
        )
        situation = Element("situation", "situation", "text", "an everyday situation", short)
        is_shown = bool(short) and number == 0
        stage.say(
            sentence.text,
            "fact",
            cites=[sentence.id],
            reveal=[(situation, short)] if is_shown else [],
        )
