"""A whole plan of the model's scenes and the extractive author's, that breaks no rule.

The model writes hook, concepts, check and recap.  Title, key terms, comparison, worked example,
mix-up and sources are the extractive author's: they are quoted, recomputed or reviewed, and a
scene of the model's that breaks a rule gives way to the extractive one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from shared.lesson.checks import check
from shared.lesson.gemini.building import check_scene, concept_scene, hook_scene, recap_scene
from shared.lesson.gemini.draft import Draft
from shared.lesson.gemini.faults import BadDraft
from shared.lesson.gemini.given import Given
from shared.lesson.gemini.judging import check_faults, is_answer
from shared.lesson.pace import MOST_WORDS, words_of
from shared.lesson.plan import Citation, Plan, Scene, SceneType
from shared.lesson.shape import ORDER
from shared.library.book import Material

NOTE = (
    "A language model wrote parts of this lesson; "
    "each of its facts names the textbook's sentences that carry it."
)
_SAID_OF_IT = "A language model wrote this from the book, and a synthetic voice reads it."
_SECOND_LOOKS = ("analogy_map", "worked_example")
_WITHOUT_NUMBER = 0


@dataclass(frozen=True, slots=True)
class Parts:
    """The model's own scenes, without numbers."""

    hook: Scene | None
    concepts: tuple[Scene, ...]
    check: Scene | None
    recap: Scene | None

    @property
    def all(self) -> tuple[Scene, ...]:
        """Every scene that there is."""
        singles = (self.hook, *self.concepts, self.check, self.recap)
        return tuple(one for one in singles if one is not None)

    def without(self, gone: tuple[Scene, ...]) -> Parts:
        """Leave some scenes to the extractive author."""

        def kept(scene: Scene | None) -> Scene | None:
            return None if scene in gone else scene

        concepts = tuple(one for one in self.concepts if one not in gone)
        return Parts(kept(self.hook), concepts, kept(self.check), kept(self.recap))


def parts_of(draft: Draft, found: Given, first: Plan) -> Parts:
    """Build the scenes of a pruned draft; a picture is shown once."""
    about = next(one.concept for one in first.scenes if one.type == "concept")
    seen: set[str] = set()
    concepts = []
    for one in draft.concepts:
        picture = "" if one.picture in seen else one.picture
        seen.add(picture)
        concepts.append(concept_scene(replace(one, picture=picture), found, about))
    is_fair = not any(check_faults(draft.check, found))
    recap = next(one for one in first.scenes if one.type == "recap")
    is_answered = is_answer(draft.recap.answer, found)
    return Parts(
        hook_scene(draft.hook, found),
        tuple(concepts),
        check_scene(draft.check, found, about) if is_fair else None,
        recap_scene(draft.recap, found, recap) if is_answered else None,
    )


def joined_plan(parts: Parts, first: Plan, material: Material, author: str) -> Plan:
    """Put the scenes together, giving up those that break a rule.

    Raises BadDraft when none of the model's concepts is left, or what is wrong is no scene of its.
    """
    while parts.concepts:
        plan = assembled(parts, first, material, author)
        bad = {one.scene for one in check(plan, material) if one.severity == "error"}
        if not bad:
            return plan
        own = tuple(
            replace(scene, n=_WITHOUT_NUMBER)
            for scene in plan.scenes
            if scene.n in bad and replace(scene, n=_WITHOUT_NUMBER) in parts.all
        )
        if len(own) < len(bad):
            raise BadDraft("the lesson as a whole breaks a rule")
        parts = parts.without(own)
    raise BadDraft("no concept of the draft could be used")


def assembled(parts: Parts, first: Plan, material: Material, author: str) -> Plan:
    """Put the scenes together, whatever rules they break."""
    return _plan(_fitted(_scenes(parts, first), first), first, material, author)


def _scenes(parts: Parts, first: Plan) -> list[Scene]:
    """Give the scenes in their order; the model's stand for the extractive ones of their kind."""
    own = {one.type for one in parts.all}
    kept = [replace(one, n=_WITHOUT_NUMBER) for one in first.scenes if one.type not in own]
    scenes = [*parts.all, *kept]
    types = [one.type for one in scenes]
    if types.count("concept") == 1 and not any(one in types for one in _SECOND_LOOKS):
        # One concept alone is no lesson: the book's next one stands beside it.
        named = {one.title.lower() for one in parts.concepts}
        more = [one for one in first.scenes if one.type == "concept"]
        other = [one for one in more if one.title.lower() not in named] or more
        scenes.append(replace(other[0], n=_WITHOUT_NUMBER))
    return sorted(scenes, key=lambda one: ORDER.index(one.type))


def _fitted(scenes: list[Scene], first: Plan) -> list[Scene]:
    """Leave out what a lesson can do without until its words fit; the example may be asked for."""
    most = MOST_WORDS[first.brief.grade_band]
    for kind in _droppable(scenes):
        if sum(map(words_of, scenes)) <= most:
            break
        at = max(place for place, one in enumerate(scenes) if one.type == kind)
        scenes = [*scenes[:at], *scenes[at + 1 :]]
    return scenes


def _droppable(scenes: list[Scene]) -> Iterator[SceneType]:
    types = [one.type for one in scenes]
    if "misconception" in types:
        yield "misconception"
    concepts = types.count("concept")
    looks = sum(one in types for one in _SECOND_LOOKS)
    for _ in range(concepts - 2):
        yield "concept"
    if "worked_example" in types and (concepts > 1 or looks > 1):
        yield "worked_example"


def _plan(scenes: list[Scene], first: Plan, material: Material, author: str) -> Plan:
    numbered = tuple(
        replace(_credited(scene, first, author), n=n) for n, scene in enumerate(scenes, start=1)
    )
    return replace(
        first,
        author=author,
        scenes=numbered,
        citations=_citations(numbered, first, material),
        notes=(NOTE, *first.notes[1:]),
    )


def _credited(scene: Scene, first: Plan, author: str) -> Scene:
    """Let the sources say who wrote it."""
    if scene.type != "sources":
        return scene
    show = tuple(replace(one, text=one.text.replace(first.author, author)) for one in scene.show)
    last = replace(scene.say[-1], text=_SAID_OF_IT, spoken=_SAID_OF_IT)
    return replace(scene, say=(*scene.say[:-1], last), show=show)


def _citations(scenes: tuple[Scene, ...], first: Plan, material: Material) -> tuple[Citation, ...]:
    """Give every cited sentence, and those behind what the extractive scenes show."""
    book = {
        sentence.id: sentence.text
        for section in (material.section, *material.neighbours)
        for passage in section.passages
        for sentence in passage.sentences
    }
    cited = [cite for scene in scenes for line in scene.say for cite in line.cites]
    said = {cite for scene in first.scenes for line in scene.say for cite in line.cites}
    cited += [one.id for one in first.citations if one.id not in said]
    return tuple(Citation(one, book[one]) for one in dict.fromkeys(cited) if one in book)
