"""The lesson to read: transcript, chapters, sources, tags."""

import json
from html import escape

from shared.film import transcript
from shared.lesson.plan import Scene
from tests.fakes.objects import MemoryObjects
from tests.film.plans import lesson, plan, say, store_archive, text

PLAN = lesson(store_archive(MemoryObjects()))


def test_every_sentence_is_there():
    """The transcript has all that is said, in order."""
    written = transcript.as_text(PLAN)
    places = [written.find(line.text) for scene in PLAN.scenes for line in scene.say]

    assert -1 not in places
    assert sorted(places[2:]) == places[2:]


def test_pictures_are_told():
    """What only the picture shows is written out."""
    assert "[On screen: an air-hockey puck on a table]" in transcript.as_text(PLAN)


def test_every_scene_is_described():
    """Each scene has one line that says what is to be seen, also when it shows words alone."""
    page, written = transcript.as_html(PLAN), transcript.as_text(PLAN)

    assert len(PLAN.scenes) == page.count("<em>[On screen: ") == written.count("\n[On screen: ")
    assert "[On screen: ]" not in written


def test_the_cover_has_a_text_of_its_own():
    """Whoever does not see the thumbnail is told the words on it, in the page and as data."""
    alt = transcript.cover_alt(PLAN)

    assert PLAN.brief.question in alt
    assert alt == json.loads(transcript.sources(PLAN, "humming-1"))["thumbnail_alt"]
    assert f'<meta property="og:image:alt" content="{escape(alt)}">' in transcript.as_html(PLAN)


def test_markup_in_a_sentence_is_no_markup():
    """The page shows signs of HTML as signs."""
    scene = Scene(1, "recap", "<b>", (say("a <script> & b"),), (text("a", "answer", "a"),))
    page = transcript.as_html(plan((scene,)))

    assert "a &lt;script&gt; &amp; b" in page
    assert "<script>" not in page
    assert "<h2>&lt;b&gt;</h2>" in page


def test_chapters_follow_the_frames():
    """Each scene is a chapter that starts where its frames do."""
    told = transcript.chapters(PLAN, [30] * len(PLAN.scenes))

    assert "00:00:01.000 --> 00:00:02.000\nPicture this" in told


def test_the_licence_goes_with_the_file():
    """Title, authors, section, address and licence are in the tags."""
    tags = transcript.tags(PLAN)

    assert "Adapted from Physics by Paul Peter Urone, Roger Hinrichs" in tags["comment"]
    assert "https://openstax.org/books/physics" in tags["comment"]
    assert "CC BY 4.0 https://creativecommons.org/licenses/by/4.0/" == tags["copyright"]


def test_no_tag_repeats_the_student():
    """The question is for the screen; a file's tags travel further."""
    tags = transcript.tags(PLAN)

    assert [] == [name for name, value in tags.items() if PLAN.brief.question in value]


def test_sources_name_every_citation():
    """Each book sentence that the plan relies on is listed, with the archive it was read from."""
    told = json.loads(transcript.sources(PLAN, "humming-1"))

    assert ["m54138#fs-1/1"] == [one["id"] for one in told["citations"]]
    assert ("b" * 64, "humming-1") == (told["attribution"]["sha256"], told["voice"])
