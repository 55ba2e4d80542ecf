"""What an operator's doctor finds: each thing that a function needs, asked for real."""

import json
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from local.addresses import PROJECT, Addresses
from local.cloud.server import LocalCloud
from shared.gcp.dial import connect
from shared.ops.__main__ import main
from shared.ops.surroundings import of_the_database
from tests.local_cloud.sink import free_port

WELL, UNWELL, MISTAKE = 0, 1, 2
# What is wrong with a database, with what is found about what, and the command that mends it.
BROKEN = {
    "a migration to do": (
        "delete from migrations where number = (select max(number) from migrations)",
        "migrations", "to do: ", "python -m shared.migrate",
    ),
    "a migration that was changed": (
        "update migrations set sha256 = 'x' where number = 1", "migrations",
        "changed after it was applied", "python -m shared.migrate --status",
    ),
    "an index that nobody reads": (
        """update pg_index set indisvalid = false
        where indexrelid = 'idx_content_requests_status_created'::regclass""",
        "indexes", "idx_content_requests_status_created",
        'psql -c "reindex index concurrently idx_content_requests_status_created"',
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def cloud(tmp_path_factory):
    """Give the addresses of a local cloud that runs."""
    addresses = Addresses(free_port())
    cloud = LocalCloud(
        tmp_path_factory.mktemp("cloud"), {}, project=PROJECT, grpc_port=addresses.grpc,
        storage_port=addresses.storage,
    )  # fmt: skip
    cloud.start()
    yield addresses
    cloud.stop()


@pytest.fixture
def examined(cloud, database_url, monkeypatch, capsys):
    """Run doctor; gives its code and what it found, by what it is about."""

    def run(*words, **variables):
        for name, value in {**cloud.environment(database_url), **variables}.items():
            monkeypatch.setenv(name, value)
        code = main(["doctor", "--json", *words])
        return code, {one["about"]: one for one in json.loads(capsys.readouterr().out)["found"]}

    return run


def test_all_is_well(examined):
    """Database, clock, schema, claims, every bucket and every topic were asked."""
    code, found = examined()
    topics = {about for about in found if about.startswith("topic ")}
    buckets = {about for about in found if about.startswith("bucket ")}

    assert WELL == code, found
    assert {
        "database",
        "clock",
        "migrations",
        "Firestore",
        "models",
    } == found.keys() - topics - buckets
    assert (4, 3) == (len(topics), len(buckets))


@pytest.mark.parametrize("case", BROKEN)
def test_what_is_wrong_with_the_database(examined, database_url, case):
    """It is named, with the command that mends it; all else is looked at all the same."""
    breaks, about, said, mends = BROKEN[case]
    with closing(connect(database_url, 10)) as connection:
        connection.cursor().execute(breaks)
    code, found = examined()

    assert (UNWELL, True, mends) == (code, said in found[about]["said"], found[about]["mends"])
    assert [about] == [one["about"] for one in found.values() if not one["well"]]


def test_a_clock_that_is_wrong(database_url):
    """Leases and tokens are measured with it."""
    late = datetime.now(UTC) + timedelta(seconds=300)
    (clock,) = (
        one for one in of_the_database(database_url, "x", lambda: late) if one.about == "clock"
    )

    assert (False, True) == (clock.well, "300 s" in clock.said or "299 s" in clock.said)


def test_a_cloud_that_is_away(examined):
    """Everything that does not answer is listed at once, the database as well."""
    away = f"127.0.0.1:{free_port()}"
    code, found = examined(
        FIRESTORE_EMULATOR_HOST=away,
        PUBSUB_EMULATOR_HOST=away,
        STORAGE_EMULATOR_HOST=f"http://{away}",
        DATABASE_URL=f"postgresql://nobody@{away}/nothing",
    )
    unwell = [one for one in found.values() if not one["well"]]

    assert (UNWELL, 9) == (code, len(unwell)), found
    assert {"./deploy.sh doctor --project ID --region REGION"} == {one["mends"] for one in unwell}


def test_a_topic_that_is_not_there(examined):
    """Of a project where nothing was deployed yet."""
    _, found = examined(GOOGLE_CLOUD_PROJECT="another")

    assert "the topic script-requested is not there" == found["topic script-requested"]["said"]


def test_no_database_is_named(examined):
    """What else there is is looked at."""
    code, found = examined(DATABASE_URL="")

    assert (UNWELL, True) == (code, "DATABASE_URL is not set" in found["database"]["said"])
    assert found["Firestore"]["well"]


def test_settings_that_cannot_be_read(cloud, monkeypatch, capsys):
    """Each is named at once; nothing can be asked without them."""
    for name, value in {**cloud.environment(""), "FILM_SHAPE": "round", "VOICE": "mine"}.items():
        monkeypatch.setenv(name, value)
    code, said = main(["doctor"]), capsys.readouterr().out

    assert (MISTAKE, True, True) == (code, "FILM_SHAPE" in said, "VOICE" in said)
