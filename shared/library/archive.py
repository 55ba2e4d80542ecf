"""A book's archive: a zip of a CNXML repository, read member by member, never unpacked."""

from __future__ import annotations

import zipfile
import zlib
from typing import IO, Protocol

from shared.errors import Unreadable

MEMBERS = 20_000
MEMBER_BYTES = 64 * 1024 * 1024
TOTAL_BYTES = 2 * 1024 * 1024 * 1024
# What zipfile raises for a member that is broken, encrypted or packed in a way it does not know.
DAMAGE = (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, ValueError)
_SYMLINK = 0o120000
_FILE_TYPE = 0o170000


class Members(Protocol):
    """The files of a book's repository, wherever they lie."""

    names: frozenset[str]

    def read(self, name: str) -> bytes:
        """Read a whole member; raises Unreadable."""

    def open(self, name: str) -> IO[bytes]:
        """Open a member to read its beginning; raises Unreadable."""


class Archive:
    """The members of one zip; each is checked before anything is read."""

    def __init__(self, file: IO[bytes]) -> None:
        """Open a zip; raises Unreadable for what is none, is too large or wants to get out."""
        try:
            self._zip = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, OSError) as error:
            raise Unreadable("not-a-zip", "the archive is no zip file") from error
        members = [member for member in self._zip.infolist() if not member.is_dir()]
        _check_size(members)
        for member in members:
            _check_name(member)
        self.names = frozenset(member.filename for member in members)

    def read(self, name: str) -> bytes:
        """Read a whole member; raises Unreadable when it is missing or damaged."""
        try:
            return self._zip.read(name)
        except KeyError as error:
            raise Unreadable("missing", f"{name}: not in the archive") from error
        except DAMAGE as error:
            raise Unreadable("damaged", f"{name}: damaged in the archive") from error

    def open(self, name: str) -> IO[bytes]:
        """Open a member to read its beginning; raises Unreadable."""
        try:
            return self._zip.open(name)
        except KeyError as error:
            raise Unreadable("missing", f"{name}: not in the archive") from error
        except DAMAGE as error:
            raise Unreadable("damaged", f"{name}: damaged in the archive") from error


def _check_size(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MEMBERS:
        raise Unreadable("too-large", f"the archive holds more than {MEMBERS} files")
    if sum(member.file_size for member in members) > TOTAL_BYTES:
        raise Unreadable("too-large", "the archive holds more than 2 GiB")
    for member in members:
        if member.file_size > MEMBER_BYTES:
            raise Unreadable("too-large", f"{member.filename}: more than 64 MiB")


def _check_name(member: zipfile.ZipInfo) -> None:
    """Refuse names that point outside, though nothing is ever unpacked."""
    name = member.filename
    parts = name.split("/")
    if name.startswith("/") or "\\" in name or ":" in parts[0] or ".." in parts:
        raise Unreadable("bad-name", f"{name}: points outside the archive")
    if member.external_attr >> 16 & _FILE_TYPE == _SYMLINK:
        raise Unreadable("symlink", f"{name}: a symbolic link")
