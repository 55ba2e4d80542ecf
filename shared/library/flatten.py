"""An element's own words as sentences: block children taken out, what is not plain marked."""

# ruff: noqa: RUF001 - books hold exactly these characters

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from lxml.etree import _Element as Element

from shared.library import sentences
from shared.library.book import Sentence
from shared.library.characters import tidy, without_private
from shared.library.markup import MATHML, kind
from shared.library.mathml import lowered, raised, readable

# Marks travel inside the text until it is split, so that each lands on its own sentence.
_MATHS, _REFERS, _BREAK = "\ue000", "\ue001", "\ue002"
_MARKS = re.compile(f"[{_MATHS}{_REFERS}]")
_BEFORE_A_WORD = re.compile(f"([{_MATHS}{_REFERS}]+)([^\\s.,;:!?)\\]{_MATHS}{_REFERS}])")
# A pointer that we put in words may be the first of its sentence.
_OPENING_POINTER = re.compile(
    f"((?:^|[.!?]['\"’”)]* )[{_MATHS}{_REFERS}]*)the (figure|table|equation|section|example)"
)
_FORMULA = re.compile(r"\s[=≈∝]\s|[×√Σ∑Δ^±]|\w_\w")

BLOCKS = frozenset(
    {"list", "figure", "table", "note", "exercise", "media", "code", "quote", "section", "example"}
)
_SILENT = frozenset({"footnote", "label", "title", "image", "iframe", "commentary"})
_POINTERS = {
    "figure": "the figure", "media": "the figure", "table": "the table",
    "equation": "the equation", "section": "the section",
}  # fmt: skip
_ORDINALS = frozenset({"st", "nd", "rd", "th"})
_WORDS_OF_ONE_LETTER = frozenset("aAI")


def text_of(element: Element | None) -> str:
    """Give an element's words as one tidy line, without marks; empty for None."""
    if element is None:
        return ""
    return tidy(_MARKS.sub("", "".join(_pieces(element)).replace(_BREAK, " ")))


def sentences_of(element: Element, prefix: str, without: str = "") -> tuple[Sentence, ...]:
    """Split an element's words into sentences with the ids `prefix`1, `prefix`2 and on.

    `without` is cut out first: a caption's credit is no sentence to teach.
    """
    found: list[str] = []
    for stretch in "".join(_pieces(element)).split(_BREAK):
        found.extend(_split(tidy(stretch).replace(without, "") if without else tidy(stretch)))
    return tuple(_sentence(f"{prefix}{n}", marked) for n, marked in enumerate(found, start=1))


def _split(stretch: str) -> list[str]:
    """Split text that holds marks; a mark never hides the capital that opens a sentence."""
    opened = _OPENING_POINTER.sub(lambda found: f"{found[1]}The {found[2]}", stretch)
    return sentences.split(_BEFORE_A_WORD.sub(r"\2\1", opened))


def _sentence(name: str, marked: str) -> Sentence:
    text = tidy(_MARKS.sub("", marked))
    mathematics = _MATHS in marked or _FORMULA.search(text) is not None
    return Sentence(name, text, mathematics, refers=_REFERS in marked)


def _pieces(element: Element) -> Iterator[str]:
    yield without_private(element.text or "")
    for child in element:
        yield _child(child)
        yield without_private(child.tail or "")


def _child(child: Element) -> str:
    name = kind(child)
    if child.tag == MATHML + "math":
        return _MATHS + readable(child)
    if name in BLOCKS:
        return _BREAK
    if name in _SILENT:
        return ""
    write = _WRITERS.get(name)
    return write(child) if write is not None else "".join(_pieces(child))


def _link(link: Element) -> str:
    words = "".join(_pieces(link))
    if link.get("target-id") is None and link.get("document") is None:
        return words
    return _REFERS + (words.strip() or _pointer(link)) + _REFERS


def _pointer(link: Element) -> str:
    """Say what kind of thing an empty link points to, as books print no number in the source."""
    found = link.xpath("//*[@id=$id]", id=link.get("target-id", "")) if _inside(link) else ()
    return _POINTERS.get(kind(found[0]), "the example") if found else "the section"


def _inside(link: Element) -> bool:
    return link.get("document") is None


def _sup(element: Element) -> str:
    words = text_of(element)
    return words if words in _ORDINALS else _MATHS + raised(words)


def _sub(element: Element) -> str:
    return _MATHS + lowered(text_of(element))


def _emphasis(element: Element) -> str:
    words = "".join(_pieces(element))
    symbol = len(words.strip()) == 1 and words.strip() not in _WORDS_OF_ONE_LETTER
    return _MATHS + words if symbol else words


def _equation(element: Element) -> str:
    found = [readable(math) for math in element.iter(MATHML + "math")]
    return f" {_MATHS}{' '.join(found)} "


_WRITERS: dict[str, Callable[[Element], str]] = {
    "link": _link,
    "sup": _sup,
    "sub": _sub,
    "emphasis": _emphasis,
    "equation": _equation,
    "newline": lambda _: " ",
    "space": lambda _: " ",
}
