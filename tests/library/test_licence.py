"""Which licences pass, and which credits."""

from __future__ import annotations

import pytest

from shared.errors import Unreadable
from shared.library.figures import credit_in
from shared.library.licence import PERMITTED, credit_allows, licence_of

CC = "creativecommons.org"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        (f"http://{CC}/licenses/by/4.0/", "CC BY 4.0"),
        (f"https://{CC}/licenses/by/3.0", "CC BY 3.0"),
        (f"https://{CC}/publicdomain/zero/1.0/", "CC0 1.0"),
        (f"https://{CC}/publicdomain/mark/1.0/", "Public Domain Mark 1.0"),
    ],
)
def test_free_licences_pass(url, name):
    """CC BY and the public domain pass under their own names."""
    assert licence_of(url, "c").name == name


@pytest.mark.parametrize(
    ("url", "reason", "why"),
    [
        (f"https://{CC}/licenses/by-nc/4.0/", "licence-by-nc", "commercial"),
        (f"https://{CC}/licenses/by-nd/4.0/", "licence-by-nd", "changed versions"),
        (f"https://{CC}/licenses/by-sa/4.0/", "licence-by-sa", "same licence"),
        (f"https://{CC}/licenses/by-nc-sa/4.0/", "licence-by-nc-sa", "commercial use and it binds"),
        ("https://example.org/mine", "licence-unknown", "example.org"),
        ("", "licence-missing", "names no licence"),
        ("  ", "licence-missing", "names no licence"),
    ],
)
def test_other_licences_are_refused(url, reason, why):
    """Whatever forbids our use, and whatever we do not know, is refused with that reason."""
    with pytest.raises(Unreadable, match=why) as raised:
        licence_of(url, "c")

    assert raised.value.reason == reason


def test_a_setting_may_allow_more():
    """A licence that a setting names passes."""
    url = f"https://{CC}/licenses/by-nc-sa/4.0/"

    assert licence_of(url, "c", PERMITTED | {"by-nc-sa"}).name == "CC BY-NC-SA 4.0"


@pytest.mark.parametrize(
    ("caption", "credit"),
    [
        ("A cart rolls.", ""),
        ("It is heavy (in kilograms).", ""),
        ("A car (a) speeds up and (b).", ""),
        ("A dolphin. (Credit: Jin Jang)", "(Credit: Jin Jang)"),
        ("A galaxy. (NASA, JPL, P. Barmby).", "(NASA, JPL, P. Barmby)."),
        ("At the US Open (Edwin Martinez, Flickr)", "(Edwin Martinez, Flickr)"),
        ("Both. ((a) NASA; (b) U.S. government)", "((a) NASA; (b) U.S. government)"),
        ("A probe left the solar system. NASA", "NASA"),
        ("Used by permission of the maker.", "permission of the maker"),
    ],
)
def test_credit_in_a_caption(caption, credit):
    """The brackets that end a caption are a credit when they name somebody."""
    assert credit_in(caption) == credit


@pytest.mark.parametrize(
    ("credit", "usable"),
    [
        ("", True),
        ("(Alex Needham, Public Domain)", True),
        ("(Jo Doe, CC BY 4.0)", True),
        ("(Jo Doe, CC BY-NC 4.0)", False),
        ("(Jo Doe, CC BY NC)", False),
        ("(credit: NASA)", False),
        ("(Jo Doe, Flickr)", False),
    ],
)
def test_credits_that_allow_use(credit, usable):
    """A credited picture is used only when the credit itself names a free licence."""
    assert credit_allows(credit) is usable
