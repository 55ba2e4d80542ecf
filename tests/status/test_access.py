"""Who may ask is a setting; nobody is taken at their word outside of a laptop and the tests."""

import pytest

from shared.config import BadSettings, access

PROJECT = {"GOOGLE_CLOUD_PROJECT": "school"}


def test_tokens_are_those_of_the_projects_own_users():
    """By default."""
    found = access(PROJECT)

    assert ("school", "https://securetoken.google.com/school", False) == (
        found.audience,
        found.issuer,
        found.development,
    )


@pytest.mark.parametrize("environment", ["dev", "staging", "prod", "", "LOCAL"])
def test_development_is_refused(environment):
    """Wherever somebody else could ask."""
    with pytest.raises(BadSettings, match="STATUS_CALLERS"):
        access({**PROJECT, "ENVIRONMENT": environment, "STATUS_CALLERS": "development"})


def test_development_is_refused_where_no_environment_is_named():
    """A deployment that forgot to say so is none."""
    with pytest.raises(BadSettings, match="STATUS_CALLERS"):
        access({**PROJECT, "STATUS_CALLERS": "development"})


@pytest.mark.parametrize("environment", ["local", "test"])
def test_development_needs_a_word_of_its_own(environment):
    """Being on a laptop is not enough."""
    here = {**PROJECT, "ENVIRONMENT": environment}

    assert (False, True) == (
        access(here).development,
        access({**here, "STATUS_CALLERS": "development"}).development,
    )


def test_every_problem_is_told_at_once():
    """An empty audience would let other services' tokens in."""
    with pytest.raises(BadSettings) as raised:
        access({"STATUS_CALLERS": "all", "STATUS_CERTIFICATES": "http://keys"})

    text = str(raised.value)
    named = ("STATUS_AUDIENCE", "STATUS_CALLERS", "STATUS_CERTIFICATES")
    assert [] == [name for name in named if name not in text]
