"""Rules about truth: every fact is the book's, word for word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from shared.lesson.checks.finding import Finding
from shared.lesson.checks.rule import rule
from shared.lesson.edits import allowed, joined
from shared.lesson.plan import Line, Plan, Scene
from shared.lesson.support import LEAST, LEAST_MEAN, support
from shared.library.book import Material

_QUOTING = ("point_", "definition_")


def sentences_of(material: Material) -> dict[str, str]:
    """Give every citable sentence of the material by its id."""
    return {
        sentence.id: sentence.text
        for section in (material.section, *material.neighbours)
        for passage in section.passages
        for sentence in passage.sentences
    }


@rule("fact-without-source")
def facts_cite(plan: Plan, material: Material) -> Iterator[Finding]:
    """Let no statement of fact stand without its source."""
    for scene, line in _lines(plan):
        if line.kind == "fact" and not line.cites:
            yield Finding("fact-without-source", scene.n, line.text)


@rule("unknown-source")
def sources_exist(plan: Plan, material: Material) -> Iterator[Finding]:
    """Let a citation lead to a sentence that the author was given."""
    book = sentences_of(material)
    for scene, line in _lines(plan):
        for cite in line.cites:
            if cite not in book:
                yield Finding("unknown-source", scene.n, cite)


@rule("not-the-source")
def facts_are_the_books(plan: Plan, material: Material) -> Iterator[Finding]:
    """Let an author that quotes say exactly what the book says, after the allowed edits.

    A half that leans on the other half of its sentence must be said right behind it.
    """
    if not _quotes(plan):
        return
    book = sentences_of(material)
    for scene in plan.scenes:
        before = ""
        for line in scene.say:
            sources = [allowed(book[cite]) for cite in line.cites if cite in book]
            if line.kind == "fact" and sources and not _is_said(line.text, before, sources):
                yield Finding("not-the-source", scene.n, line.text)
            before = line.text


@rule("weak-support")
def facts_are_supported(plan: Plan, material: Material) -> Iterator[Finding]:
    """Let an author that writes say nothing that the cited sentences do not carry."""
    if _quotes(plan):
        return
    book = sentences_of(material)
    scores = []
    for scene in plan.scenes:
        before = ""
        for line in scene.say:
            if line.kind == "fact":
                scores.append(_carried(line, before, book))
                if scores[-1] < LEAST:
                    yield Finding("weak-support", scene.n, f"{scores[-1]:.2f}: {line.text}")
            before = line.text
    mean = sum(scores) / len(scores) if scores else 1.0
    if mean < LEAST_MEAN:
        yield Finding("weak-support", 0, f"{mean:.2f} on average, {LEAST_MEAN} at least")


@rule("citation-missing", "citation-changed")
def citations_are_the_books(plan: Plan, material: Material) -> Iterator[Finding]:
    """Let the plan carry every sentence that it cites, as it stands in the book."""
    book = sentences_of(material)
    kept = {citation.id for citation in plan.citations}
    for scene, line in _lines(plan):
        for cite in line.cites:
            if cite in book and cite not in kept:
                yield Finding("citation-missing", scene.n, cite)
    for citation in plan.citations:
        if book.get(citation.id) != citation.text:
            yield Finding("citation-changed", 0, citation.id)


@rule("screen-not-said")
def screen_quotes_speech(plan: Plan, material: Material) -> Iterator[Finding]:
    """Let points and definitions on the screen be words of a sentence that the scene says."""
    for scene in plan.scenes:
        said = " ".join(_plain(line.text) for line in scene.say)
        for element in scene.show:
            if element.slot.startswith(_QUOTING) and _plain(element.text) not in said:
                yield Finding("screen-not-said", scene.n, f"{element.id}: {element.text}")


@rule("figure-not-free", "figure-without-credit")
def figures_of_the_book(plan: Plan, material: Material) -> Iterator[Finding]:
    """Let only figures be shown that are the book's own to give away, with their credit."""
    sections = (material.section, *material.neighbours)
    usable = {one.member for section in sections for one in section.figures if one.usable}
    for scene in plan.scenes:
        slots = {element.slot for element in scene.show}
        for element in scene.show:
            if element.figure is None:
                continue
            if element.figure.member not in usable:
                yield Finding("figure-not-free", scene.n, element.figure.member)
            if "credit" not in slots:
                yield Finding("figure-without-credit", scene.n, element.figure.member)


@rule("attribution")
def attribution_of_the_book(plan: Plan, material: Material) -> Iterator[Finding]:
    """Let the lesson name its book and licence: CC BY asks for it."""
    source, named = material.source, plan.attribution
    expected = (source.title, source.authors, source.licence.name, source.licence.url)
    if (named.title, named.authors, named.licence, named.licence_url) != expected:
        yield Finding("attribution", 0, "title, authors and licence must be the book's")
    last = plan.scenes[-1]
    shown = " ".join(element.text for element in last.show)
    for wanted in (source.title, source.licence.name, material.section.title):
        if wanted not in shown:
            yield Finding("attribution", last.n, f"the sources must show {wanted}")


def _quotes(plan: Plan) -> bool:
    return plan.author.startswith("extractive-")


def _is_said(text: str, before: str, sources: Sequence[Mapping[str, frozenset[str]]]) -> bool:
    """Whether one of the sources may become this sentence behind that one."""
    wanted = [forms[text] for forms in sources if text in forms]
    return any(not needs or before in needs for needs in wanted)


def _carried(line: Line, before: str, book: Mapping[str, str]) -> float:
    """Give how far a line's sources carry it; a quotation is carried whole."""
    sources = [book[cite] for cite in line.cites if cite in book]
    is_quoted = _is_said(line.text, before, [allowed(one) for one in sources])
    return 1.0 if is_quoted else support(line.text, sources)


def _lines(plan: Plan) -> Iterator[tuple[Scene, Line]]:
    for scene in plan.scenes:
        for line in scene.say:
            yield scene, line


def _plain(text: str) -> str:
    return joined(text).lower().strip(" .,;:!?")
