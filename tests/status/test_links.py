"""Links: signed ones last as long as they should, plain ones lead to the object."""

from __future__ import annotations

import urllib.request
from urllib.parse import parse_qs, urlsplit

import pytest
from google.auth.exceptions import TransportError
from google.oauth2.service_account import Credentials

from local.cloud.server import LocalCloud
from shared.errors import Transient
from shared.gcp.links import PlainLinks, SignedLinks
from shared.gcp.storage import StorageObjects
from tests.status.test_tokens import Issuer

BUCKETS = {"generated": "demo-generated", "oer": "demo-oer", "scenes": "demo-scenes"}


def test_a_signed_link_lasts_fifteen_minutes():
    """For one object, to read it; signed offline with a key, where IAM signs in the cloud."""
    account = Credentials(Issuer("k").signer, "status@demo.iam", "https://oauth.example/token")
    link = SignedLinks("demo", "demo-generated", lambda: {"credentials": account}).link("a/b c.mp4")
    parts = urlsplit(link)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}

    assert "/demo-generated/a/b%20c.mp4" == parts.path
    assert ("900", "GOOG4-RSA-SHA256", "host") == (
        query["X-Goog-Expires"],
        query["X-Goog-Algorithm"],
        query["X-Goog-SignedHeaders"],
    )
    assert query["X-Goog-Credential"].startswith("status@demo.iam/")


def test_an_account_that_cannot_sign():
    """Is a fault that may pass."""

    def unreachable():
        raise TransportError("iamcredentials does not answer")

    links = SignedLinks("demo", "demo-generated", unreachable)
    with pytest.raises(Transient):
        links.link("a")


def test_a_link_of_the_local_cloud_leads_to_the_object(tmp_path):
    """Whatever its name."""
    cloud = LocalCloud(tmp_path, {}, tick_every_s=None)
    cloud.start()
    try:
        objects = StorageObjects("demo", cloud.storage_host, BUCKETS)
        objects.create("generated", "lessons/a/fi lm.mp4", b"film", content_type="video/mp4")
        link = PlainLinks(cloud.storage_host, BUCKETS["generated"]).link("lessons/a/fi lm.mp4")
        with urllib.request.urlopen(link) as answer:  # noqa: S310 - the local cloud's own
            assert (b"film", "video/mp4") == (answer.read(), answer.headers["content-type"])
    finally:
        cloud.stop()
