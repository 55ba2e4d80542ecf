"""Fill the sentences of a schema with the roles of a profile and a term of the section.

A role "a drumstick" is also there as `the_…` (the drumstick), `The_…` and `bare_…` (drumstick); a
role without an article, "orchestra", as `a_…` (an orchestra).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from shared.lesson.edits import without_brackets

_ARTICLE = re.compile(r"(?:an?|the) ")
_OWNED = re.compile(r"\w['\u2019]s? ")  # "Newton's ..." has no article


def fill(template: str, roles: Mapping[str, str], term: str = "") -> str:
    """Fill a sentence; it begins with a capital letter."""
    return opened(template.format_map({**_forms(tuple(roles.items())), **_forms_of_term(term)}))


def opened(text: str) -> str:
    """Begin with a capital letter."""
    return text[:1].upper() + text[1:]


@lru_cache(maxsize=128)
def _forms(roles: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    forms = dict(roles)
    for name, text in roles:
        bare = _ARTICLE.sub("", text, count=1) if _ARTICLE.match(text) else text
        has_article = bare != text or text.startswith(("your ", "someone"))
        definite = f"the {bare}" if bare != text else text
        forms[f"bare_{name}"] = bare
        forms[f"the_{name}"], forms[f"The_{name}"] = definite, opened(definite)
        forms[f"a_{name}"] = text if has_article else f"{_article(text)} {text}"
    return forms


def _forms_of_term(term: str) -> dict[str, str]:
    term = without_brackets(term)
    definite = term if _OWNED.search(term) else f"the {term}"
    return {
        "term": term,
        "Term": opened(term),
        "a_term": f"{_article(term)} {term}",
        "the_term": definite,
        "the_law": definite if re.search(r"\b(?:law|conservation)\b", term) else term,
    }


def _article(text: str) -> str:
    return "an" if text[:1].lower() in "aeiou" else "a"
