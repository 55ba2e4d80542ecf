"""Read a textbook's archive into a `Book`: what is broken is named, the rest goes in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import IO, TypeVar

from lxml.etree import _Element as Element

from shared.errors import Unreadable
from shared.library.archive import Archive
from shared.library.book import Book, Section, Source
from shared.library.collection import (
    Chapter,
    Collection,
    collections_in,
)
from shared.library.examples import equations_of, exercises_of, worked_examples
from shared.library.figures import Size, figures_of, picture_size
from shared.library.flatten import text_of
from shared.library.licence import PERMITTED, licence_of
from shared.library.markup import CNXML, classes, parse, pupils_elements
from shared.library.passages import definitions, passages_of
from shared.library.walk import blocks

One = TypeVar("One")

_NOT_IN_ADDRESS = re.compile(r"[^a-z0-9\s-]")
_SITE = "https://openstax.org/books"


def read_book(
    file: IO[bytes],
    object_name: str,
    generation: int,
    allowed: frozenset[str] = PERMITTED,
) -> Book:
    """Read an archive that lies in the OER bucket as `books/<slug>/<sha256>.zip`.

    Raises Unreadable when it is no book at all, and when its licence does not allow its use
    (`allowed`: Creative Commons codes).  A broken module or picture is left out and named in
    `faults`.
    """
    archive = Archive(file)
    collection = only_collection(archive)
    licence = licence_of(collection.licence_url, collection.member, allowed)
    faults: list[str] = []
    sections = tuple(_sections(archive, collection, faults))
    if not sections:
        raise Unreadable(
            "nothing-readable", f"{collection.member}: none of its modules is readable"
        )
    source = Source(
        slug=collection.slug,
        title=collection.title,
        authors=collection.authors,
        licence=licence,
        url=collection.address or f"{_SITE}/{collection.slug}",
        language=collection.language,
        object_name=object_name,
        generation=generation,
        sha256=object_name.rpartition("/")[2].removesuffix(".zip"),
    )
    return Book(source, sections, tuple(faults))


def only_collection(archive: Archive) -> Collection:
    """Read the table of contents of an archive that holds one book; raises Unreadable."""
    found = collections_in(archive)
    if len(found) > 1:
        raise Unreadable("several-books", f"the archive holds {len(found)} books, not one")
    return found[0]


@dataclass(frozen=True, slots=True)
class _Module:
    """One parsed module and its place in the book."""

    name: str
    document: Element
    chapter: str
    number: str
    title: str
    url: str


def _sections(archive: Archive, book: Collection, faults: list[str]) -> Iterator[Section]:
    seen: set[str] = set()
    for number, chapter in enumerate(book.chapters, start=1):
        for module in _modules(archive, book, chapter, number, faults):
            if module.name not in seen:
                seen.add(module.name)
                yield _section(archive, module, faults)


def _modules(
    archive: Archive, book: Collection, chapter: Chapter, number: int, faults: list[str]
) -> Iterator[_Module]:
    """Parse a chapter's modules and number them as the printed book does."""
    position = 0
    for name in chapter.modules:
        member = f"modules/{name}/index.cnxml"
        try:
            document = parse(archive.read(member), member)
        except Unreadable as error:
            faults.append(str(error))
            position += 1  # a chapter's numbers must not move because a file is broken
            continue
        introduces = "introduction" in classes(document)
        position += not introduces
        title = text_of(document.find(CNXML + "title")) or name
        place = str(number) if introduces else f"{number}.{position}"
        page = f"{number}-introduction" if introduces else f"{number}-{position}-{_slug(title)}"
        url = f"{book.address}/{member}" if book.address else f"{_SITE}/{book.slug}/pages/{page}"
        yield _Module(name, document, chapter.title, place, title, url)


def _slug(title: str) -> str:
    """Write a title as OpenStax does in its addresses."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return "-".join(_NOT_IN_ADDRESS.sub("", plain).replace("-", " ").split())


def _section(archive: Archive, module: _Module, faults: list[str]) -> Section:
    def size_of(member: str) -> Size:
        with archive.open(member) as picture:
            return picture_size(picture, member)

    name, document = module.name, module.document
    found = tuple(blocks(document, module.title))
    figures = tuple(_once(figures_of(name, found, size_of, faults), lambda pair: pair[0].id))
    known = frozenset(figure.id for figure, _ in figures)
    terms = tuple(definitions(name, document, module.title))
    return Section(
        module=name,
        number=module.number,
        title=module.title,
        chapter=module.chapter,
        url=module.url,
        objectives=tuple(_objectives(document)),
        passages=tuple(
            _once(
                chain(
                    passages_of(name, found, known),
                    (passage for _, passage in figures if passage is not None),
                    (passage for _, passage in terms),
                ),
                lambda passage: passage.id,
            )
        ),
        terms=tuple(term for term, _ in terms),
        figures=tuple(figure for figure, _ in figures),
        equations=tuple(equations_of(name, document)),
        examples=tuple(worked_examples(name, document)),
        exercises=tuple(exercises_of(name, document)),
    )


def _once(found: Iterable[One], name: Callable[[One], str]) -> Iterator[One]:
    """Give the first of each name: an id that a module uses twice can be cited only once."""
    seen: set[str] = set()
    for one in found:
        if name(one) not in seen:
            seen.add(name(one))
            yield one


def _objectives(document: Element) -> Iterator[str]:
    for note in pupils_elements(document, "note"):
        if "learning-objectives" in classes(note):
            yield from filter(None, (text_of(item) for item in note.iter(CNXML + "item")))
