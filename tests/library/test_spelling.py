"""Which words may stand for each other."""

from __future__ import annotations

import pytest

from shared.library.spelling import nearest, spellings


@pytest.mark.parametrize("word", ["frction", "frcition", "friiction", "fraction"])
def test_one_letter(word):
    """One letter left out, doubled, wrong or in the wrong place is a mistake."""
    assert nearest(word, ["velocity", "friction"]) == "friction"


def test_two_letters():
    """Two wrong letters make another word."""
    assert nearest("fractian", ["friction"]) == "fractian"


def test_first_letter():
    """Hardly anybody gets the first letter wrong: "lotion" is no motion."""
    assert nearest("lotion", ["motion"]) == "lotion"


def test_spellings():
    """A word and what is left of it."""
    assert frozenset({"hat", "at", "ht", "ha"}) == spellings("hat")
