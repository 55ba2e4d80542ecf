"""Passages of a module: paragraphs, lists, captions and definitions as citable sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lxml.etree import _Element as Element

from shared.library.book import Passage, Sentence, Term
from shared.library.flatten import sentences_of, text_of
from shared.library.markup import CNXML, classes, identifier, kind
from shared.library.walk import Block


def passages_of(module: str, found: Iterable[Block], figures: frozenset[str]) -> Iterator[Passage]:
    """Give a passage for each paragraph and list that has words; `figures` are known ids."""
    for block in found:
        name = kind(block.element)
        if name not in {"para", "list"} or kind(block.element.getparent()) == "item":
            continue
        path = f"{module}#{identifier(block.element)}"
        sentences = sentences_of(block.element, f"{path}/") if name == "para" else ()
        sentences = sentences or tuple(_items(block.element, path))
        if sentences:
            yield Passage(
                id=path,
                kind="list" if name == "list" and block.place.kind == "body" else block.place.kind,
                headings=block.place.headings,
                sentences=sentences,
                marks=tuple(_marks(block.element)),
                figures=tuple(_pointed(module, block.element, figures)),
            )


def _items(element: Element, path: str) -> Iterator[Sentence]:
    """Give a list's sentences as `module#list/item.n`; a nested list belongs to its item."""
    for number, item in enumerate(element.iterchildren(CNXML + "item"), start=1):
        prefix = f"{path}/{number}."
        own = list(sentences_of(item, prefix))
        for below in item.iter(CNXML + "item", CNXML + "para"):
            if below is not item:
                own.extend(sentences_of(below, prefix))
        for n, sentence in enumerate(own, start=1):
            yield Sentence(f"{prefix}{n}", sentence.text, sentence.mathematics, sentence.refers)


def _marks(element: Element) -> Iterator[str]:
    for term in element.iter(CNXML + "term"):
        if "no-emphasis" not in classes(term) and text_of(term):
            yield text_of(term)


def _pointed(module: str, element: Element, figures: frozenset[str]) -> Iterator[str]:
    for link in element.iter(CNXML + "link"):
        path = f"{module}#{link.get('target-id')}"
        if link.get("document") is None and path in figures:
            yield path


def definitions(module: str, document: Element, title: str) -> Iterator[tuple[Term, Passage]]:
    """Give the glossary: each term once, with the passage that cites its meaning."""
    for element in document.iterfind(f"{CNXML}glossary/{CNXML}definition"):
        term = text_of(element.find(CNXML + "term"))
        meaning = element.find(CNXML + "meaning")
        path = f"{module}#{identifier(element)}"
        if not term or meaning is None or not text_of(meaning):
            continue
        said = sentences_of(meaning, f"{path}/")
        mathematics = any(sentence.mathematics for sentence in said)
        text = text_of(meaning)
        line = Sentence(f"{path}/1", f"{_opened(term)}: {text.rstrip('.')}.", mathematics)
        yield (
            Term(term, text, line.id, mathematics),
            Passage(path, "glossary", (title,), (line,), marks=(term,)),
        )


def _opened(term: str) -> str:
    return term[:1].upper() + term[1:]
