"""Which profile an interest names, in whatever form it was typed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from shared.lesson.interests.files import Profile, profiles

_FILLERS = frozenset(
    "i like love enjoy really playing play plays watching watch doing going my the and to a am "  # noqa: SIM905 - reads better than thirty quoted words
    "with friends team game sport listening hanging out making about all kinds of into im".split()
)
_NEITHER = frozenset({"not", "no", "never", "hate", "dislike", "dont", "except", "boring"})
_PARTS = re.compile(r"\s*(?:[,;/+&]|\band\b|\bor\b)\s*", re.IGNORECASE)


def profile_of(interest: str) -> Profile | None:
    """Find the profile that an interest names; of several interests, the first that is known.

    The whole text counts first, then its parts, then a known name at the end of a part: what
    somebody likes stands last in English ("my old dog", "bass fishing").  A refusal names nothing.
    """
    if _NEITHER & set(plain(interest).split()):
        return None
    parts = [interest, *_PARTS.split(interest)]
    for part in parts:
        found = _named(plain(part)) or _named(_bare(part))
        if found:
            return found
    return next((found for part in parts[1:] if (found := _at_the_end(_bare(part)))), None)


def plain(text: str) -> str:
    """Reduce a text to lower-case words."""
    return " ".join(re.sub(r"[^\w\s]", " ", re.sub(r"['\u2019]", "", text.lower())).split())


@cache
def _names() -> Mapping[str, Profile]:
    return {
        plain(name): profile for profile in profiles() for name in (profile.name, *profile.aliases)
    }


def _named(text: str) -> Profile | None:
    return _names().get(text)


def _bare(text: str) -> str:
    return " ".join(word for word in plain(text).split() if word not in _FILLERS)


def _at_the_end(text: str) -> Profile | None:
    words = text.split()
    tails = (" ".join(words[first:]) for first in range(1, len(words)))
    return next((found for tail in tails if (found := _named(tail))), None)
