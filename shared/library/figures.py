"""Figures: the picture's place in the archive, its words, and whether it may be used."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator
from typing import IO

from lxml.etree import _Element as Element

from shared.errors import Unreadable
from shared.library.archive import DAMAGE
from shared.library.book import Figure, Passage
from shared.library.characters import tidy
from shared.library.flatten import sentences_of, text_of
from shared.library.licence import credit_allows
from shared.library.markup import CNXML, identifier, kind
from shared.library.walk import Block

Size = tuple[int, int]  # pixels

_NAMED = re.compile(
    r"\bcredit\b|courtesy|copyright|©|permission|wikimedia|flickr|\bNASA$", re.IGNORECASE
)
_NO_WORDS = frozenset({"", ".", "...", "…"})


def figures_of(
    module: str,
    found: Iterable[Block],
    size_of: Callable[[str], Size],
    faults: list[str],
) -> Iterator[tuple[Figure, Passage | None]]:
    """Give each figure that has a picture, with its caption as a passage.

    `size_of` measures a member of the archive or raises Unreadable: the picture is then named in
    `faults` and left out.
    """
    for block in found:
        if kind(block.element) != "figure":
            continue
        member = picture_member(module, block.element)
        if not member:
            continue  # a video or a simulation
        try:
            size = size_of(member)
        except Unreadable as error:
            faults.append(f"modules/{module}/index.cnxml: {error}")
            continue
        yield _figure(module, block, member, size)


def picture_member(module: str, figure: Element) -> str:
    """Give the archive path of a figure's first picture; empty when it has none."""
    image = next(figure.iter(CNXML + "image"), None)
    if image is None:
        return ""
    return posixpath.normpath(posixpath.join("modules", module, image.get("src", "")))


def credit_in(caption: str) -> str:
    """Find who made a picture: the brackets that end a caption, if they name somebody.

    Rather one credit too many than one missed: an unknown picture is never used.
    """
    end = caption.rstrip(" .")
    if end.endswith(")"):
        last = end[_opening_bracket(end) :]
        words = last.strip("()")
        if _NAMED.search(words) or (len(words) > 1 and any(c.isupper() for c in words)):
            return caption[len(end) - len(last) :]
    named = _NAMED.search(end)
    return end[named.start() :] if named else ""


def _opening_bracket(text: str) -> int:
    """Find where the bracket opens that the text's last character closes; 0 when nowhere."""
    depth = 0
    for position in range(len(text) - 1, -1, -1):
        depth += {")": 1, "(": -1}.get(text[position], 0)
        if depth == 0:
            return position
    return 0


def _figure(module: str, block: Block, member: str, size: Size) -> tuple[Figure, Passage | None]:
    path = f"{module}#{identifier(block.element)}"
    caption = block.element.find(CNXML + "caption")
    credit = credit_in(text_of(caption))
    said = () if caption is None else sentences_of(caption, f"{path}/", without=credit)
    media = next(block.element.iter(CNXML + "media"))
    alt = tidy(media.get("alt", ""))
    figure = Figure(
        id=path,
        member=member,
        alt="" if alt in _NO_WORDS else alt,
        caption=" ".join(sentence.text for sentence in said),
        caption_sentence=said[0].id if said else "",
        credit=credit.strip("(). "),
        usable=credit_allows(credit),
        width=size[0],
        height=size[1],
    )
    passage = Passage(path, "caption", block.place.headings, said, figures=(path,))
    return figure, passage if said else None


def picture_size(picture: IO[bytes], name: str) -> Size:
    """Measure a picture by its header alone; raises Unreadable for what is no picture."""
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - cold start: only books need it

    try:
        with Image.open(picture) as image:
            return image.size
    except (UnidentifiedImageError, Image.DecompressionBombError, *DAMAGE) as error:
        raise Unreadable("not-a-picture", f"{name}: not a picture that we can draw") from error
