"""The words of a plan that are not the book's: what a lesson says and shows by itself."""

from __future__ import annotations

from collections.abc import Iterator

from shared.lesson.plan import Plan, Scene
from shared.safety.normal import words


def own_words(plan: Plan) -> Iterator[tuple[int, str]]:
    """Give (scene, text) of everything that is captioned or shown and quotes no cited sentence.

    Captions are the lines' texts, so nothing is captioned that does not pass here.  The scene of
    sources is the library's, with its links.
    """
    book = "".join(words(one.text) for one in plan.citations)
    for scene in plan.scenes:
        if scene.type != "sources":
            yield from (
                (scene.n, text)
                for text in _texts(scene)
                if text and words(text).strip(" .") not in book
            )
    yield from ((0, note) for note in plan.notes)


def _texts(scene: Scene) -> Iterator[str]:
    yield scene.title
    for line in scene.say:
        yield line.text
    for element in scene.show:
        described = () if element.draw == "figure" else (element.alt,)  # a figure's is the book's
        yield from (element.text, *element.cells, *described)
