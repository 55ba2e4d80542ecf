"""Write a plan from the book's own sentences; costs nothing and cannot invent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from shared.errors import Refused
from shared.lesson.extractive.choice import Lesson, choose
from shared.lesson.extractive.closing import check_scene, recap_scene, sources_scene
from shared.lesson.extractive.opening import hook_scene, keywords_scene, title_scene
from shared.lesson.extractive.outline import Outline, Trim, outline
from shared.lesson.extractive.subject import Subject, subject
from shared.lesson.extractive.teaching import (
    comparison_scene,
    concept_scene,
    misconception_scene,
)
from shared.lesson.extractive.working import asks_a_number, working_scene
from shared.lesson.interests import Comparison
from shared.lesson.pace import GRADE, MOST_SCENE_S, MOST_WORDS, seconds, words_of
from shared.lesson.plan import Attribution, Brief, Citation, Personalisation, Plan, Scene
from shared.lesson.readability import grade
from shared.library.book import Material

FEWEST_KEYWORDS = 2
_SPARE_S = 0.5  # what the estimate of a scene may miss
_HARDER = 0.5  # grades above the asked one from which a lesson says so
# What goes first when a lesson is too long; never the check, the answer or the sources.
_TRIMS = (
    Trim(),
    Trim(misconception=False),
    Trim(misconception=False, concepts=2),
    Trim(misconception=False, concepts=2, keywords=3),
    Trim(misconception=False, concepts=2, keywords=2),
    Trim(misconception=False, concepts=2, keywords=2, points=1),
    Trim(misconception=False, concepts=2, keywords=2, points=0),
    Trim(misconception=False, concepts=1, keywords=2, points=0),
)
_BEFORE_KEYWORDS = 4
_BEFORE_EXAMPLE = 5  # of these: mix-up, concept and keywords go before the example does


class ExtractiveAuthor:
    """The author that quotes: equal input, equal plan."""

    name = "extractive-2"

    def write(self, lesson_id: str, brief: Brief, material: Material) -> Plan:
        """Write a plan; raises Refused when the section is not enough for a lesson."""
        about = subject(lesson_id, brief, material)
        for drafted, scenes in _drafts(about, self.name):
            if _fits(scenes, brief.grade_band):
                return self._plan(drafted, scenes)
        raise Refused(
            "too-little-material",
            "The textbook's section on this is not enough for a lesson.",
            (f"{material.section.number} {material.section.title}",),
        )

    def _plan(self, drafted: Outline, scenes: tuple[Scene, ...]) -> Plan:
        about = drafted.subject
        return Plan(
            lesson_id=about.lesson_id,
            brief=about.brief,
            author=self.name,
            personalisation=_personalisation(about),
            scenes=scenes,
            citations=_citations(drafted, scenes),
            attribution=_attribution(about),
            notes=_notes(about, scenes),
        )


def _drafts(about: Subject, author: str) -> Iterator[tuple[Outline, tuple[Scene, ...]]]:
    """Give the lesson in full, then each time a little shorter."""
    lesson = choose(about)
    is_mapped = isinstance(about.comparison, Comparison)
    for trim in _trims(about, lesson):
        has_second_look = is_mapped or (trim.example and lesson.example is not None)
        if has_second_look or min(trim.concepts, len(lesson.concepts)) > 1:
            drafted = outline(about, lesson, trim)
            yield drafted, _scenes(drafted, author)


def _trims(about: Subject, lesson: Lesson) -> tuple[Trim, ...]:
    """Give what goes first: a mix-up before the example only where the question wants a number."""
    without = tuple(replace(trim, example=False) for trim in _TRIMS)
    if asks_a_number(about.brief.question):
        return (*_TRIMS[:_BEFORE_EXAMPLE], *without, _TRIMS[-1])
    if lesson.misconception is None:
        return (*_TRIMS[:_BEFORE_KEYWORDS], *without, _TRIMS[-1])
    return (_TRIMS[0], *without, _TRIMS[-1])


def _scenes(drafted: Outline, author: str) -> tuple[Scene, ...]:
    about = drafted.subject
    scenes = [title_scene(about), hook_scene(drafted)]
    if len(drafted.keywords) >= FEWEST_KEYWORDS:
        scenes.append(keywords_scene(drafted))
    scenes += [concept_scene(about, concept) for concept in drafted.concepts]
    if isinstance(about.comparison, Comparison):
        scenes.append(comparison_scene(about, about.comparison))
    if drafted.example:
        scenes.append(working_scene(about, drafted.example))
    if drafted.misconception:
        scenes.append(misconception_scene(about, drafted.misconception))
    scenes += [
        check_scene(about, drafted.quiz),
        recap_scene(drafted),
        sources_scene(about, author),
    ]
    return tuple(replace(scene, n=n) for n, scene in enumerate(scenes, start=1))


def _fits(scenes: tuple[Scene, ...], grade_band: str) -> bool:
    return sum(map(words_of, scenes)) <= MOST_WORDS[grade_band] and all(
        seconds(scene, grade_band) <= MOST_SCENE_S - _SPARE_S for scene in scenes
    )


def _personalisation(about: Subject) -> Personalisation:
    found = about.comparison
    if isinstance(found, Comparison):
        return Personalisation(mapped=True, schema=found.schema)
    return Personalisation(mapped=False, schema=found.schema, missing=found.missing)


def _citations(drafted: Outline, scenes: tuple[Scene, ...]) -> tuple[Citation, ...]:
    """Give every cited sentence, and every shown figure's caption, as it stands in the book."""
    material = drafted.subject.material
    book = {
        sentence.id: sentence.text
        for section in (material.section, *material.neighbours)
        for passage in section.passages
        for sentence in passage.sentences
    }
    cited = [cite for scene in scenes for line in scene.say for cite in line.cites]
    cited += [one.figure.caption_sentence for one in drafted.concepts if one.figure]
    return tuple(Citation(one, book[one]) for one in dict.fromkeys(cited) if one in book)


def _attribution(about: Subject) -> Attribution:
    source, section = about.source, about.section
    return Attribution(
        title=source.title,
        authors=source.authors,
        section=f"{section.number} {section.title}",
        url=section.url,
        licence=source.licence.name,
        licence_url=source.licence.url,
        sha256=source.sha256,
    )


def _notes(about: Subject, scenes: tuple[Scene, ...]) -> tuple[str, ...]:
    notes = ["Every factual sentence is the textbook's own; no model wrote or changed one."]
    measured = grade([line.text for scene in scenes for line in scene.say])
    wanted = GRADE[about.brief.grade_band]
    if measured > wanted + _HARDER:
        notes.append(f"The book's sentences read at grade {measured:.1f}, above grade {wanted}.")
    return tuple(notes)
