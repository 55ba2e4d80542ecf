"""From an archive to a book: what goes in, what stays out, what is named."""

from __future__ import annotations

import io

import pytest

from shared.errors import Unreadable
from shared.library.book import Book, Section
from shared.library.read import read_book
from tests.library.books import archive, collection, module, picture, repository

NAME = f"books/little/{'a' * 64}.zip"
FIGURE = (
    '<figure id="f1"><media alt="a cart"><image src="../../media/cart.png"/></media>'
    "<caption>A cart rolls. (credit: Jo Doe)</caption></figure>"
)


def read(files: dict[str, str | bytes], **more: object) -> Book:
    """Read a repository's files as a book."""
    return read_book(archive(files), NAME, 7, **more)


def only(content: str, **more: str) -> Section:
    """Read the only section of a book with one module."""
    return read(repository(m1=module(content, **more))).sections[0]


def texts(section: Section) -> list[str]:
    """List the texts of a section's passages."""
    return [passage.text for passage in section.passages]


def fault(files: dict[str, str | bytes]) -> str:
    """Read a book that is none; gives the reason."""
    with pytest.raises(Unreadable) as raised:
        read(files)
    return raised.value.reason


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


def test_missing_picture_is_named():
    """A picture that is not there is named, and everything else goes in."""
    book = read(repository(m1=module(f'<para id="p1">Ice.</para>{FIGURE}')))

    assert ("modules/m1/index.cnxml: media/cart.png: not in the archive",) == book.faults
    assert ["Ice."] == texts(book.sections[0])


def test_broken_picture_is_named():
    """A picture that is none is named."""
    book = read({**repository(m1=module(FIGURE)), "media/cart.png": b"<svg/>"})

    assert (
        "modules/m1/index.cnxml: media/cart.png: not a picture that we can draw",
    ) == book.faults


def test_broken_module_is_named():
    """A module that is no XML is named; the others go in and keep their numbers."""
    book = read(repository(m1="<document><oops", m2=module("")))

    assert ("m2", "1.2") == (book.sections[0].module, book.sections[0].number)
    assert book.faults[0].startswith("modules/m1/index.cnxml: not well-formed")


def test_missing_module_is_named():
    """A module that is listed but not there is named."""
    files = repository(m1=module(""))
    files["collections/little.collection.xml"] = collection("m1", "m9")

    assert ("modules/m9/index.cnxml: not in the archive",) == read(files).faults


def test_an_id_used_twice():
    """Only the first of two paragraphs with one id can be cited."""
    assert ["A."] == texts(only('<para id="p1">A.</para><para id="p1">B.</para>'))


@pytest.mark.parametrize(
    "evil",
    [
        '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><document>&x;</document>',
        '<!DOCTYPE d [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><document>&b;</document>',
    ],
)
def test_entities_are_refused(evil):
    """A module with a document type is left out unread."""
    book = read(repository(m1=evil, m2=module("")))

    assert ("modules/m1/index.cnxml: a document type is not allowed",) == book.faults


def test_nothing_readable():
    """A book without a single readable module is no book."""
    assert fault(repository(m1="<oops")) == "nothing-readable"


def test_no_collection():
    """An archive without a collection is no book."""
    assert fault({"README.md": "hello"}) == "no-collection"


def test_bad_slug():
    """A slug that could leave its folder is refused."""
    assert fault({"collections/a.collection.xml": collection(slug="../x")}) == "bad-slug"


def test_no_zip():
    """Bytes that are no zip are refused."""
    with pytest.raises(Unreadable, match="no zip"):
        read_book(io.BytesIO(b"hello"), NAME, 1)


@pytest.mark.parametrize("name", ["../a.txt", "/a.txt", "modules/../../a", "C:/a", "a\\b"])
def test_names_that_point_outside(name):
    """A member that points outside the archive refuses the whole."""
    assert fault({**repository(m1=module("")), name: "x"}) == "bad-name"


def test_licence_gate():
    """A book whose own metadata forbids its use is refused with that reason."""
    with pytest.raises(Unreadable, match="forbids commercial use"):
        read(
            {
                **repository(m1=module("")),
                "collections/little.collection.xml": collection(
                    "m1", licence="https://creativecommons.org/licenses/by-nc/4.0/"
                ),
            }
        )
