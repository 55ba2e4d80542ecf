"""A plan as an article: what is read in the terminal and stored as `lesson.md`."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from shared.lesson.plan import Plan, Scene, SceneType

_QUIET = {"title", "sources"}


def article(plan: Plan) -> str:
    """Write a lesson as Markdown that reads well as plain text too."""
    title = next(scene for scene in plan.scenes if scene.type == "title")
    blocks = [f"# {title.title}", *_introduction(title)]
    for scene in plan.scenes:
        if scene.type not in _QUIET:
            blocks += [f"## {scene.title}", *_WRITERS.get(scene.type, _paragraph)(scene)]
    blocks += ["## Sources", *_sources(plan)]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _introduction(scene: Scene) -> Iterator[str]:
    yield " ".join(line.text for line in scene.say if line.text != scene.title)


def _paragraph(scene: Scene) -> Iterator[str]:
    yield " ".join(line.text for line in scene.say)


def _keywords(scene: Scene) -> Iterator[str]:
    terms = [element.text for element in scene.show if element.draw == "term"]
    meanings = [element.text for element in scene.show if element.draw == "definition"]
    pairs = zip(terms, meanings, strict=True)
    yield "\n".join(f"- **{term}**: {meaning}" for term, meaning in pairs)


def _check(scene: Scene) -> Iterator[str]:
    """Ask first; the answer and the reasons stand below the options."""
    asked = [line.text for line in scene.say if line.kind == "question"]
    options = [element for element in scene.show if element.draw == "option"]
    right = [option.text for option in options if option.correct]
    yield asked[0]
    yield "\n".join(f"{letter}. {one.text}" for letter, one in zip("abcd", options, strict=False))
    yield f"**Answer:** {right[0]}."
    yield "\n".join(f"- {line.text}" for line in scene.say if line.kind == "fact")


def _sources(plan: Plan) -> Iterator[str]:
    book = plan.attribution
    authors = ", ".join(book.authors)
    yield "\n".join(
        (
            f"- Book: {book.title}" + (f" by {authors}" if authors else ""),
            f"- Section: {book.section}",
            f"- Read it: {book.url}",
            f"- Licence: {book.licence} ({book.licence_url}); adapted",
            f"- Plan: {plan.author}",
        )
    )
    yield "\n".join(f"- {note}" for note in plan.notes)


_WRITERS: dict[SceneType, Callable[[Scene], Iterator[str]]] = {
    "keywords": _keywords,
    "check": _check,
}
