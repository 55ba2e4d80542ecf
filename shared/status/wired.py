"""Who stands behind the front door, built at the first question."""

from __future__ import annotations

from functools import cache
from threading import Lock
from typing import TYPE_CHECKING

from shared import config, log
from shared.limits import FUNCTIONS
from shared.status.contents import Storage
from shared.status.front import Front
from shared.status.health import Health
from shared.status.lists import Lists
from shared.status.polls import Polls
from shared.status.rate import Rate
from shared.versions import VERSIONS
from shared.wiring import CloudServices

if TYPE_CHECKING:
    from shared.status.contents import Links

DATABASE_PATIENCE_S = 3.0
_building = Lock()


def front() -> Front:
    """Give the front door of this process; raises BadSettings."""
    with _building:  # the first questions come at once, and `cache` has no lock
        return _of_the_environment()


@cache
def _of_the_environment() -> Front:
    log.start(config.project())
    return build(config.read(), config.access())


def build(settings: config.Settings, access: config.Access) -> Front:
    """Build a front door on what the settings name; clients load when they are first needed."""
    from shared.gcp.postgres import Postgres  # noqa: PLC0415 - not when imported
    from shared.gcp.status import SqlRequests  # noqa: PLC0415
    from shared.gcp.tokens import SignedTokens  # noqa: PLC0415

    if not settings.database_url:
        raise config.BadSettings("DATABASE_URL is not set; it names the database")
    pool = FUNCTIONS["status"].pool
    services = CloudServices(settings)
    requests = SqlRequests(Postgres(settings.database_url, pool, patience_s=DATABASE_PATIENCE_S))
    checks = {
        "database": requests.answers,
        "firestore": lambda: services.claims.read("ready"),
        "storage": lambda: services.objects.list("generated", "ready/"),
    }
    return Front(
        access=access,
        tokens=SignedTokens(access.audience, access.issuer, access.certificates),
        rate=Rate(),
        polls=Polls(requests, Storage(services, _links(settings))),
        lists=Lists(requests),
        health=Health(checks),
        versions=VERSIONS,
    )


def _links(settings: config.Settings) -> Links:
    from shared.gcp.links import PlainLinks, SignedLinks  # noqa: PLC0415

    bucket = settings.buckets["generated"]
    if settings.storage_emulator:
        return PlainLinks(settings.storage_emulator, bucket)
    return SignedLinks(settings.project, bucket)
