"""Each broken variant of the protocol is found broken; `python -m tests.model` prints how."""

import pytest

from tests.model.explore import explore
from tests.model.variants import BROKEN


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_variant_is_found_broken(name):
    """The model shows a way to the promise that this variant does not keep."""
    broken = BROKEN[name]

    assert explore(broken.model, until=broken.breaks).wrong.get(broken.breaks)
