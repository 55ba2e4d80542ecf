"""Layers: each scene type draws each of its slots; text fits or fails; data is never markup."""

import io
import struct
import zipfile
from pathlib import Path

import pypdfium2
import pytest
import typst

from shared.errors import Permanent
from shared.film.clock import frame_at
from shared.film.encode import Size
from shared.film.glyphs import MATHS, RANGES, missing
from shared.film.narration import narrate
from shared.film.picture.layers import FONTS
from shared.film.picture.scene import staged
from shared.lesson.plan import SLOTS, Element, FigureRef, Plan, Scene
from tests.fakes.objects import MemoryObjects
from tests.fakes.voice import HummingVoice
from tests.film.plans import MATHML, lesson, plan, say, store_archive, text

SMALL = Size(640, 360)
OBJECTS = MemoryObjects()
PLAN = lesson(store_archive(OBJECTS))
CAPTION_TOP, CAPTION_BOTTOM = 956 / 3, 1040 / 3


def drawn(scene, of: Plan = PLAN):
    """Draw a scene on a hummed narration."""
    spoken = narrate(scene, HummingVoice(), "9-12")
    return staged(of, scene, spoken.lines, OBJECTS, SMALL)


def only(scene_type, *elements):
    """Draw a scene of one type with these elements."""
    scene = Scene(1, scene_type, "Title", (say("Just a line."),), elements)
    return drawn(scene, plan((scene,)))


@pytest.mark.parametrize("scene", PLAN.scenes, ids=lambda scene: f"{scene.n}-{scene.type}")
def test_every_element_is_drawn(scene):
    """No element of a plan is lost on its way to the screen."""
    names = {layer.name.split("/")[0] for _, layer in drawn(scene)}

    assert {"base", *(element.slot for element in scene.show)} <= names


@pytest.mark.parametrize("scene", PLAN.scenes, ids=lambda scene: f"{scene.n}-{scene.type}")
def test_the_caption_band_stays_free(scene):
    """Nothing is drawn where captions will stand."""
    for _, layer in drawn(scene):
        _, top, _, bottom = layer.box

        assert bottom <= CAPTION_TOP or top >= CAPTION_BOTTOM


def test_the_section_is_named_while_it_is_cited():
    """A chip stands in the running head from the first cited sentence on, and leaves after it."""
    lines = (
        say("Look.", kind="instruction"),
        say("It moves on."),
        say("So what?", kind="question"),
    )
    scene = Scene(1, "recap", "Title", lines, (text("a", "answer", "It moves."),))
    spoken = narrate(scene, HummingVoice(), "9-12").lines
    cue, layer = next(one for one in drawn(scene) if one[1].name == "section/cited")

    assert (frame_at(spoken[1].start_s), frame_at(spoken[1].until_s)) == (cue.start, cue.end)
    assert layer.box[3] < SMALL.height / 8


@pytest.mark.parametrize("scene_type", [kind for kind in SLOTS if kind != "worked_example"])
def test_a_text_that_is_too_long_names_its_slot(scene_type):
    """Text is never clipped: the scene fails and says where."""
    slot = next(name for name, (kind, _) in SLOTS[scene_type].items() if kind != "figure")
    slot = slot.replace("_n", "_1")
    if slot == "topic" or scene_type == "analogy_map":
        slot = "question" if scene_type == "title" else "heading"

    with pytest.raises(Permanent, match=f"slot {slot}: text does not fit"):
        only(scene_type, text("a", slot, "much too long " * 200))


def test_a_word_that_is_wider_than_its_slot():
    """A single word that cannot be broken does not fit either."""
    with pytest.raises(Permanent, match="slot heading"):
        only("concept", text("a", "heading", "W" * 90))


@pytest.mark.parametrize(
    "words", ['#panic("no")', "$x$ *bold* _it_ \\ #1 @ref <label> // no", "[a"]
)
def test_markup_is_only_text(words):
    """What a student or a book writes is drawn as it stands, never executed."""
    assert "heading" in {layer.name for _, layer in only("concept", text("a", "heading", words))}


def test_a_character_without_a_glyph():
    """A text that would become boxes is refused, and the character named."""
    with pytest.raises(Permanent, match=r"U\+4E2D"):
        only("concept", text("a", "heading", "\u4e2d"))


def test_an_equation_without_a_glyph():
    """An equation is refused for a character that even the mathematics font lacks."""
    mathml = f"<math {MATHML}><mi>\u4e2d</mi><mo>\u21cc</mo><mi>\u210f</mi></math>"

    with pytest.raises(Permanent, match=r"no bundled font draws U\+4E2D$"):
        only("concept", Element("e", "equation", "equation", "", mathml=mathml))


