"""Presentation MathML as a tree of plain lists that a typst template draws.

A strict whitelist: an element that is not listed raises Permanent.  Leaves stay strings, so that
nothing of a book is ever evaluated:  <mfrac><mi>F</mi><mi>m</mi></mfrac>  becomes
["frac", ["id", "F"], ["id", "m"]].
"""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from shared.errors import Permanent

Node = list["str | float | Node"]

_NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"
# Books write the same mark with several characters.
_MARKS = {"→": "→", "\u20d7": "→", "^": "^", "\u02c6": "^", "~": "~", "\u02dc": "~", "˙": "˙"}
_BARS = {"¯", "\u203e", "_", "\u2015", "\u0304"}
_MINUSES = dict.fromkeys("-\u2013\u2010", "\u2212")
_SPACES = "\u00a0\u2002\u2003\u2009\u200a\u202f "
_DEPTH = 30


def tree(mathml: str) -> Node:
    """Read one equation; raises Permanent for what is no presentation MathML that we draw."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    try:
        root = etree.fromstring(mathml.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise Permanent("an equation is not well-formed MathML") from error
    if _name(root) != "math":
        raise Permanent("an equation does not start with <math>")
    return _node(root, 0)


def _name(element: etree._Element) -> str:
    return str(element.tag).removeprefix(_NAMESPACE)


def _node(element: etree._Element, depth: int) -> Node:
    name = _name(element)
    if depth > _DEPTH:
        raise Permanent("an equation is nested too deeply")
    if name in _LEAVES:
        return _LEAVES[name](" ".join("".join(element.itertext()).split(" ")))
    if name == "mtable":
        return _table(element, depth)
    if name == "mspace":
        return ["space", 0.3]
    children = [_node(child, depth + 1) for child in element if _name(child) != "annotation"]
    if name in _ROWS:
        return _styled(element, _row(children))
    if name in _FIXED:
        kind, size = _FIXED[name]
        if len(children) != size:
            raise Permanent(f"<{name}> of an equation has {len(children)} parts")
        return [kind, *children]
    if name in _SPECIAL:
        return _SPECIAL[name](element, children)
    raise Permanent(f"<{name}> in an equation is not supported")


def _styled(element: etree._Element, row: Node) -> Node:
    return ["bold", row] if element.get("mathvariant") == "bold" else row


def _row(children: list[Node]) -> Node:
    return children[0] if len(children) == 1 else ["row", *children]


def _identifier(words: str) -> Node:
    words = words.strip()
    return ["id", words] if words else ["space", 0.2]


def _operator(words: str) -> Node:
    """Draw each character of an operator; letters and units in it stay upright text."""
    bare = words.strip(_SPACES)
    if not bare:
        return ["space", 0.25]
    if len(bare) > 1 and any(character.isalnum() for character in bare):
        return ["text", bare]
    return _row([["op", _MINUSES.get(character, character)] for character in bare])


def _words(words: str) -> Node:
    bare = words.strip(_SPACES + "\n\t")
    if not bare:
        return ["space", 0.25]
    lead, tail = words[:1].isspace(), words[-1:].isspace()
    parts: list[Node] = [["space", 0.25]] if lead else []
    parts.append(["text", bare])
    return _row([*parts, ["space", 0.25]] if tail else parts)


def _table(element: etree._Element, depth: int) -> Node:
    rows: list[str | float | Node] = []
    for line in element:
        if _name(line) != "mtr" or any(_name(cell) != "mtd" for cell in line):
            raise Permanent("a table in an equation has something beside rows and cells")
        cells: Node = [_row([_node(part, depth + 2) for part in cell]) for cell in line]
        rows.append(cells)
    return ["table", *rows]


def _over(element: etree._Element, children: list[Node]) -> Node:
    if len(children) != 2:  # noqa: PLR2004 - a base and what stands over it
        raise Permanent("<mover> of an equation needs two parts")
    base, mark = children
    sign = mark[1] if len(mark) == 2 else ""  # noqa: PLR2004 - a leaf is kind and characters
    if isinstance(sign, str) and sign in _BARS:
        return ["bar", base]
    if isinstance(sign, str) and sign in _MARKS:
        return ["accent", base, _MARKS[sign]]
    return ["over", base, mark]


def _multiscripts(element: etree._Element, children: list[Node]) -> Node:
    """Read the form that nuclides have: a base, then two scripts in front of it."""
    names = [_name(child) for child in element]
    if names[1:2] != ["mprescripts"] or len(names) != 4:  # noqa: PLR2004 - base, mark, sub, sup
        raise Permanent("<mmultiscripts> in an equation is not supported")
    return ["pre", children[0], children[2], children[3]]


def _root(element: etree._Element, children: list[Node]) -> Node:
    return ["sqrt", _row(children)]


def _fenced(element: etree._Element, children: list[Node]) -> Node:
    opening, closing = element.get("open", "("), element.get("close", ")")
    inside: list[Node] = []
    for index, child in enumerate(children):
        inside += [["op", ","], child] if index else [child]
    return ["row", ["op", opening[:1]], *inside, ["op", closing[:1]]]


_LEAVES: dict[str, Callable[[str], Node]] = {
    "mi": _identifier,
    "mn": lambda words: ["num", words.strip()] if words.strip() else ["space", 0.2],
    "mo": _operator,
    "mtext": _words,
    "ms": _words,
    "none": lambda _: ["row"],
    "mprescripts": lambda _: ["row"],
}
_ROWS = {"math", "mrow", "mstyle", "mpadded", "semantics", "mtd"}
_FIXED = {
    "mfrac": ("frac", 2),
    "msub": ("sub", 2),
    "msup": ("sup", 2),
    "msubsup": ("subsup", 3),
    "mroot": ("root", 2),
    "munder": ("under", 2),
}
_SPECIAL: dict[str, Callable[[etree._Element, list[Node]], Node]] = {
    "mover": _over,
    "mmultiscripts": _multiscripts,
    "msqrt": _root,
    "mfenced": _fenced,
    "menclose": lambda _, children: ["strike", _row(children)],
}
