"""The contact sheet shows every lesson, failed ones as well, and escapes what it is told."""

from __future__ import annotations

import json

from PIL import Image

from local.gallery.making import questions
from local.gallery.sheet import Shown, page
from local.gallery.stills import starts_of, stills
from tests.film.films import Film, write
from tests.lesson import materials

CHECKS = json.dumps(
    {
        "passed": False,
        "checks": [
            {"id": "frames", "value": "90", "limit": "90", "passed": True, "checked": True},
            {"id": "loudness", "value": "-30 LUFS", "limit": "-16", "passed": False},
        ],
    }
)


def shown(**changes) -> Shown:
    """Give a lesson with everything."""
    plan = materials.plan()
    told = {
        "film": "lessons/a/film.mp4",
        "captions": "lessons/a/captions.vtt",
        "stills": tuple(f"01-{scene.n:02}.jpg" for scene in plan.scenes),
        "storyboard": "1 title <b>",
        "checks": CHECKS,
    }
    return Shown("Why & how?", "basketball", "10", plan, **(told | changes))


def test_a_lesson_with_everything():
    """Film, captions, a still for each scene, plan and checks stand on the page."""
    html = page("Ten lessons", [shown()])

    assert 'src="lessons/a/film.mp4"' in html
    assert 'default\n src="lessons/a/captions.vtt"' in html
    assert len(materials.plan().scenes) == html.count("<img ")
    assert "1 title &lt;b&gt;" in html
    assert "Why &amp; how?" in html
    assert "checks: 1 failed" in html
    assert "Every rule of the plan is kept." in html


def test_findings_are_told():
    """What the rules found stands beside the lesson, and it is not called clean."""
    html = page("Ten lessons", [shown(findings=("warning: reading-level, grade 9.9 for 7",))])

    assert "warning: reading-level, grade 9.9 for 7" in html
    assert "Every rule" not in html


def test_a_lesson_that_became_no_film():
    """A lesson that was refused is told with its reason, and counted."""
    refused = Shown("Who won?", "soccer", "9", None, reason="refused: not covered")
    html = page("Ten lessons", [shown(), refused])

    assert "1 of 2 lessons became films." in html
    assert "refused: not covered" in html


def test_stills_of_a_film(tmp_path):
    """Each chapter gives one picture, as wide as the sheet wants it."""
    film = write(tmp_path / "film.mp4", Film())
    starts = starts_of(film)
    paths = stills(film, starts, tmp_path, "01")

    assert [0.0, 1.5] == starts
    assert ["01-01.jpg", "01-02.jpg"] == [path.name for path in paths]
    with Image.open(paths[0]) as picture:
        assert (128, 72) == picture.size


def test_ten_questions_for_each_book():
    """Each book has ten different questions, with interests and grades of their own."""
    for slug in ("physics", "science-sampler"):
        asked = questions(slug)

        assert 10 == len({one.text for one in asked})
        assert 8 <= len({one.interest for one in asked})
        assert 4 <= len({one.grade for one in asked})