def test_operators_and_arrows_are_drawn():
    """What the text fonts lack of the promised operators and arrows, typst's own fonts draw."""
    promised = [chr(code) for first, last in (*MATHS, (0x2190, 0x22FF)) for code in (first, last)]
    promised += [chr(code) for code in range(0x2200, 0x2300)]
    boxes = set(pictures(["\u4e2d", "\u3042"]))

    assert 1 == len(boxes)
    assert [] == [
        one for one, seen in zip(promised, pictures(promised), strict=True) if seen in boxes
    ]


def pictures(characters):
    """Draw single characters as the templates' fonts do."""
    pages = "".join(f"#page(str.from-unicode({ord(one)}))" for one in characters)
    setting = "#set page(width: 60pt, height: 50pt, margin: 5pt)\n#set text(size: 30pt, font: "
    source = f'{setting}("Inter", "New Computer Modern Math"))\n{pages}'
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(FONTS)])
    pdf = typst.compile(source.encode(), format="pdf", font_paths=fonts, ignore_system_fonts=True)
    return [page.render(scale=1).to_numpy().tobytes() for page in pypdfium2.PdfDocument(pdf)]


@pytest.mark.parametrize("count", [1, 2, 3, 4])
@pytest.mark.parametrize(("scene_type", "family"), [
    ("concept", "point"), ("keywords", "term"), ("check", "option"),
])  # fmt: skip
def test_one_to_four_of_a_kind(scene_type, family, count):
    """Each element has its own place, however many there are."""
    slots = [f"{family}_{n}" for n in range(1, count + 1)]
    elements = [text(slot, slot, f"word {slot[-1]}") for slot in slots]
    layers = [layer for _, layer in only(scene_type, *elements)]
    places = {layer.box[:2] for layer in layers if layer.name.removesuffix("/placed") in slots}

    assert count == len(places)


def test_only_the_bundled_fonts():
    """The families that the templates name lie in the repository, not on the machine."""
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)]
    )

    assert {"Inter", "Inter Display"} == set(fonts.families())


def test_the_ranges_are_those_of_the_fonts():
    """Every character that is promised has a glyph in each bundled text font, operators aside."""
    operators = set(range(0x2200, 0x2300))  # drawn by the mathematics font that typst carries
    promised = {code for first, last in RANGES for code in range(first, last + 1)} - operators
    for font in sorted(FONTS.glob("*.ttf")):
        assert not promised - code_points(font.read_bytes()), font.name


def test_missing_characters_are_named_once():
    """Each character that no font draws is given once."""
    assert "\u4e2d\u6587" == missing(
        "\u4e2d\u6587 and \u4e2d: 5 \u00d7 10\u207b\u00b3 \u2264 \u03c0"
    )


def test_the_licence_lies_beside_the_fonts():
    """The fonts' licence is in the repository."""
    assert "SIL OPEN FONT LICENSE" in (Path(FONTS) / "OFL.txt").read_text().upper()


def code_points(font: bytes) -> set[int]:
    """Read which characters a TrueType font maps (format 4 of its `cmap`)."""
    tables = struct.unpack(">H", font[4:6])[0]
    found = set()
    for n in range(tables):
        tag, _, at, _ = struct.unpack(">4sIII", font[12 + 16 * n : 28 + 16 * n])
        if tag != b"cmap":
            continue
        for k in range(struct.unpack(">H", font[at + 2 : at + 4])[0]):
            start = at + struct.unpack(">I", font[at + 8 + 8 * k : at + 12 + 8 * k])[0]
            if struct.unpack(">H", font[start : start + 2])[0] == 4:
                found |= _segments(font[start:])
    return found


def _segments(table: bytes) -> set[int]:
    count = struct.unpack(">H", table[6:8])[0] // 2
    ends = struct.unpack(f">{count}H", table[14 : 14 + 2 * count])
    starts = struct.unpack(f">{count}H", table[16 + 2 * count : 16 + 4 * count])
    return {
        code for first, last in zip(starts, ends, strict=True) for code in range(first, last + 1)
    }


def test_a_vector_figure_is_drawn():
    """An SVG from the book's archive becomes a layer in its slot."""
    disc = '<circle cx="4" cy="4" r="3"/>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{disc}</svg>'
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as book:
        book.writestr("media/a.svg", svg)
    name = f"books/vector/{'d' * 64}.zip"
    made = OBJECTS.create("oer", name, content.getvalue(), content_type="application/zip")
    figure = FigureRef(name, made.generation, "media/a.svg", 90, 90)
    layers = only("concept", Element("f", "figure", "figure", "a disc", figure=figure))
    drawn_at = next(layer.box for _, layer in layers if layer.name == "figure")

    assert 100 < drawn_at[2] - drawn_at[0]
    assert drawn_at[3] < CAPTION_TOP
