"""Identity tokens with real signatures: which hold, and how often keys are fetched."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from google.auth import crypt, jwt
from google.auth.exceptions import TransportError

from shared.errors import Permanent, Transient
from shared.gcp.tokens import EARLY_S, LONGEST_S, SKEW_S, SignedTokens

AUDIENCE, ISSUER = "school", "https://securetoken.google.com/school"
CERTIFICATES = "https://keys.example/"


class Issuer:
    """Somebody who signs tokens."""

    def __init__(self, key_id):
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, key_id)])
        now = datetime.now(UTC)
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(1)
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .sign(key, hashes.SHA256())
        )
        self.key_id = key_id
        self.certificate = made.public_bytes(serialization.Encoding.PEM).decode()
        pem = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        self.signer = crypt.RSASigner.from_string(pem, key_id)

    def token(self, **changes):
        """Sign a token that holds, but for what is changed; None leaves a claim out."""
        now = int(datetime.now(UTC).timestamp())
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": "u-1",
            "student_id": "s-17",
            "iat": now - 5,
            "exp": now + 600,
            **changes,
        }
        known = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(self.signer, known).decode()


class Certificates:
    """A server of certificates; counts how often it is asked, and can be away."""

    def __init__(self, *issuers, status=200, max_age=3600):
        self.issuers = list(issuers)
        self.status = status
        self.max_age = max_age
        self.asked = 0
        self.away = False

    def __call__(self, url, method="GET", timeout=None, **_):
        assert CERTIFICATES == url
        self.asked += 1
        if self.away:
            raise TransportError("no route")
        self.headers = {"cache-control": f"public, max-age={self.max_age}, must-revalidate"}
        self.data = json.dumps({one.key_id: one.certificate for one in self.issuers}).encode()
        return self


@pytest.fixture(scope="module")
def issuer():
    """Give the one whom we trust."""
    return Issuer("k-1")


@pytest.fixture(scope="module")
def stranger():
    """Give one with a key of its own, under the same id."""
    return Issuer("k-1")


class Clock:
    """Time that a test moves."""

    def __init__(self):
        self.passed_s = 0.0

    def __call__(self):
        return datetime.now(UTC).timestamp() + self.passed_s


def tokens(server, clock=None):
    return SignedTokens(AUDIENCE, ISSUER, CERTIFICATES, server, clock or Clock())


def test_a_token_that_holds(issuer):
    """Its claims are those that were signed."""
    claims = tokens(Certificates(issuer)).claims(issuer.token())

    assert ("u-1", "s-17") == (claims["sub"], claims["student_id"])


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "another"},
        {"aud": None},
        {"aud": [AUDIENCE]},
        {"iss": "https://accounts.google.com"},
        {"iss": None},
        {"exp": 1_000_000_000},
        {"exp": None},
        {"iat": 9_000_000_000},
        {"iat": "today"},
    ],
)
def test_a_token_that_does_not_hold(issuer, changes):
    """Another audience or issuer, too old, too young."""
    with pytest.raises(Permanent):
        tokens(Certificates(issuer)).claims(issuer.token(**changes))


def test_an_expired_token_says_so(issuer):
    """The page asks for a new one."""
    with pytest.raises(Permanent, match="expired"):
        tokens(Certificates(issuer)).claims(issuer.token(exp=1_000_000_000))


def test_a_token_of_somebody_else(issuer, stranger):
    """The signature is what counts, not the id of the key."""
    with pytest.raises(Permanent):
        tokens(Certificates(issuer)).claims(stranger.token())


def test_a_token_that_was_altered(issuer):
    """Other claims under the same signature."""
    head, _, sign = issuer.token().split(".")
    _, other, _ = issuer.token(student_id="s-99").split(".")

    with pytest.raises(Permanent):
        tokens(Certificates(issuer)).claims(f"{head}.{other}.{sign}")


@pytest.mark.parametrize(
    "text",
    ["", "a", "a.b", "a.b.c", "é.é.é", "...", "e30.e30.", "W10.W10.W10", "x" * 9000,
     "eyJhbGciOiJub25lIn0.eyJhdWQiOiJzY2hvb2wifQ."],
)  # fmt: skip
def test_what_is_no_token(issuer, text):
    """Is refused and not repeated."""
    with pytest.raises(Permanent) as refused:
        tokens(Certificates(issuer)).claims(text)

    assert text not in str(refused.value) or len(text) < 2


def test_a_token_without_a_signature(issuer):
    """The algorithm `none` is no algorithm."""
    _, claims, _ = issuer.token().split(".")
    with pytest.raises(Permanent):
        tokens(Certificates(issuer)).claims(f"eyJhbGciOiJub25lIiwia2lkIjoiay0xIn0.{claims}.")


def test_a_token_that_expires_after_it_was_checked(issuer):
    """What is remembered holds no longer than the token does."""
    clock = Clock()
    checking = tokens(Certificates(issuer), clock)
    token = issuer.token()
    checking.claims(token)
    clock.passed_s = 600 + SKEW_S + 5

    with pytest.raises(Permanent, match="expired"):
        checking.claims(token)


def test_keys_are_fetched_once(issuer):
    """For as long as their server says."""
    server, clock = Certificates(issuer), Clock()
    checking = tokens(server, clock)
    for n in range(5):
        checking.claims(issuer.token(sub=f"u-{n}"))
    clock.passed_s = 3601
    checking.claims(issuer.token(sub="later"))

    assert 2 == server.asked


def test_a_new_key_is_fetched_early_but_not_again_and_again(issuer):
    """A token that was made up costs no fetch."""
    server, clock = Certificates(issuer), Clock()
    checking = tokens(server, clock)
    checking.claims(issuer.token())
    other = Issuer("k-2")
    for _ in range(5):
        with pytest.raises(Permanent):
            checking.claims(other.token())
    before = server.asked
    clock.passed_s = EARLY_S
    server.issuers.append(other)

    assert (1, "u-1", 2) == (before, checking.claims(other.token())["sub"], server.asked)


def test_keys_that_cannot_be_fetched(issuer):
    """Nobody can be known: that may pass."""
    server = Certificates(issuer)
    server.away = True
    with pytest.raises(Transient):
        tokens(server).claims(issuer.token())
    with pytest.raises(Transient):
        tokens(Certificates(issuer, status=500)).claims(issuer.token())


def test_old_keys_count_while_nobody_gives_new_ones(issuer):
    """For a day."""
    server, clock = Certificates(issuer), Clock()
    checking = tokens(server, clock)
    checking.claims(issuer.token())
    server.away = True
    clock.passed_s = 3601
    checking.claims(issuer.token(sub="u-2"))
    clock.passed_s = LONGEST_S + EARLY_S

    with pytest.raises(Transient):
        checking.claims(issuer.token(sub="u-3"))
