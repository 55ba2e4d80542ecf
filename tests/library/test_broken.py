"""What is broken in an archive is named or refused, and the rest goes in."""

from __future__ import annotations

import io
import zipfile

import pytest

from shared.errors import Unreadable
from shared.library.read import read_book
from tests.library.books import (
    FIGURE,
    NAME,
    collection,
    module,
    read,
    repository,
    texts,
)


def fault(files: dict[str, str | bytes]) -> str:
    """Read a book that is none; gives the reason."""
    with pytest.raises(Unreadable) as raised:
        read(files)
    return raised.value.reason


def test_missing_picture_is_named():
    """A picture that is not there is named, and everything else goes in."""
    book = read(repository(m1=module(f'<para id="p1">Ice.</para>{FIGURE}')))

    assert ("modules/m1/index.cnxml: media/cart.png: not in the archive",) == book.faults
    assert ["Ice."] == texts(book.sections[0])


def test_broken_picture_is_named():
    """A picture that is none is named."""
    book = read({**repository(m1=module(FIGURE)), "media/cart.png": b"<svg/>"})

    assert (
        "modules/m1/index.cnxml: media/cart.png: not a picture that we can draw",
    ) == book.faults


def test_broken_module_is_named():
    """A module that is no XML is named; the others go in and keep their numbers."""
    book = read(repository(m1="<document><oops", m2=module("")))

    assert ("m2", "1.2") == (book.sections[0].module, book.sections[0].number)
    assert book.faults[0].startswith("modules/m1/index.cnxml: not well-formed")


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_damaged_module_is_named(method):
    """A module whose bytes in the zip are damaged is named; the others go in."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as writer:
        for name, content in repository(m1=module("", title="x" * 99), m2=module("")).items():
            writer.writestr(name, content)
    at = packed.getvalue().index(b"modules/m1/index.cnxml") + len("modules/m1/index.cnxml") + 5
    packed.getbuffer()[at : at + 20] = bytes(range(200, 220))

    book = read_book(packed, NAME, 1)

    assert ("modules/m1/index.cnxml: damaged in the archive",) == book.faults


def test_missing_module_is_named():
    """A module that is listed but not there is named."""
    files = repository(m1=module(""))
    files["collections/little.collection.xml"] = collection("m1", "m9")

    assert ("modules/m9/index.cnxml: not in the archive",) == read(files).faults


@pytest.mark.parametrize(
    "evil",
    [
        '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><document>&x;</document>',
        '<!DOCTYPE d [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><document>&b;</document>',
    ],
)
def test_entities_are_refused(evil):
    """A module with a document type is left out unread."""
    book = read(repository(m1=evil, m2=module("")))

    assert ("modules/m1/index.cnxml: a document type is not allowed",) == book.faults


def test_nothing_readable():
    """A book without a single readable module is no book."""
    assert fault(repository(m1="<oops")) == "nothing-readable"


def test_no_collection():
    """An archive without a collection is no book."""
    assert fault({"README.md": "hello"}) == "no-collection"


def test_bad_slug():
    """A slug that could leave its folder is refused."""
    assert fault({"collections/a.collection.xml": collection(slug="../x")}) == "bad-slug"


def test_no_zip():
    """Bytes that are no zip are refused."""
    with pytest.raises(Unreadable, match="no zip"):
        read_book(io.BytesIO(b"hello"), NAME, 1)


@pytest.mark.parametrize("name", ["../a.txt", "/a.txt", "modules/../../a", "C:/a", "a\\b"])
def test_names_that_point_outside(name):
    """A member that points outside the archive refuses the whole."""
    assert fault({**repository(m1=module("")), name: "x"}) == "bad-name"


def test_licence_gate():
    """A book whose own metadata forbids its use is refused with that reason."""
    with pytest.raises(Unreadable, match="forbids commercial use"):
        read(
            {
                **repository(m1=module("")),
                "collections/little.collection.xml": collection(
                    "m1", licence="https://creativecommons.org/licenses/by-nc/4.0/"
                ),
            }
        )
