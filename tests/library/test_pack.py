"""Packing: the same book is the same bytes, and only a book goes in."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from shared.errors import Unreadable
from shared.library.pack import pack
from shared.library.read import read_book
from tests.library.books import archive, collection, module, picture, repository

FIGURE = '<figure id="f1"><media alt="x"><image src="../../media/a.png"/></media></figure>'
FILES = {
    **repository(m1=module(FIGURE), m2=module('<para id="p1">Ice.</para>')),
    "LICENSE": "CC BY 4.0",
    "README.md": "hello",
    "media/a.png": picture(),
    "media/unused.png": picture(9, 9),
    "modules/m9/index.cnxml": module(""),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Lay the repository out in a folder."""
    for name, content in FILES.items():
        place = tmp_path / "book" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content if isinstance(content, bytes) else content.encode())
    return tmp_path / "book"


def test_only_what_is_read_goes_in(folder, tmp_path):
    """Modules of the collection, their pictures and the licence go in, nothing else."""
    packed = pack(folder, tmp_path / "out")

    assert zipfile.ZipFile(packed.file).namelist() == [
        "LICENSE",
        "collections/little.collection.xml",
        "media/a.png",
        "modules/m1/index.cnxml",
        "modules/m2/index.cnxml",
    ]


def test_name_is_the_digest(folder, tmp_path):
    """The object's name holds slug and digest, and the reader accepts it."""
    packed = pack(folder, tmp_path / "out")

    assert packed.name == f"books/little/{packed.sha256}.zip"
    with packed.file.open("rb") as file:
        assert read_book(file, packed.name, 1).source.sha256 == packed.sha256


def test_same_book_same_bytes(folder, tmp_path):
    """A folder, its zip and GitHub's zip of it make the same bytes."""
    zipped, github = tmp_path / "a.zip", tmp_path / "b.zip"
    zipped.write_bytes(archive(dict(reversed(FILES.items()))).read())
    github.write_bytes(archive({f"little-main/{name}": c for name, c in FILES.items()}).read())

    assert 1 == len({pack(path, tmp_path / "out").sha256 for path in (folder, zipped, github)})


def test_other_book_other_bytes(folder, tmp_path):
    """A changed sentence changes the digest."""
    before = pack(folder, tmp_path / "out").sha256
    (folder / "modules/m2/index.cnxml").write_text(module('<para id="p1">Tea.</para>'))

    assert before != pack(folder, tmp_path / "out").sha256


def test_broken_module_goes_in_as_it_is(folder, tmp_path):
    """Packing leaves it to the reader to name what is broken."""
    (folder / "modules/m1/index.cnxml").write_text("<oops")
    packed = pack(folder, tmp_path / "out")

    with packed.file.open("rb") as file:
        assert 1 == len(read_book(file, packed.name, 1).faults)


def test_one_of_several_books(folder, tmp_path):
    """A repository of several books needs to be told which."""
    second = folder / "collections/second.collection.xml"
    second.write_text(collection("m2", slug="second"))

    assert "second" == pack(folder, tmp_path / "out", slug="second").slug
    with pytest.raises(Unreadable, match="little, second"):
        pack(folder, tmp_path / "out")


def test_links_are_refused(folder, tmp_path):
    """A symbolic link in a folder is refused by name."""
    (folder / "media/link.png").symlink_to("/etc/passwd")

    with pytest.raises(Unreadable, match=r"media/link\.png: a symbolic link"):
        pack(folder, tmp_path / "out")


def test_links_in_a_zip_are_refused(tmp_path):
    """A symbolic link in a zip is refused by name."""
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as writer:
        link = zipfile.ZipInfo("media/link.png")
        link.external_attr = 0o120777 << 16
        writer.writestr(link, "/etc/passwd")

    with pytest.raises(Unreadable, match="a symbolic link"):
        pack(path, tmp_path / "out")


def test_pictures_outside_are_not_read(folder, tmp_path):
    """A module that points outside the repository gets nothing from there."""
    (folder.parent / "secret.png").write_bytes(picture())
    pointing = FIGURE.replace("../../media/a.png", "../../../secret.png")
    (folder / "modules/m1/index.cnxml").write_text(module(pointing))

    names = zipfile.ZipFile(pack(folder, tmp_path / "out").file).namelist()

    assert not [name for name in names if "secret" in name]


@pytest.mark.parametrize("name", ["nowhere", "empty"])
def test_no_repository(tmp_path, name):
    """What is no CNXML repository is refused."""
    (tmp_path / "empty").mkdir()

    with pytest.raises(Unreadable):
        pack(tmp_path / name, tmp_path / "out")
