"""A new revision meets a tenth of what arrives first; a canary decides about the rest."""

import pytest

from tests.deploy.rehearsal import ALL, Rehearsal, complete
from tests.deploy.seeded import seed

ONE = ("--function", "ingest", "--yes")
RELEASE = ("release", *ALL, "--lessons", "2")


@pytest.fixture(scope="module")
def served_by_one(gcloud, tree):
    """Give a rehearsal of one function, held back when it was deployed a second time."""
    with Rehearsal(gcloud, tree) as rehearsal:
        seed(rehearsal.project)
        for words in (ONE, (*ONE, "--hold")):
            code, said = rehearsal.run(*words)
            assert (0, []) == (code, rehearsal.project.unknown), said
        yield rehearsal


def division(rehearsal, function):
    """Give the share of each revision of a function, the number of the revision first."""
    service = rehearsal.project.resources[f"run:namespaces/demo-proj/services/vividly-{function}"]
    shares = {one["revisionName"]: one["percent"] for one in service["status"]["traffic"]}
    return {int(name.split("-")[-2]): percent for name, percent in shares.items() if percent}


def test_a_deployment_that_is_held_takes_nothing(served_by_one):
    """What served goes on to serve, and the new revision waits."""
    assert {2: 100} == division(served_by_one, "ingest")


def test_a_tenth_then_nothing_then_all(served_by_one):
    """By the revisions of the service: its address stays the same, so events follow as well."""
    shares = []
    for percent in ("10", "0", "10", "100"):
        code, said = served_by_one.run("shift", percent, *ONE)
        assert 0 == code, said
        shares.append(division(served_by_one, "ingest"))

    assert [{3: 10, 2: 90}, {2: 100}, {3: 10, 2: 90}, {3: 100}] == shares


def test_a_shift_that_was_done_is_not_done_again(served_by_one):
    """The same share asks for no change, nor does a share where nothing older serves."""
    served_by_one.run("shift", "100", *ONE)
    before = list(served_by_one.project.changes)
    codes = [served_by_one.run("shift", percent, *ONE)[0] for percent in ("100", "10")]

    assert [0, 0] == codes
    assert before == served_by_one.project.changes


@pytest.fixture
def changed(whole):
    """Give a project that runs, and a tree whose functions all differ from what runs there."""
    file = whole.tree / "shared" / "limits.py"
    text = file.read_text("utf-8")
    file.write_text(f"{text}# {len(whole.project.changes)}\n")
    yield whole
    file.write_text(text)


def divisions(rehearsal):
    """Give the division of every function, as a set of (revision, share)."""
    names = ("ingest", "script", "render", "finalize", "library", "repair", "status")
    return {pair for name in names for pair in division(rehearsal, name).items()}


@complete
def test_a_release(changed):
    """The canary meets a tenth; what passes it has everything, and the old revision stays."""
    served = divisions(changed)
    during = set()
    changed.project.before_publish = lambda: during.update(divisions(changed))
    code, said = changed.run(*RELEASE)
    changed.project.before_publish = lambda: None

    assert (0, 2) == (code, said.count("topics publish content-requests")), said
    assert ({(2, 100)}, {(2, 90), (3, 10)}, {(3, 100)}) == (served, during, divisions(changed))


@complete
def test_a_release_whose_canary_fails(changed):
    """What served before serves again, and the exit code says so."""
    served = divisions(changed)
    changed.project.answer_canary = False
    code, said = changed.run(*RELEASE)
    changed.project.answer_canary = True

    assert (1, True) == (code, 'stopped in the step "release"' in said), said
    assert served == divisions(changed)


@complete
def test_a_release_that_is_interrupted(changed):
    """A second one goes on: it deploys nothing twice, and takes all of it in the end."""
    code, _ = changed.run(*RELEASE, interrupt_at=lambda step, _: step == "canary lesson")
    masks = len(changed.project.masks)
    again, said = changed.run(*RELEASE)

    assert (130, 0, masks) == (code, again, len(changed.project.masks)), said
    assert [100] == [percent for _, percent in divisions(changed)]
