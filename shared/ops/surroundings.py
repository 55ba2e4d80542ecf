"""Whether everything is there that a function needs: what the settings name, asked for real.

Looked at from where the command runs, with the rights of whoever runs it; what only the project
knows, such as subscriptions and grants, `./deploy.sh doctor` looks at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from shared.config import Settings
from shared.errors import PipelineError
from shared.events import ContentCompleted, SceneRequested, ScriptRequested
from shared.ports import Bucket, Services
from shared.request import ContentRequested
from shared.status.health import OK, Health

MOST_APART_S = 60.0
EVENTS = (ContentRequested, ScriptRequested, SceneRequested, ContentCompleted)
LOG_IN = "gcloud auth application-default login"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, what is to be said of it, and the command that mends it."""

    about: str
    said: str
    mends: str = ""

    @property
    def well(self) -> bool:
        """Whether nothing needs to be mended."""
        return not self.mends


def of_the_database(
    url: str, mends: str, now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> Iterator[Finding]:
    """Look at what the functions keep: clock, schema, indexes."""
    from shared.gcp.schema import schema  # noqa: PLC0415 - only the command needs a driver

    if not url:
        yield Finding("database", "DATABASE_URL is not set; it names the database", mends)
        return
    try:
        found = schema(url)
    except (PipelineError, ValueError) as fault:
        yield Finding("database", str(fault), mends)
        return
    yield Finding("database", "answers")
    apart_s = (now() - found.now).total_seconds()
    wrong_clock = "sudo timedatectl set-ntp true" if abs(apart_s) > MOST_APART_S else ""
    yield Finding("clock", f"{abs(apart_s):.0f} s from the database's", wrong_clock)
    if found.contradiction:
        yield Finding("migrations", found.contradiction, "python -m shared.migrate --status")
    elif found.pending:
        yield Finding(
            "migrations", f"to do: {', '.join(found.pending)}", "python -m shared.migrate"
        )
    else:
        yield Finding("migrations", "all applied")
    if found.invalid:
        told = f"invalid, so nobody reads them: {', '.join(found.invalid)}"
        yield Finding("indexes", told, f'psql -c "reindex index concurrently {found.invalid[0]}"')


def of_the_cloud(checks: Mapping[str, Callable[[], object]], mends: str) -> Iterator[Finding]:
    """Ask each service, all at once; a check raises what is wrong."""
    for about, said in Health(checks).report().items():
        if said == OK:
            yield Finding(about, "answers")
        else:
            unknown = "Credentials" in said or "Refresh" in said
            yield Finding(about, said, LOG_IN if unknown else mends)


def checks(settings: Settings) -> dict[str, Callable[[], object]]:
    """Name what the settings name, each with a question that is no more than a look."""
    from shared.gcp.topics import Topics  # noqa: PLC0415
    from shared.wiring import CloudServices  # noqa: PLC0415 - clients load when they are asked

    services = CloudServices(settings)
    found: dict[str, Callable[[], object]] = {
        "Firestore": lambda: services.claims.read("doctor"),
    }
    for bucket, name in settings.buckets.items():
        found[f"bucket {name}"] = partial(_list, services, bucket)
    topics = Topics(settings.project, settings.pubsub_emulator)
    return found | {f"topic {one.topic}": partial(topics.look_at, one.topic) for one in EVENTS}


def _list(services: Services, bucket: Bucket) -> None:
    services.objects.list(bucket, "doctor/")
