"""The order of reading: every block of a module that pupils are taught from, under its headings.

Notes for teachers, exercises, videos and simulations are passed over here, in one place, so that
nothing behind this module can index them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from lxml.etree import _Element as Element

from shared.library.book import PassageKind
from shared.library.flatten import text_of
from shared.library.markup import CNXML, classes, is_for_teachers, kind

# Sections by class: a class that is not named here is an exercise, a table or a reading list.
_SECTIONS: dict[str, PassageKind] = {"": "body", "summary": "summary"}
_TAKEN = frozenset({"para", "list", "figure", "equation"})
_OPEN = frozenset({"content", "problem", "solution", "commentary", "item", "para", "list"})
WORKED = "worked-example"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a block stands."""

    kind: PassageKind
    headings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, list, figure or equation of the module."""

    element: Element
    place: Place


def blocks(document: Element, title: str) -> Iterator[Block]:
    """Give the module's blocks in the order of the book."""
    content = document.find(CNXML + "content")
    if content is not None:
        yield from _below(content, Place("body", (title,)))


def _below(element: Element, place: Place) -> Iterator[Block]:
    for child in element:
        if is_for_teachers(child):
            continue
        if kind(child) in _TAKEN:
            yield Block(child, place)
        inside = _entered(child, place)
        if inside is not None:
            yield from _below(child, inside)


def _entered(element: Element, place: Place) -> Place | None:
    """Say how the blocks below an element are to be read; None when they are not."""
    name = kind(element)
    if name == "section":
        return _section(element, place)
    if name in {"note", "example"}:
        return _note(element, place)
    if name == "exercise":
        return place if place.kind == "example" else None
    return place if name in _OPEN else None


def _section(element: Element, place: Place) -> Place | None:
    name = " ".join(classes(element))
    if name not in _SECTIONS:
        return None
    below = _SECTIONS[name] if name else place.kind
    return Place(below, (*place.headings, *_title(element)))


def _note(element: Element, place: Place) -> Place | None:
    names = classes(element)
    if "tips-for-success" in names:
        return replace(place, kind="tip")
    if WORKED in names or kind(element) == "example":
        return Place("example", (*place.headings, *_title(element)))
    if place.kind == "example" and not names:
        return place  # "Strategy", inside a worked example's problem
    return None


def _title(element: Element) -> tuple[str, ...]:
    title = text_of(element.find(CNXML + "title"))
    return (title,) if title else ()
