"""Marks and the times of words: data stays data, and times that cannot be are none."""

from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.voices.ssml import marked, word_times
from tests.voices.desk import Booth

TOLD = [{"markName": "0", "timeSeconds": 0.1}, {"markName": "1", "timeSeconds": 0.5}]
SIGNS = st.text(st.characters(categories=("L", "N", "P", "S")), min_size=1)


@settings(max_examples=40)
@given(st.lists(SIGNS, min_size=1, max_size=6))
def test_any_words_stay_words(words):
    """Whatever signs are in them: none becomes a tag."""
    text = " ".join(words)
    marks = ET.fromstring(marked(text)).findall("mark")  # noqa: S314 - our own

    assert text.split() == [one.tail.strip() for one in marks]


def test_each_word_has_a_mark_of_its_own():
    """Numbered from 0."""
    expected = '<speak><mark name="0"/>a&lt;break/&gt; <mark name="1"/>&amp;</speak>'

    assert expected == marked("a<break/> &")


def test_times_begin_where_the_sound_does():
    """What was cut off in front is taken from each."""
    assert ((0.0, 0.4), (0.4, 0.9)) == word_times(TOLD, 2, 0.1, 0.9)


@pytest.mark.parametrize(
    "told",
    [
        None,
        "soon",
        [],
        TOLD[:1],
        TOLD[::-1][:1],
        [{"markName": "0", "timeSeconds": 0.9}, {"markName": "1", "timeSeconds": 0.2}],
        [{"markName": "0", "timeSeconds": 0.1}, {"markName": "1", "timeSeconds": 9.0}],
        [{"markName": "0", "timeSeconds": 0.1}, {"markName": "1", "timeSeconds": "late"}],
        [None, 3],
    ],
)
def test_times_that_cannot_be(told):
    """Then nothing is told, and the words are spread over their sentence."""
    assert () == word_times(told, 2, 0.1, 0.9)


def test_a_time_of_zero_may_be_left_out():
    """JSON of Google's leaves out what is zero."""
    told = [{"markName": "0"}, {"markName": "1", "timeSeconds": 0.5}]

    assert ((0.0, 0.5), (0.5, 0.9)) == word_times(told, 2, 0.0, 0.9)


SPOKEN = ('If x < 3 & y > 2, it\'s "small".', "Then nothing moves at all, says the book.")


@pytest.mark.parametrize("previews", ["allow", "refuse"])
def test_captions_follow_the_words(server, previews):
    """With marks or without: a time pair each, in order, within the sentence."""
    booth = Booth(server, VOICE_PREVIEWS=previews, sentences=SPOKEN).render()
    _, body = server.seen[-1]

    assert ("ssml" in body["input"]) == (previews == "allow")
    for line, said in zip(booth.narration().lines, SPOKEN, strict=True):
        assert len(said.split()) == len(line.words)
        assert all(one[1] <= after[0] + 1e-6 for one, after in pairwise(line.words))
        assert line.start_s <= line.words[0][0]
        assert line.words[-1][1] <= line.end_s + 1e-3


def test_marks_are_heard(server):
    """What the service says of each word is what captions have, within a hundredth."""
    spread = Booth(server, sentences=SPOKEN).render().narration()
    told = Booth(server, VOICE_PREVIEWS="allow", sentences=SPOKEN).render().narration()

    for line, other in zip(told.lines, spread.lines, strict=True):
        for (start, _), (likely, _) in zip(line.words, other.words, strict=True):
            assert likely == pytest.approx(start, abs=0.02)


def test_only_the_beta_surface_has_marks(server):
    """Without leave for previews the surface is the one that is generally available."""
    for previews, surface in (("allow", "/v1beta1/"), ("refuse", "/v1/")):
        Booth(server, VOICE_PREVIEWS=previews).render()

        assert server.seen[-1][0] == f"{surface}text:synthesize"


@pytest.mark.parametrize("behaviour", ["few-timepoints", "backward-timepoints", "no-timepoints"])
def test_marks_that_are_not_told(server, behaviour):
    """The sentence is spoken all the same, and paid for once."""
    booth = Booth(server, VOICE_PREVIEWS="allow").render(behaviour)

    assert (2, True) == (booth.calls, booth.end().endswith("/marks"))
