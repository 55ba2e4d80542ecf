"""Pack a book for the OER bucket.  A CNXML repository, folder or zip -> one deterministic zip.

Only what the reader reads goes in, stored without compression, names sorted, dates fixed: the
same book always becomes the same bytes, so that its digest can name it.
"""

from __future__ import annotations

import hashlib
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from shared.errors import Unreadable
from shared.library.archive import MEMBER_BYTES, Archive, Members
from shared.library.collection import Collection, collections_in
from shared.library.figures import picture_member
from shared.library.markup import kind, parse
from shared.library.walk import blocks

_FOLDERS = ("META-INF", "collections", "media", "modules")
_LICENCES = ("LICENSE", "LICENSE.md", "LICENSE.txt", "LICENCE")
_MODE = 0o100644 << 16


@dataclass(frozen=True, slots=True)
class PackedBook:
    """A book ready to be stored: `name` in the OER bucket, `file` on this machine."""

    name: str
    file: Path
    sha256: str
    slug: str
    title: str


def pack(path: Path, into: Path | None = None, slug: str = "") -> PackedBook:
    """Pack a folder or zip into `into`, or a fresh temporary folder.

    A repository of several books needs `slug`.  Raises Unreadable for what is no CNXML
    repository, for links and names that point outside it, and for what is too large.
    """
    into = into or Path(tempfile.mkdtemp(prefix="book-"))
    into.mkdir(parents=True, exist_ok=True)
    if path.is_dir():
        return _packed(Folder(path), into, slug)
    if not path.is_file():
        raise Unreadable("missing", f"{path}: there is no such folder or file")
    with path.open("rb") as file:
        return _packed(_repository(Archive(file)), into, slug)


class Folder:
    """A repository's checkout as members; links are refused before anything is read."""

    def __init__(self, root: Path) -> None:
        """List what a book consists of; raises Unreadable."""
        self._root = root
        self.names = frozenset(self._listed())

    def read(self, name: str) -> bytes:
        """Read a whole member; raises Unreadable."""
        with self.open(name) as file:
            return file.read()

    def open(self, name: str) -> IO[bytes]:
        """Open a member; raises Unreadable."""
        if name not in self.names:
            raise Unreadable("missing", f"{name}: not in the folder")
        return (self._root / name).open("rb")

    def _listed(self) -> Iterator[str]:
        tops = (self._root / top for top in (*_FOLDERS, *_LICENCES))
        found = (path for top in tops for path in (top, *sorted(top.rglob("*"))))
        for path in found:
            name = path.relative_to(self._root).as_posix()
            if path.is_symlink():
                raise Unreadable("symlink", f"{name}: a symbolic link")
            if path.is_file():
                if path.stat().st_size > MEMBER_BYTES:
                    raise Unreadable("too-large", f"{name}: more than 64 MiB")
                yield name


class Below:
    """The members of an archive below its only top folder, as GitHub makes its zips."""

    def __init__(self, archive: Members, top: str) -> None:
        """Look at an archive from one of its folders; `top` ends in a slash."""
        self._archive = archive
        self._top = top
        self.names = frozenset(
            name.removeprefix(top) for name in archive.names if name.startswith(top)
        )

    def read(self, name: str) -> bytes:
        """Read a whole member; raises Unreadable."""
        return self._archive.read(self._top + name)

    def open(self, name: str) -> IO[bytes]:
        """Open a member; raises Unreadable."""
        return self._archive.open(self._top + name)


def _repository(archive: Archive) -> Members:
    tops = {name.partition("/")[0] for name in archive.names}
    if len(tops) == 1 and not tops & set(_FOLDERS):
        return Below(archive, f"{tops.pop()}/")
    return archive


def _packed(members: Members, into: Path, slug: str) -> PackedBook:
    collection = _chosen(collections_in(members), slug)
    wanted = sorted({*_always(members, collection), *_of_modules(members, collection)})
    unfinished = into / f"{collection.slug}.unfinished"
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_STORED) as packed:
        for name in wanted:
            entry = zipfile.ZipInfo(name)  # dated 1980, whenever it is packed
            entry.create_system = 3  # the same on every machine
            entry.external_attr = _MODE
            packed.writestr(entry, members.read(name))
    with unfinished.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    file_name = unfinished.rename(into / f"{digest}.zip")
    name = f"books/{collection.slug}/{digest}.zip"
    return PackedBook(name, file_name, digest, collection.slug, collection.title)


def _chosen(found: tuple[Collection, ...], slug: str) -> Collection:
    chosen = [collection for collection in found if slug in ("", collection.slug)]
    if len(chosen) == 1:
        return chosen[0]
    names = ", ".join(collection.slug for collection in found)
    raise Unreadable("several-books", f"name one of the books of this repository: {names}")


def _always(members: Members, collection: Collection) -> Iterator[str]:
    yield collection.member
    yield from (name for name in _LICENCES if name in members.names)


def _of_modules(members: Members, collection: Collection) -> Iterator[str]:
    """Give the modules that are there and their pictures; the reader names what is missing."""
    for module in collection.modules:
        name = f"modules/{module}/index.cnxml"
        if name in members.names:
            yield name
            yield from _pictures(members, module, name)


def _pictures(members: Members, module: str, name: str) -> Iterator[str]:
    try:
        document = parse(members.read(name), name)
    except Unreadable:
        return  # goes in as it is: the reader names it
    for block in blocks(document, ""):
        picture = picture_member(module, block.element) if kind(block.element) == "figure" else ""
        if picture in members.names:
            yield picture
