"""The table of contents of a book: what `collections/*.collection.xml` says of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml.etree import _Element as Element

from shared.errors import Unreadable
from shared.library.archive import Members
from shared.library.characters import tidy
from shared.library.markup import COLLECTION, METADATA, kind, parse

BOOKS = "META-INF/books.xml"
_FOLDER = "collections/"
_SLUG = re.compile(r"[a-z0-9-]{1,64}")
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


def collections_in(members: Members) -> tuple[Collection, ...]:
    """Read a repository's books: those that books.xml lists, else all that are there.

    Raises Unreadable when there is none.
    """
    if BOOKS in members.names:
        books = parse(members.read(BOOKS), BOOKS).iter("{*}book")
        found = [_FOLDER + book.get("href", "").rpartition("/")[2] for book in books]
    else:
        found = [n for n in members.names if n.startswith(_FOLDER) and n.endswith(_ENDING)]
    if not found:
        raise Unreadable("no-collection", "no collections/*.collection.xml: not a CNXML book")
    return tuple(read_collection(members.read(name), name) for name in sorted(found))


def read_collection(content: bytes, member: str) -> Collection:
    """Read one collection file; raises Unreadable."""
    root = parse(content, member)
    metadata = root.find("{*}metadata")
    slug = _said(metadata, "slug")
    if _SLUG.fullmatch(slug) is None:
        raise Unreadable("bad-slug", f"{member}: md:slug must be 1-64 of a-z, 0-9 and hyphen")
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
