"""CNXML as elements: a parser that trusts no file, and the questions everyone asks an element."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree
from lxml.etree import _Element as Element

from shared.errors import Unreadable
from shared.library.characters import plain_hyphens

CNXML = "{http://cnx.rice.edu/cnxml}"
MATHML = "{http://www.w3.org/1998/Math/MathML}"
METADATA = "{http://cnx.rice.edu/mdml}"
COLLECTION = "{http://cnx.rice.edu/collxml}"


def parse(content: bytes, name: str) -> Element:
    """Parse one file of a book; `name` is for the error.

    No network, no entities, no document type, libxml2's own limits on depth and size.
    Raises Unreadable.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable("not-xml", f"{name}: not well-formed, line {error.lineno}") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable("has-doctype", f"{name}: a document type is not allowed")
    return root


def kind(element: Element) -> str:
    """Name an element without its namespace; empty for what is no element."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def classes(element: Element) -> frozenset[str]:
    """Split an element's class, with every kind of hyphen written plainly."""
    return frozenset(plain_hyphens(element.get("class", "")).split())


def is_for_teachers(element: Element) -> bool:
    """Tell whether a note speaks to the teacher: such text is never taught from."""
    return any("teacher" in name or name == "misconception" for name in classes(element))


def identifier(element: Element) -> str:
    """Give an element's id, or its place in the file where the book gave it none."""
    own = element.get("id")
    if own:
        return str(own)
    return plain_place(element)


def plain_place(element: Element) -> str:
    """Name an element by the nearest id above it and its position there: `fs-id12.list.2`."""
    parent = element.getparent()
    if parent is None:
        return kind(element)
    position = sum(1 for _ in element.itersiblings(element.tag, preceding=True)) + 1
    return f"{identifier(parent)}.{kind(element)}.{position}"


def is_for_pupils(element: Element) -> bool:
    """Tell whether no note for teachers holds an element."""
    return not any(is_for_teachers(above) for above in (element, *element.iterancestors()))


def pupils_elements(root: Element, tag: str) -> Iterator[Element]:
    """Give all elements of a CNXML tag, in order, that no note for teachers holds."""
    return filter(is_for_pupils, root.iter(CNXML + tag))
