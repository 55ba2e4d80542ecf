"""The function does what `shared/status/openapi.json` says, whatever is asked."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
import schemathesis
from hypothesis import Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi import checks

from shared.limits import STAGES
from shared.status.parameters import STATUSES
from tests.conftest import copy_of
from tests.status.served import ENTRIES, served

FILE = Path(__file__).parents[2] / "shared" / "status" / "openapi.json"
SCHEMA = schemathesis.openapi.from_path(FILE)
OPERATIONS = {one.ok().label: one.ok() for one in SCHEMA.get_all_operations()}
ONE = "GET /requests/{request_id}"
EXAMPLES = 12
METHODS = ("POST", "PUT", "PATCH", "DELETE")
asking = settings(max_examples=EXAMPLES, database=None, derandomize=True, phases=(Phase.generate,))
NUMBERS, TURNS = itertools.count(), itertools.cycle((True, False))
KNOWN = itertools.cycle([one.request_id for one in ENTRIES])
# Each asks as a caller of its own: how often one may ask is tested elsewhere.
OPERATOR, SCHOOL = "operator=true", "organization_id=o-1"


def has_rules(operation):
    """Tell whether anything about a question can be wrong."""
    return bool(list(operation.iter_parameters()))


@pytest.fixture(scope="module")
def app(postgres_server, template_database, tmp_path_factory):
    """Serve the function."""
    with (
        pytest.MonkeyPatch.context() as patch,
        copy_of(postgres_server, template_database) as url,
        served(tmp_path_factory.mktemp("cloud"), url, patch) as made,
    ):
        yield made


def asked(case, app, **more):
    """Ask, and hold the answer against the file; gives its status."""
    who = OPERATOR if case.path == "/failures" else SCHOOL
    answer = case.call_and_validate(
        base_url="http://localhost",
        app=app,
        headers={"Authorization": f"Development {who}&sub={next(NUMBERS)}", **more},
        excluded_checks=[checks.ignored_auth],  # every question here has a token
    )
    return answer.status_code


def test_the_file_knows_every_status_and_stage():
    """Those of the code."""
    parameters = {
        one["name"]: one["schema"].get("enum")
        for path in SCHEMA.raw_schema["paths"].values()
        for one in path["get"].get("parameters", ())
    }

    assert (list(STATUSES), list(STAGES)) == (parameters["status"], parameters["stage"])


@pytest.mark.parametrize("label", OPERATIONS)
def test_good_questions(app, label):
    """Are answered as the file says."""
    seen = set()

    @asking
    @given(case=OPERATIONS[label].as_strategy())
    def ask(case):
        if case.query:
            case.query.pop("cursor", None)  # no schema says which of them are ours
        if case.path_parameters and next(TURNS):
            case.path_parameters["request_id"] = next(KNOWN)
        seen.add(asked(case, app))

    ask()
    assert 200 in seen


@pytest.mark.parametrize("label", [name for name, one in OPERATIONS.items() if has_rules(one)])
def test_bad_questions(app, label):
    """Are refused as the file says."""

    @asking
    @given(case=OPERATIONS[label].as_strategy(generation_mode=GenerationMode.NEGATIVE))
    def ask(case):
        asked(case, app)

    ask()


@pytest.mark.parametrize("label", OPERATIONS)
def test_other_methods(app, label):
    """Are refused for every path."""
    path = label.partition(" ")[2].format(request_id=ENTRIES[0].request_id)
    found = {app.test_client().open(path, method=method).status_code for method in METHODS}

    assert {405} == found
