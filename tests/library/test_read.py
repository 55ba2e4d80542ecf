"""From an archive to a book: what goes in, and what stays out."""

from __future__ import annotations

import pytest

from shared.library.book import Section
from tests.library.books import FIGURE, collection, module, picture, read, repository, texts


def only(content: str, **more: str) -> Section:
    """Read the only section of a book with one module."""
    return read(repository(m1=module(content, **more))).sections[0]


def test_source():
    """The book's metadata becomes its source; the archive's name gives the digest."""
    found = read(repository(m1=module(""))).source

    assert ("little", "Little", ("Ann A", "Bo B")) == (found.slug, found.title, found.authors)
    assert ("CC BY 4.0", "a" * 64, 7) == (found.licence.name, found.sha256, found.generation)


def test_numbers_and_addresses():
    """Sections are numbered as in print and linked as the publisher's site does."""
    intro, first, second = (
        module("", kind="introduction", title="Hello"),
        module("", title="Newton\u2019s First Law: Inertia"),
        module("", title="Café &amp; Bar"),
    )
    sections = read(repository(m1=intro, m2=first, m3=second)).sections

    assert ["1", "1.1", "1.2"] == [section.number for section in sections]
    assert [
        "https://openstax.org/books/little/pages/1-introduction",
        "https://openstax.org/books/little/pages/1-1-newtons-first-law-inertia",
        "https://openstax.org/books/little/pages/1-2-cafe-bar",
    ] == [section.url for section in sections]


def test_own_address():
    """A book that says where it lies is linked there."""
    files = repository(m1=module(""))
    files["collections/little.collection.xml"] = collection("m1", address="docs/little")

    assert read(files).sections[0].url == "docs/little/modules/m1/index.cnxml"


def test_sentence_ids():
    """A paragraph's sentences count from 1; a list's by item and sentence."""
    section = only(
        '<para id="p1">Ice is cold. It melts.</para>'
        '<list id="l1"><item>One.</item><item>Two. Three.</item></list>'
    )

    assert ["m1#p1/1", "m1#p1/2", "m1#l1/1.1", "m1#l1/2.1", "m1#l1/2.2"] == [
        sentence.id for passage in section.passages for sentence in passage.sentences
    ]


def test_headings_and_marks():
    """A passage knows the headings above it, its key terms and its figures."""
    text = (
        f'<section id="s1"><title>Carts</title>{FIGURE}<para id="p1"><term>Wheels</term> turn'
        ' <term class="no-emphasis">fast</term>, see <link target-id="f1"/>.</para></section>'
    )
    passage = (
        read({**repository(m1=module(text)), "media/cart.png": picture()}).sections[0].passages[0]
    )

    assert (("Motion", "Carts"), ("Wheels",), ("m1#f1",)) == (
        passage.headings,
        passage.marks,
        passage.figures,
    )
    assert ("Wheels turn fast, see the figure.", True) == (
        passage.text,
        passage.sentences[0].refers,
    )


@pytest.mark.parametrize(
    "name", ["os-teacher", "os\u2010teacher", "misconception", "x os\u00adteacher"]
)
def test_teacher_notes_stay_out(name):
    """Nothing in a note for teachers becomes a passage, however its class is written."""
    hidden = f'<note id="n1" class="{name}"><para id="p2">Ask them.</para>{FIGURE}</note>'
    section = only(f'<para id="p1">Ice is cold.</para>{hidden}')

    assert (["Ice is cold."], ()) == (texts(section), section.figures)


def test_teacher_paragraphs_stay_out():
    """A paragraph of its own for teachers stays out as well."""
    text = '<para id="p1" class="os\u2010teacher">Ask.</para><para id="p2">Ice.</para>'

    assert ["Ice."] == texts(only(text))


def test_teacher_notes_inside_examples_stay_out():
    """A note for teachers inside a worked example stays out of the example too."""
    section = only(
        '<note id="x1" class="worked-example"><title>Go</title><exercise id="e1">'
        '<problem id="q1"><para id="p1">How far?</para></problem><solution id="a1">'
        '<note class="os-teacher"><para id="p2">Tell them.</para></note>'
        '<para id="p3">Ten meters.</para></solution></exercise></note>'
    )

    assert ["How far?", "Ten meters."] == texts(section)
    assert ["Ten meters."] == [sentence.text for sentence in section.examples[0].solution]


@pytest.mark.parametrize("name", ["multiple-choice", "practice-problems", "critical-thinking"])
def test_exercises_are_kept_but_no_passages(name):
    """The book's questions are kept with their options, and never become passages."""
    section = only(
        f'<section id="s1" class="{name}"><exercise id="e1"><problem id="q1">'
        '<para id="p1">What is it?</para><list id="l1"><item>Ice</item><item>Tea</item></list>'
        "</problem><solution><para>Ice</para></solution></exercise></section>"
    )

    assert [] == texts(section)
    assert ("What is it?", ("Ice", "Tea")) == (
        section.exercises[0].problem,
        section.exercises[0].options,
    )


def test_videos_stay_out():
    """What only introduces a video or a simulation teaches nothing by itself."""
    assert texts(only('<note class="watch-physics"><para id="p1">Watch this.</para></note>')) == []


def test_kinds():
    """A passage's kind says which part of the book it comes from."""
    section = only(
        '<para id="p1">A.</para><list id="l1"><item>B.</item></list>'
        '<note id="n1" class="tips-for-success"><para id="p2">C.</para></note>'
        '<section id="s1" class="summary"><title>S</title><list id="l2"><item>D.</item></list>'
        "</section>",
        glossary='<definition id="d1"><term>ice</term><meaning>cold water.</meaning></definition>',
    )

    assert ["body", "list", "tip", "summary", "glossary"] == [p.kind for p in section.passages]


def test_glossary():
    """A definition can be cited as one sentence that begins with its term."""
    section = only(
        "",
        glossary='<definition id="d1"><term>ice</term> <meaning>cold water</meaning></definition>',
    )

    assert ("ice", "cold water", "m1#d1/1") == (
        section.terms[0].term,
        section.terms[0].definition,
        section.terms[0].sentence,
    )
    assert ["Ice: cold water."] == texts(section)


def test_figure_with_foreign_credit():
    """A credited figure is measured and kept, but not usable; its caption is without the credit."""
    section = read({**repository(m1=module(FIGURE)), "media/cart.png": picture(20, 10)}).sections[0]

    assert ("m1#f1", "media/cart.png", "A cart rolls.", "credit: Jo Doe", False, 20, 10) == (
        section.figures[0].id,
        section.figures[0].member,
        section.figures[0].caption,
        section.figures[0].credit,
        section.figures[0].usable,
        section.figures[0].width,
        section.figures[0].height,
    )


def test_an_id_used_twice():
    """Only the first of two paragraphs with one id can be cited."""
    assert ["A."] == texts(only('<para id="p1">A.</para><para id="p1">B.</para>'))
