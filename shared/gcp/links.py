"""Links to objects for somebody without an account."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from shared.errors import Transient
from shared.status.contents import LINK_S

if TYPE_CHECKING:
    from google.auth.credentials import Credentials
    from google.cloud.storage import Bucket

Signer = Callable[[], Mapping[str, Any]]


class SignedLinks:
    """The port Links: V4 signatures that last `LINK_S`.

    There is no key file: by default Google's IAM signs, for the account that runs this process,
    which needs `roles/iam.serviceAccountTokenCreator` on itself.
    """

    def __init__(self, project: str, bucket: str, signer: Signer | None = None) -> None:
        self._project = project
        self._bucket = bucket
        self._signer = signer or IamSigner()

    def link(self, name: str) -> str:
        """Sign a link; raises Transient."""
        from google.auth.exceptions import GoogleAuthError

        try:
            url: str = self._objects.blob(name).generate_signed_url(
                version="v4", expiration=timedelta(seconds=LINK_S), method="GET", **self._signer()
            )
        except (GoogleAuthError, OSError) as error:  # OSError: the network's
            raise Transient("a link could not be signed") from error
        return url

    @cached_property
    def _objects(self) -> Bucket:
        """Name the bucket; made at the first link, twice at worst, for signing asks no server."""
        from google.auth.credentials import AnonymousCredentials
        from google.cloud.storage import Client

        # What signs is given with each link; the client itself asks for nothing.
        client = Client(self._project, AnonymousCredentials())  # type: ignore[no-untyped-call]
        return client.bucket(self._bucket)


class IamSigner:
    """Names the account that this process runs as, and proves that it is."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._credentials: Credentials | None = None

    def __call__(self) -> Mapping[str, Any]:
        """Give what `generate_signed_url` needs to have IAM sign."""
        import google.auth
        from google.auth.transport.requests import Request

        with self._lock:
            if self._credentials is None:
                scopes = ["https://www.googleapis.com/auth/cloud-platform"]
                self._credentials = google.auth.default(scopes=scopes)[0]
            if not self._credentials.valid:
                self._credentials.refresh(Request())  # type: ignore[no-untyped-call]
            account = getattr(self._credentials, "service_account_email", "")
            return {
                "service_account_email": account,
                "access_token": self._credentials.token,
            }


class PlainLinks:
    """The port Links where storage asks nobody who they are: the local cloud."""

    def __init__(self, host: str, bucket: str) -> None:
        self._home = f"{host}/download/storage/v1/b/{bucket}/o"

    def link(self, name: str) -> str:
        """Name the object."""
        return f"{self._home}/{quote(name, safe='')}"
