"""Cloud Logging's filters, as far as our metrics use them, asked of single entries.

    log_id("…")   field = "text"   field : "part"   field =~ "pattern"   field > 1   field = ("a" OR "b")
    AND   OR   NOT   ( )

What is written any other way raises: a filter that nobody can read here matches nothing there.
"""  # noqa: E501 - one line is the table

from __future__ import annotations

import re

TOKEN = re.compile(
    r'\s*(?:(?P<text>"(?:[^"\\]|\\.)*")|(?P<number>-?\d+(?:\.\d+)?)|(?P<sign>=~|>=|<=|[=:<>()])'
    r"|(?P<word>[A-Za-z_][\w.]*))"
)
SIGNS = {
    "=": lambda found, wanted: str(found) == str(wanted),
    ":": lambda found, wanted: str(wanted).lower() in str(found).lower(),
    "=~": lambda found, wanted: re.search(wanted, str(found)) is not None,
    ">": lambda found, wanted: is_number(found) and found > wanted,
    ">=": lambda found, wanted: is_number(found) and found >= wanted,
    "<": lambda found, wanted: is_number(found) and found < wanted,
    "<=": lambda found, wanted: is_number(found) and found <= wanted,
}


def matches(text, entry):
    """Tell whether an entry passes a filter; raises ValueError for one that is not understood."""
    reader = Reader(text)
    passes = reader.any_of()
    if reader.tokens:
        raise ValueError(f"not understood: {reader.tokens}")
    return passes(entry)


def value_of(entry, path):
    """Give what stands in a field; None when there is nothing."""
    for name in path.split("."):
        entry = entry.get(name) if isinstance(entry, dict) else None
    return entry


def is_number(found):
    """Tell a number from text, which no metric can compare."""
    return isinstance(found, int | float) and not isinstance(found, bool)


class Reader:
    """Reads one filter from left to right."""

    def __init__(self, text):
        self.tokens = []
        at = 0
        while at < len(text.rstrip()):
            found = TOKEN.match(text, at)
            if found is None:
                raise ValueError(f"not understood: {text[at:]}")
            self.tokens.append((found.lastgroup, found[found.lastgroup]))
            at = found.end()

    def next(self, *wanted):
        """Take the next token, which must be one of these if any are named."""
        if not self.tokens or (wanted and self.tokens[0][1] not in wanted):
            raise ValueError(f"wanted {wanted}, found {self.tokens[:1]}")
        return self.tokens.pop(0)

    def meets(self, word):
        """Take the next token if it is this word."""
        is_next = bool(self.tokens) and self.tokens[0] == ("word", word)
        return bool(is_next and self.tokens.pop(0))

    def any_of(self):
        """Read terms with OR between them."""
        terms = [self.all_of()]
        while self.meets("OR"):
            terms.append(self.all_of())
        return lambda entry: any(term(entry) for term in terms)

    def all_of(self):
        """Read terms with AND between them."""
        terms = [self.one()]
        while self.meets("AND"):
            terms.append(self.one())
        return lambda entry: all(term(entry) for term in terms)

    def one(self):
        """Read a comparison, a bracket, or what is denied."""
        if self.meets("NOT"):
            denied = self.one()
            return lambda entry: not denied(entry)
        kind, word = self.next()
        if word == "(":
            inner = self.any_of()
            self.next(")")
            return inner
        if kind != "word":
            raise ValueError(f"wanted a field, found {word}")
        if word == "log_id":
            self.next("(")
            name = self.value()
            self.next(")")
            return lambda entry: entry.get("log_id") == name
        sign = SIGNS[self.next(*SIGNS)[1]]
        wanted = self.values()
        return lambda entry: any(
            (found := value_of(entry, word)) is not None and sign(found, one) for one in wanted
        )

    def values(self):
        """Read one value, or several in a bracket with OR between them."""
        if not self.tokens or self.tokens[0][1] != "(":
            return [self.value()]
        self.next("(")
        found = [self.value()]
        while self.meets("OR"):
            found.append(self.value())
        self.next(")")
        return found

    def value(self):
        """Read a text or a number."""
        kind, text = self.next()
        if kind == "text":
            return re.sub(r"\\(.)", r"\1", text[1:-1])
        if kind == "number":
            return float(text)
        raise ValueError(f"wanted a value, found {text}")
