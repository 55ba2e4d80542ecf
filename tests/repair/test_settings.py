"""How fast `repair` loses its patience: a setting that production may not touch."""

import pytest

from shared.config import BadSettings, read

SCHOOL = {"GOOGLE_CLOUD_PROJECT": "school"}


def test_patience_is_whole_by_default():
    """Nobody has to set anything."""
    assert 1 == read(SCHOOL).repair_time_scale


def test_patience_can_be_shortened():
    """A tenth of it, as on a laptop."""
    assert 0.1 == read({**SCHOOL, "REPAIR_TIME_SCALE": "0.1"}).repair_time_scale


@pytest.mark.parametrize("text", ["", "soon", "0", "-1", "nan", "inf"])
def test_what_is_no_positive_number_is_refused(text):
    """The problem names the setting."""
    with pytest.raises(BadSettings, match="REPAIR_TIME_SCALE must be a number above 0"):
        read({**SCHOOL, "REPAIR_TIME_SCALE": text})


def test_production_waits_as_long_as_it_should():
    """A scale is for laptops."""
    with pytest.raises(BadSettings, match="ENVIRONMENT is prod but REPAIR_TIME_SCALE is not 1"):
        read({**SCHOOL, "ENVIRONMENT": "prod", "REPAIR_TIME_SCALE": "0.1"})
