"""How passages become batches, and two orders one."""

from shared.embedding.fusion import fused
from shared.embedding.texts import LETTERS, TEXTS, batches, digest, texts
from tests.embedding.shelves import ICE, paragraphs
from tests.library.books import passage, section


def test_no_batch_is_larger_than_a_call_takes():
    """Whatever the model allows, a run that dies loses little."""
    wanted = texts([paragraphs(250)])

    assert [100, 100, 50] == [len(one) for one in batches(wanted, 250)]


def test_a_model_that_takes_one_text():
    """Is asked once for each."""
    assert [1, 1] == [len(one) for one in batches(texts([ICE]), 1)]


def test_long_passages_make_small_batches():
    """A call takes so many tokens at most."""
    wanted = {str(n): "x" * (LETTERS // 2) for n in range(5)}

    assert [2, 2, 1] == [len(one) for one in batches(wanted, TEXTS)]


def test_a_passage_that_alone_is_too_long():
    """Goes by itself: the service cuts it."""
    assert [1] == [len(one) for one in batches({"a": "x" * 2 * LETTERS}, TEXTS)]


def test_equal_passages_are_embedded_once():
    """Wherever they stand."""
    same = section("m1", passage("m1#p1", "Ice."), passage("m1#p2", "Ice."))

    assert ["\nIce."] == list(texts([same]).values())


def test_the_headings_belong_to_a_passage():
    """The same words below another heading mean something else."""
    one, other = (passage("m1#p1", "It melts.", headings=(name,)) for name in ("Ice", "Iron"))

    assert digest(one) != digest(other)


def test_what_both_orders_like_comes_first():
    """Before what only one of them likes best."""
    assert "b" == fused(["a", "b"], ["c", "b"])[0][0]


def test_reciprocal_ranks():
    """1 / (60 + place), summed."""
    assert (("a", 1 / 61 + 1 / 62), ("b", 1 / 61)) == fused(["a"], ["b", "a"])


def test_of_equals_the_first_order_decides():
    """Words before meaning."""
    assert ["a", "b"] == [name for name, _ in fused(["a", "b"], ["b", "a"])]
