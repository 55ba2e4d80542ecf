"""A lesson as an article."""

from __future__ import annotations

import pytest

from shared.lesson.text import article
from tests.lesson import materials


@pytest.fixture(scope="module")
def text() -> str:
    """Write the article of the little lesson."""
    return article(materials.plan())


def test_title(text):
    """The question is the title."""
    assert text.startswith("# Why does a moving object keep moving?\n\n")


def test_key_terms(text):
    """Each term stands with its meaning in a list."""
    assert "\n- **Friction**: a force " in text


def test_check(text):
    """The options come before the answer, and the answer before the reasons."""
    places = [
        text.index(part) for part in ("Which term means this", "\na. ", "**Answer:** Inertia.")
    ]

    assert sorted(places) == places
    assert "- Volume is the space that something takes up." in text


def test_nothing_of_the_film(text):
    """What only makes sense in a film is left out."""
    assert "Take a moment" not in text
    assert "synthetic voice" not in text.lower()


def test_sources(text):
    """Book, authors, section, address, licence and maker stand at the end."""
    sources = text[text.index("## Sources") :]

    parts = (
        "A Little Physics by Ann Other, Bo Writer",
        "1.1 Rest and Motion",
        "https://example.org/little/1-1",
        "CC BY 4.0",
        "adapted",
        "extractive-2",
    )
    assert [] == [part for part in parts if part not in sources]


def test_every_fact_is_there(text):
    """An article lacks no fact that the film's concepts say."""
    facts = [
        line.text
        for scene in materials.plan().scenes
        if scene.type in {"concept", "recap", "misconception"}
        for line in scene.say
    ]

    assert [] == [fact for fact in facts if fact not in text]
