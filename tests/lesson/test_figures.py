"""Which figure of the book shows what is being said."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.lesson.extractive.figures import figure_for, nearest_figure
from shared.lesson.extractive.sentences import Run, runs
from shared.library.book import Section
from tests.lesson import materials


def run_of(section: Section, passage: str) -> Run:
    """Give the longest run that begins with a passage."""
    found = [one for one in runs(section) if one.passage.id == passage]
    return max(found, key=lambda one: one.words)


def test_the_figure_of_the_passage():
    """A free figure that the passage points to is shown."""
    section = materials.section()

    assert materials.figure() == figure_for(section, run_of(section, "m1#p3"), ())


def test_a_figure_is_shown_once():
    """What another concept shows already is not shown again."""
    section = materials.section()

    assert figure_for(section, run_of(section, "m1#p3"), (materials.figure(),)) is None


@pytest.mark.parametrize("change", [{"usable": False}, {"width": 399}, {"caption": ""}])
def test_unusable_figures(change):
    """A figure with a foreign credit, one too small, and one without words are not shown."""
    section = replace(materials.section(), figures=(replace(materials.figure(), **change),))
    run = run_of(section, "m1#p3")

    assert (None, None) == (figure_for(section, run, ()), nearest_figure(section, run, ()))


@pytest.mark.parametrize(
    ("caption", "is_near"),
    [
        ("A warehouse where a box slides over its floors.", True),
        ("A box of apples on display.", False),
    ],
)
def test_a_figure_that_nothing_points_to(caption, is_near):
    """A picture will do that shares two words with what is said; one that shares one stays away."""
    drawn = replace(materials.figure(), caption=caption)
    bare = tuple(replace(one, figures=()) for one in materials.section().passages)
    section = replace(materials.section(), figures=(drawn,), passages=bare)
    run = run_of(section, "m1#p4")

    assert is_near == (nearest_figure(section, run, ()) is not None)
