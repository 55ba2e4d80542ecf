"""Book figures: whatever their file is, they are drawn on white and never blown up."""

import io
import zipfile

import pytest
from PIL import Image

from shared.errors import Permanent
from shared.film.picture.figures import flattened, load
from shared.lesson.plan import FigureRef
from tests.fakes.objects import MemoryObjects

NAME = f"books/sampler/{'c' * 64}.zip"


def stored(objects, content, member="media/a.png", size=(100, 100)):
    """Put one figure into a book's archive."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as book:
        book.writestr(member, content)
    made = objects.create("oer", NAME, archive.getvalue(), content_type="application/zip")
    return FigureRef(NAME, made.generation, member, *size)


def picture(mode, colour, size=(40, 30), form="PNG"):
    """Encode a picture of one colour."""
    file = io.BytesIO()
    Image.new(mode, size, colour).save(file, form)
    return file.getvalue()


def test_transparency_becomes_white():
    """A picture without a background is drawn on white."""
    assert (255, 255, 255) == flattened(picture("RGBA", (0, 0, 0, 0)), "a").getpixel((3, 3))


def test_cmyk_becomes_rgb():
    """A printer's picture is converted."""
    found = flattened(picture("CMYK", (0, 255, 255, 0), form="JPEG"), "a")

    assert "RGB" == found.mode
    assert (254, 0, 0) == pytest.approx(found.getpixel((3, 3)), abs=20)


def test_a_small_figure_is_at_most_doubled():
    """A figure of 100 pixels never becomes 540."""
    objects = MemoryObjects()
    drawing = load(objects, stored(objects, picture("RGB", "red", (100, 80))))

    assert (200, 160) == (drawing.width, drawing.height)


def test_a_drawing_by_vectors():
    """An SVG may be drawn at any size; the plan knows its shape."""
    objects = MemoryObjects()
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 50"/>'
    drawing = load(objects, stored(objects, svg, "media/a.svg", (100, 50)))

    assert drawing.pixels is None
    assert drawing.width == 2 * drawing.height > 1920


def test_what_is_no_picture():
    """A file that is not a picture names itself in the reason."""
    with pytest.raises(Permanent, match=r"a\.png"):
        flattened(b"not a picture", "a.png")


def test_a_figure_that_the_book_lacks():
    """A member that is not in the archive can never be drawn."""
    objects = MemoryObjects()
    ref = stored(objects, picture("RGB", "red"))

    with pytest.raises(Permanent, match="not in the book"):
        load(objects, FigureRef(ref.object_name, ref.generation, "media/b.png", 1, 1))
