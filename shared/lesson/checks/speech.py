"""Rules about what is heard: short sentences, short scenes, words that can be spoken."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shared.lesson.checks.finding import Finding
from shared.lesson.checks.rule import rule
from shared.lesson.pace import (
    GRADE,
    MOST_SCENE_S,
    MOST_SENTENCE_WORDS,
    MOST_WORDS,
    THINK_S,
    seconds,
    words_of_plan,
)
from shared.lesson.plan import Plan
from shared.lesson.readability import grade
from shared.lesson.spoken import spoken
from shared.library.book import Material

_HARDER = 0.5
_YOU = re.compile(r"\byou(?:rs?|rself)?\b", re.IGNORECASE)
_WORDS_FOR_ONE_YOU = 75
_MARKUP = re.compile(r"[*_`#<>|]|\]\(")


@rule("long-sentence")
def short_sentences(plan: Plan, material: Material) -> Iterator[Finding]:
    """Keep sentences to 25 words: a listener cannot look back."""
    for scene in plan.scenes:
        for line in scene.say:
            if len(line.text.split()) > MOST_SENTENCE_WORDS:
                yield Finding("long-sentence", scene.n, line.text)


@rule("long-scene")
def short_scenes(plan: Plan, material: Material) -> Iterator[Finding]:
    """Keep scenes to 40 s: one idea at a time, and one render that ends in time."""
    for scene in plan.scenes:
        length_s = seconds(scene, plan.brief.grade_band)
        if length_s > MOST_SCENE_S:
            yield Finding("long-scene", scene.n, f"about {length_s:.0f} s")


@rule("long-lesson")
def short_lesson(plan: Plan, material: Material) -> Iterator[Finding]:
    """Keep the lesson to the words that fit its time at the speed of its grade."""
    words = words_of_plan(plan)
    most = MOST_WORDS[plan.brief.grade_band]
    if words > most:
        yield Finding("long-lesson", 0, f"{words} words of {most}")


@rule("spoken-differs", "not-speakable")
def spoken_form(plan: Plan, material: Material) -> Iterator[Finding]:
    """Let the voice say what the captions show, and nothing that cannot be said."""
    for scene in plan.scenes:
        for line in scene.say:
            if line.spoken != spoken(line.text):
                yield Finding("spoken-differs", scene.n, line.text)
            if not line.spoken or re.search(r"\d", line.spoken) or _MARKUP.search(line.text):
                yield Finding("not-speakable", scene.n, line.text)


@rule("no-time-to-think")
def time_to_think(plan: Plan, material: Material) -> Iterator[Finding]:
    """Let the check wait five seconds, while a countdown is seen, before it gives the answer."""
    for scene in plan.scenes:
        countdowns = {element.id for element in scene.show if element.draw == "countdown"}
        waits = [
            line.pause_s
            for line in scene.say
            if any(mark.what in countdowns and mark.do == "reveal" for mark in line.marks)
        ]
        if scene.type == "check" and max(waits, default=0.0) < THINK_S:
            yield Finding("no-time-to-think", scene.n, f"needs {THINK_S:.0f} s and a countdown")


@rule("impersonal")
def talks_to_you(plan: Plan, material: Material) -> Iterator[Finding]:
    """Talk to the student: people learn more from words that are meant for them."""
    text = " ".join(line.text for scene in plan.scenes for line in scene.say)
    wanted = len(text.split()) // _WORDS_FOR_ONE_YOU
    found = len(_YOU.findall(text))
    if found < wanted:
        yield Finding("impersonal", 0, f"says you {found} times, {wanted} wanted", "warning")
    if "the learner" in text.lower():
        yield Finding("impersonal", 0, "says the learner")


@rule("reading-level")
def reading_level(plan: Plan, material: Material) -> Iterator[Finding]:
    """Tell when the words are harder than the grade; a book's own sentences cannot be eased."""
    wanted = GRADE[plan.brief.grade_band]
    found = grade([line.text for scene in plan.scenes for line in scene.say])
    if found > wanted + _HARDER:
        yield Finding("reading-level", 0, f"grade {found:.1f} for {wanted}", "warning")
