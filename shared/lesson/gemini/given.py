"""What a model is given to write from: short labels for sentences and pictures, as one document.

Student and book stand there as values, apart from each other and from our instruction.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from shared.lesson.edits import joined
from shared.lesson.plan import Brief, Element, Plan
from shared.library.book import Material, Passage

MOST_CHARACTERS = 28_000  # of the book: about 7,000 tokens, a long section
_KINDS = frozenset({"body", "list", "summary", "tip", "glossary", "caption"})
_PICTURES = frozenset({"figure", "diagram"})


@dataclass(frozen=True, slots=True)
class Given:
    """`sentences` and `ids` by label, `pictures` as the elements that show one, by label."""

    brief: Brief
    sentences: Mapping[str, str]
    ids: Mapping[str, str]
    pictures: Mapping[str, tuple[Element, ...]]
    terms: tuple[tuple[str, str], ...]
    compared: tuple[tuple[str, ...], ...]


def given(brief: Brief, material: Material, first: Plan) -> Given:
    """Choose what the model may use; `first` is the extractive author's plan for the same."""
    labelled = dict(enumerate(_sentences(material), start=1))
    shows = {"figure", "credit"}
    pictures = [
        tuple(one for one in scene.show if one.draw == "diagram" or one.slot in shows)
        for scene in first.scenes
        if scene.type == "concept" and any(one.draw in _PICTURES for one in scene.show)
    ]
    rows = [one.cells for scene in first.scenes for one in scene.show if one.draw == "row"]
    return Given(
        brief=brief,
        sentences={f"s{n}": text for n, (_, text) in labelled.items()},
        ids={f"s{n}": name for n, (name, _) in labelled.items()},
        pictures={f"p{n}": shown for n, shown in enumerate(pictures, start=1)},
        terms=tuple((one.term, one.definition) for one in material.section.terms),
        compared=tuple(rows),
    )


def contents(found: Given, findings: tuple[str, ...] = (), earlier: str = "") -> str:
    """Write the document; with `findings` it asks to repair the answer that stood before."""
    brief = found.brief
    told: dict[str, object] = {
        "student": {
            "question": brief.question,
            "interest": brief.interest,
            "grades": brief.grade_band,
        },
        "terms": [{"term": term, "meaning": meaning} for term, meaning in found.terms],
        "comparison": [list(cells) for cells in found.compared],
        "pictures": [
            {"id": label, "shows": shown[0].alt} for label, shown in found.pictures.items()
        ],
        "passages": [{"id": label, "text": text} for label, text in found.sentences.items()],
    }
    if findings:
        told["repair"] = {"answer": earlier, "findings": list(findings)}
    return json.dumps(told, ensure_ascii=False)


def _sentences(material: Material) -> Iterator[tuple[str, str]]:
    """Give the section's sentences, then those of its neighbours' passages that answer best."""
    hits = {hit.passage for hit in material.hits}
    others = [
        passage
        for section in material.neighbours
        for passage in section.passages
        if passage.id in hits
    ]
    room = MOST_CHARACTERS
    for passage in (*material.section.passages, *others):
        for name, text in _of(passage):
            room -= len(text)
            if room < 0:
                return
            yield name, text


def _of(passage: Passage) -> Iterator[tuple[str, str]]:
    if passage.kind in _KINDS:
        for sentence in passage.sentences:
            yield sentence.id, joined(sentence.text)
