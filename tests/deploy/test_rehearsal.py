"""Real gcloud against a small control plane: one function each time, everything when asked for."""

import sys

import pytest

from tests.deploy.rehearsal import ALL, Rehearsal, complete
from tests.deploy.seeded import seed
from tests.project.import_closure import ROOT

ONE = ("--function", "ingest", "--yes")
SUBSCRIPTION = "projects/demo-proj/subscriptions/eventarc-us-central1-vividly-ingest-222-sub-111"
HOME = "projects/demo-proj/locations/us-central1"


@pytest.fixture
def seeded(rehearsal):
    """Give a rehearsal in a project where everything stands but the functions."""
    seed(rehearsal.project)
    return rehearsal


@pytest.fixture(scope="module")
def deployed(gcloud, tree):
    """Give a project after one function was deployed twice: (project, what each run told)."""
    with Rehearsal(gcloud, tree) as rehearsal:
        seed(rehearsal.project)
        first = rehearsal.run(*ONE)
        made = list(rehearsal.project.created)
        second = rehearsal.run(*ONE)
        assert ((0, 0), []) == ((first[0], second[0]), rehearsal.project.unknown), first + second
        yield rehearsal.project, made


def test_a_function_is_deployed_once(deployed):
    """The first run makes function and trigger; the second updates, and creates nothing."""
    project, made = deployed

    assert [f"cloudfunctions:{HOME}/functions/vividly-ingest", f"pubsub:{SUBSCRIPTION}"] == made
    assert made == project.created


def test_a_second_deployment_leaves_the_trigger_alone(deployed):
    """A trigger that is made anew loses its subscription, and what waits in it."""
    project, _ = deployed
    masks = [mask for mask in project.masks if mask]

    assert masks
    assert not [mask for mask in masks if "event_trigger" in mask]


def test_its_subscription_is_held_to_what_we_promise(deployed):
    """Eventarc's own numbers are mended: after 20 deliveries, not never, and 600 s, not 10."""
    found = deployed[0].resources[f"pubsub:{SUBSCRIPTION}"]
    promised = {
        "ackDeadlineSeconds": 600,
        "messageRetentionDuration": "604800s",
        "expirationPolicy": {},
        "retryPolicy": {"minimumBackoff": "10s", "maximumBackoff": "600s"},
        "deadLetterPolicy": {
            "deadLetterTopic": "projects/demo-proj/topics/ingest-dead",
            "maxDeliveryAttempts": 20,
        },
    }

    assert promised == {name: found[name] for name in promised}


def test_what_is_uploaded_is_what_was_staged(deployed, tree):
    """The zip has exactly the files of build/ingest: gcloud leaves none out, and adds none."""
    staged = tree / "build" / "ingest"
    files = sorted(str(one.relative_to(staged)) for one in staged.rglob("*") if one.is_file())

    assert [files, files] == list(deployed[0].zips.values())
    assert {"main.py", "requirements.txt", "shared/limits.py"} <= set(files)


def test_ctrl_c_while_a_function_is_made(seeded):
    """It says where it was; the second run finishes and makes no second function."""
    code, said = seeded.run(*ONE, interrupt_at=lambda step, _: step == "invokers")
    again, words = seeded.run(*ONE)
    functions = [one for one in seeded.project.created if "/functions/" in one]

    assert (130, 0, 1) == (code, again, len(functions)), said + words
    assert "was interrupted in the step" in said


def test_a_refusal_names_the_step_and_the_way_on(seeded):
    """No permission: what was tried, where, and what to do next; nothing of Python's."""
    seeded.project.refuse["POST cloudfunctions:.*/functions$"] = (403, "Permission denied on x")

    code, said = seeded.run(*ONE)

    assert 1 == code
    assert 'stopped in the step "function ingest", functions.sh line' in said
    assert "give the same command again" in said
    assert "Traceback" not in said


def test_another_environment_is_not_mixed_in(seeded):
    """One project holds one environment: topics have one name, and every message one reader."""
    code, said = seeded.run(*ONE, "--env", "staging")

    assert (2, True) == (code, "holds the environment dev" in said)


