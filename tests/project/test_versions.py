"""The versions in a lesson's identity are those of what makes it."""

from shared import versions
from shared.film.voice import EspeakVoice
from shared.lesson.extractive.author import ExtractiveAuthor


def test_the_author_is_the_one_that_writes():
    """A change of author makes new lessons."""
    assert versions.AUTHOR == ExtractiveAuthor.name


def test_the_voice_is_the_one_that_speaks():
    """A change of voice makes new lessons."""
    assert versions.VOICE == EspeakVoice.name
