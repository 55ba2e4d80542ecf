"""Settings are read in one place and report all their problems at once."""

import pytest

from shared.config import BadSettings, read


def test_buckets_are_named_after_the_project():
    """Bucket names are global, so they carry the project's."""
    settings = read({"GOOGLE_CLOUD_PROJECT": "school"})

    assert {"generated": "school-generated", "oer": "school-oer", "scenes": "school-scenes"} == (
        settings.buckets
    )


def test_every_problem_is_reported_at_once():
    """One start shows the operator everything that is wrong."""
    with pytest.raises(BadSettings) as raised:
        read({"ENVIRONMENT": "moon", "STORAGE_EMULATOR_HOST": "127.0.0.1:9000", "VOICE": "none"})

    text = str(raised.value)
    named = ("ENVIRONMENT", "GOOGLE_CLOUD_PROJECT", "STORAGE_EMULATOR_HOST", "VOICE")
    assert [] == [name for name in named if name not in text]


def test_production_refuses_an_emulator():
    """What answers like Google may never stand in for it in production."""
    with pytest.raises(BadSettings, match="PUBSUB_EMULATOR_HOST"):
        read(
            {
                "ENVIRONMENT": "prod",
                "GOOGLE_CLOUD_PROJECT": "school",
                "PUBSUB_EMULATOR_HOST": "127.0.0.1:8085",
            }
        )


def test_a_shape_that_no_template_knows():
    """The settings say which shapes there are."""
    with pytest.raises(BadSettings, match="FILM_SHAPE is 'round'; it must be one of wide, tall"):
        read({"GOOGLE_CLOUD_PROJECT": "school", "FILM_SHAPE": "round"})