def test_prod_wants_a_commit(seeded):
    """What runs there can be found again."""
    home = f"artifactregistry:{HOME}/repositories/vividly"
    seeded.project.resources[home]["labels"]["env"] = "prod"
    stray = seeded.tree / "stray.txt"
    stray.write_text("x")
    code, said = seeded.run(*ONE, "--env", "prod")
    stray.unlink()

    assert (2, True) == (code, "commit them first" in said)


@complete
def test_the_second_run_of_everything_makes_nothing(whole, capsys):
    """An empty project runs after one command; the same command again creates nothing at all."""
    calls, made = len(whole.commands), len(whole.project.created)
    code, said = whole.run(*ALL)

    assert (0, []) == (code, whole.project.unknown), said
    assert [] == whole.project.created[made:]
    told = f"first run: {calls} calls, {made} created; second: {len(whole.commands) - calls}, 0"
    with capsys.disabled():
        sys.stdout.write(f"\n{told}\n")


@complete
def test_what_the_repository_watches_is_made_once(gcloud):
    """Each metric, alert and dashboard of ops/, by real gcloud; the second run makes nothing."""
    words = ("--yes", "--only", "observability", "--alert-email", "us@example.org")
    with Rehearsal(gcloud, ROOT) as rehearsal:
        runs = [rehearsal.run(*words) for _ in range(2)]
        made = rehearsal.project.created

    files = [
        file
        for kind in ("metrics", "policies", "dashboards")
        for file in (ROOT / "ops" / kind).iterdir()
    ]
    assert ([0, 0], []) == ([code for code, _ in runs], rehearsal.project.unknown), runs
    assert len(files) + 1 == len(made) == len(set(made))


@complete
def test_a_canary_without_an_answer(whole):
    """It fails, with the way back."""
    whole.project.answer_canary = False
    code, said = whole.run(*ALL)
    whole.project.answer_canary = True

    assert (1, True) == (code, "./deploy.sh rollback FUNCTION" in said), said


@complete
def test_status_and_rollback(whole):
    """What runs is told, and goes back to the revision before."""
    told, back = whole.run("status"), whole.run("rollback", "render", "--yes")
    service = whole.project.resources["run:namespaces/demo-proj/services/vividly-render"]

    assert (0, 6) == (told[0], told[1].count("as promised")), told[1]
    assert (0, True) == (back[0], "Forward again" in back[1]), back[1]
    assert "vividly-render-00001-abc" == service["spec"]["traffic"][0]["revisionName"]


@complete
def test_destroy(whole):
    """It waits until nothing waits, then takes everything away."""
    whole.project.waiting[:] = [3, 1]
    code, said = whole.run("destroy", "--confirm", "demo-proj", "--yes", "--with-data")
    ours = ("pubsub:", "storage:b/", "sql:projects/demo-proj/instances", "cloudfunctions:")
    left = [one for one in whole.project.resources if one.startswith(ours) and "/o/" not in one]

    assert (0, True) == (code, "3 messages wait" in said), said
    assert [] == [one for one in left if "eventarc-" not in one]


@complete
def test_ctrl_c_at_every_step_in_turn(gcloud, observed, capsys):
    """Each run is interrupted at the first change of a step that none got to; the last is done."""
    reached: list[str] = []

    def in_a_new_step(step, _):
        return step not in reached and not reached.append(step)

    with Rehearsal(gcloud, observed) as rehearsal:
        for _ in range(40):
            code, said = rehearsal.run(*ALL, interrupt_at=in_a_new_step)
            if code == 0:
                break
            assert (130, True) == (code, "Give the same command again" in said), said
            assert f'in the step "{reached[-1]}"' in said
        made = len(rehearsal.project.created)
        again, _ = rehearsal.run(*ALL)

    assert (0, 0, []) == (code, again, rehearsal.project.unknown)
    assert len(reached) > 20
    assert made == len(rehearsal.project.created)
    with capsys.disabled():
        sys.stdout.write(f"\ninterrupted in {', '.join(reached)}\n")
