"""Books for the tests: made of values, and made of CNXML files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from PIL import Image

from shared.library.book import Book, Figure, Licence, Passage, Section, Sentence, Source, Term
from shared.library.read import read_book

BY = "https://creativecommons.org/licenses/by/4.0/"
NAMES = 'xmlns="http://cnx.rice.edu/cnxml" xmlns:m="http://www.w3.org/1998/Math/MathML"'


def source(slug: str = "little", digit: str = "a", generation: int = 1) -> Source:
    """Make a source; `digit` fills its digest."""
    sha256 = digit * 64
    return Source(
        slug=slug,
        title="A Little Book",
        authors=("Ann O'Nymous", "Bo \\ Backslash"),
        licence=Licence("CC BY 4.0", BY),
        url="https://example.org/little",
        language="en",
        object_name=f"books/{slug}/{sha256}.zip",
        generation=generation,
        sha256=sha256,
    )


def passage(name: str, *texts: str, **more: object) -> Passage:
    """Make a passage `m1#p1` of sentences."""
    sentences = tuple(Sentence(f"{name}/{n}", text) for n, text in enumerate(texts, start=1))
    known = {"kind": "body", "headings": ()}
    return Passage(id=name, sentences=sentences, **{**known, **more})  # type: ignore[arg-type]


def section(module: str, *passages: Passage, **more: object) -> Section:
    """Make a section."""
    known = {
        "number": "1.1",
        "title": module,
        "chapter": "All",
        "url": f"https://example.org/{module}",
    }
    return Section(module=module, passages=passages, **{**known, **more})  # type: ignore[arg-type]


def term(name: str, definition: str, sentence: str = "m1#d1/1") -> Term:
    """Make a key term."""
    return Term(name, definition, sentence)


def figure(name: str = "m1#f1", width: int = 800) -> Figure:
    """Make a figure."""
    return Figure(
        name,
        "media/f.png",
        "a cart",
        "A cart rolls.",
        f"{name}/1",
        "",
        usable=True,
        width=width,
        height=600,
    )


def book(*sections: Section, **more: object) -> Book:
    """Make a book of sections; `more` is for `source`."""
    return Book(source(**more), sections)  # type: ignore[arg-type]


def archive(files: Mapping[str, str | bytes]) -> io.BytesIO:
    """Zip some files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as writer:
        for name, content in files.items():
            writer.writestr(name, content)
    packed.seek(0)
    return packed


def module(content: str, *, title: str = "Motion", glossary: str = "", kind: str = "") -> str:
    """Write a module's CNXML."""
    told = f' class="{kind}"' if kind else ""
    return (
        f"<document {NAMES}{told}><title>{title}</title>"
        f"<content>{content}</content><glossary>{glossary}</glossary></document>"
    )


def collection(*modules: str, licence: str = BY, slug: str = "little", address: str = "") -> str:
    """Write a collection of one chapter."""
    listed = "".join(f'<col:module document="{name}"/>' for name in modules)
    said = f"<md:content-url>{address}</md:content-url>" if address else ""
    return (
        '<col:collection xmlns="http://cnx.rice.edu/collxml" xmlns:md="http://cnx.rice.edu/mdml"'
        ' xmlns:col="http://cnx.rice.edu/collxml" authors="Ann A ,Bo B"><metadata>'
        f"{said}<md:title>Little</md:title><md:language>en</md:language>"
        f'<md:license url="{licence}">A licence</md:license><md:slug>{slug}</md:slug></metadata>'
        "<col:content><col:subcollection><md:title>Forces</md:title>"
        f"<col:content>{listed}</col:content></col:subcollection></col:content></col:collection>"
    )


def repository(**modules: str) -> dict[str, str | bytes]:
    """Lay out a repository with one collection of these modules."""
    files: dict[str, str | bytes] = {
        f"modules/{name}/index.cnxml": content for name, content in modules.items()
    }
    return {"collections/little.collection.xml": collection(*modules), **files}


def picture(width: int = 20, height: int = 10, kind: str = "PNG") -> bytes:
    """Draw a plain picture."""
    drawn = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(drawn, kind)
    return drawn.getvalue()


NAME = f"books/little/{'a' * 64}.zip"
FIGURE = (
    '<figure id="f1"><media alt="a cart"><image src="../../media/cart.png"/></media>'
    "<caption>A cart rolls. (credit: Jo Doe)</caption></figure>"
)


def read(files: Mapping[str, str | bytes]) -> Book:
    """Read a repository's files as a book."""
    return read_book(archive(files), NAME, 7)


def texts(read_section: Section) -> list[str]:
    """List the texts of a section's passages."""
    return [one.text for one in read_section.passages]
