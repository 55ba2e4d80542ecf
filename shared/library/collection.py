"""The table of contents of a book: what `collections/*.collection.xml` says of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml.etree import _Element as Element

from shared.errors import Unreadable
from shared.library.characters import tidy
from shared.library.markup import COLLECTION, METADATA, kind, parse

BOOKS = "META-INF/books.xml"
_FOLDER = "collections/"
_ENDING = ".collection.xml"


@dataclass(frozen=True, slots=True)
class Chapter:
    """One chapter and its modules in order."""

    title: str
    modules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Collection:
    """One book: its metadata and its chapters; `address` only where the book itself has one."""

    member: str
    slug: str
    title: str
    authors: tuple[str, ...]
    licence_url: str
    language: str
    address: str
    chapters: tuple[Chapter, ...]

    @property
    def modules(self) -> tuple[str, ...]:
        """All modules of all chapters, each once."""
        return tuple(dict.fromkeys(name for one in self.chapters for name in one.modules))


def collection_members(names: frozenset[str], books: bytes | None) -> tuple[str, ...]:
    """Find the archive's collection files: those that books.xml lists, else all that are there."""
    if books is not None:
        listed = (element.get("href", "") for element in parse(books, BOOKS).iter("{*}book"))
        members = ["collections/" + href.rpartition("/")[2] for href in listed if href]
    else:
        members = sorted(n for n in names if n.startswith(_FOLDER) and n.endswith(_ENDING))
    if not members:
        raise Unreadable("no-collection", "no collections/*.collection.xml: not a CNXML book")
    return tuple(members)


def read_collection(content: bytes, member: str) -> Collection:
    """Read one collection file; raises Unreadable."""
    root = parse(content, member)
    metadata = root.find("{*}metadata")
    slug = _said(metadata, "slug")
    if not slug:
        raise Unreadable("no-slug", f"{member}: the metadata has no md:slug")
    licence = None if metadata is None else metadata.find(METADATA + "license")
    authors = (tidy(name) for name in root.get("authors", "").split(","))
    return Collection(
        member=member,
        slug=slug,
        title=_said(metadata, "title"),
        authors=tuple(name for name in authors if name),
        licence_url="" if licence is None else licence.get("url", ""),
        language=_said(metadata, "language") or "en",
        address=_said(metadata, "content-url"),
        chapters=tuple(_chapters(root)),
    )


def _said(metadata: Element | None, name: str) -> str:
    found = None if metadata is None else metadata.findtext(METADATA + name)
    return tidy(found or "")


def _chapters(root: Element) -> Iterator[Chapter]:
    """Give every subcollection that holds modules itself; units around chapters are passed over.

    Modules outside any chapter are preface and appendices, unless the book has no chapters.
    """
    found = False
    for part in root.iter(COLLECTION + "subcollection"):
        modules = _modules(part.find(COLLECTION + "content"))
        if modules:
            found = True
            yield Chapter(tidy(part.findtext(METADATA + "title") or ""), modules)
    if not found:
        modules = _modules(root.find(COLLECTION + "content"))
        yield Chapter(_said(root.find("{*}metadata"), "title"), modules)


def _modules(content: Element | None) -> tuple[str, ...]:
    if content is None:
        return ()
    return tuple(child.get("document", "") for child in content if kind(child) == "module")
