"""Leave out of a book's material what speaks to a model instead of a reader."""

from __future__ import annotations

from dataclasses import replace

from shared.library.book import Example, Material, Section
from shared.log import log
from shared.safety.screen import gives_orders


def without_orders(material: Material) -> Material:
    """Drop passages, terms, figures and examples that give a model orders; counted in the log."""
    before = (material.section, *material.neighbours)
    section, *neighbours = after = tuple(map(_cleaned, before))
    if after == before:
        return material
    dropped = _passages(before) - _passages(after)
    log.warning("Dropped text that gives orders", extra={"passages": len(dropped)})
    hits = tuple(hit for hit in material.hits if hit.passage not in dropped)
    return Material(material.source, section, tuple(neighbours), hits)


def _cleaned(section: Section) -> Section:
    return replace(
        section,
        objectives=tuple(one for one in section.objectives if not gives_orders(one)),
        passages=tuple(one for one in section.passages if not gives_orders(one.text)),
        terms=tuple(
            one for one in section.terms if not gives_orders(f"{one.term}: {one.definition}")
        ),
        figures=tuple(
            one for one in section.figures if not gives_orders(f"{one.caption} {one.alt}")
        ),
        examples=tuple(one for one in section.examples if not gives_orders(_text(one))),
    )


def _passages(sections: tuple[Section, ...]) -> set[str]:
    return {one.id for section in sections for one in section.passages}


def _text(example: Example) -> str:
    told = (*example.problem, *example.strategy, *example.solution)
    return " ".join((example.title, *(one.text for one in told)))
