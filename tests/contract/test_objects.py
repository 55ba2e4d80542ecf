"""The port Objects: every implementation keeps these promises."""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
from pathlib import Path

import pytest

from shared.errors import Missing
from shared.ports import Objects
from tests.contract.races import ROUNDS, race

TEXT = "text/plain"
RESUMABLE_BYTES = 9 * 1024 * 1024  # above 8 MiB the client sends in pieces
AWKWARD = ("a b", "a+b", "a%25b", "a#b", "a?b=c&d", "ä/ö/ü", "a//b", "日本")


def test_a_created_object_is_read_back(objects: Objects) -> None:
    """What was created can be fetched whole, also by its generation."""
    stored = objects.create("scenes", "a/scene.json", b"{}", content_type="application/json")

    assert b"{}" == objects.read("scenes", "a/scene.json")
    assert b"{}" == objects.read("scenes", "a/scene.json", stored.generation)


def test_a_created_object_is_described(objects: Objects) -> None:
    """The answer names place, size, type, and the metadata with the content's digest."""
    stored = objects.create(
        "scenes", "x", b"content", content_type=TEXT, metadata={"owner": "me", "fence": "3"}
    )
    digest = hashlib.sha256(b"content").hexdigest()

    assert ("scenes", "x", 7, TEXT) == (
        stored.bucket,
        stored.name,
        stored.size,
        stored.content_type,
    )
    assert {"owner": "me", "fence": "3", "sha256": digest} == dict(stored.metadata)
    assert stored.sha256 == digest


def test_finding_gives_what_creating_gave(objects: Objects) -> None:
    """An object looks the same to its creator, to who finds it, and in a list."""
    stored = objects.create("scenes", "x", b"content", content_type=TEXT, metadata={"a": "b"})

    assert stored == objects.find("scenes", "x")
    assert (stored,) == objects.list("scenes", "")


def test_finding_what_is_not_there_gives_none(objects: Objects) -> None:
    """An unknown name is None, also when other buckets know it."""
    objects.create("scenes", "x", b"content", content_type=TEXT)

    assert objects.find("generated", "x") is None


def test_a_second_create_adopts_the_first(objects: Objects) -> None:
    """Whoever comes second gets what is stored, and can tell that it is not theirs."""
    first = objects.create("scenes", "x", b"first", content_type=TEXT, metadata={"owner": "1"})
    second = objects.create("scenes", "x", b"second", content_type=TEXT, metadata={"owner": "2"})

    assert first == second
    assert b"first" == objects.read("scenes", "x")


def test_a_file_is_streamed(objects: Objects, tmp_path: Path) -> None:
    """A path of several megabytes arrives unchanged, with its digest."""
    content = os.urandom(RESUMABLE_BYTES)
    path = tmp_path / "film.mp4"
    path.write_bytes(content)
    stored = objects.create("generated", "film.mp4", path, content_type="video/mp4")

    assert (len(content), "video/mp4") == (stored.size, stored.content_type)
    assert hashlib.sha256(content).hexdigest() == stored.sha256
    assert content == objects.read("generated", "film.mp4")


def test_a_second_file_adopts_the_first(objects: Objects, tmp_path: Path) -> None:
    """Also a large upload loses against what is there already."""
    path = tmp_path / "film.mp4"
    path.write_bytes(bytes(RESUMABLE_BYTES))
    first = objects.create("generated", "film.mp4", b"first", content_type="video/mp4")

    assert first == objects.create("generated", "film.mp4", path, content_type="video/mp4")


def test_an_empty_object_is_an_object(objects: Objects) -> None:
    """Nothing is a content like any other."""
    objects.create("scenes", "empty", b"", content_type=TEXT)

    assert b"" == objects.read("scenes", "empty")


def test_reading_what_is_not_there_is_missing(objects: Objects) -> None:
    """Reading an unknown name raises Missing."""
    with pytest.raises(Missing):
        objects.read("scenes", "never")


def test_reading_another_generation_is_missing(objects: Objects) -> None:
    """A generation that is not live is not there."""
    stored = objects.create("scenes", "x", b"content", content_type=TEXT)

    with pytest.raises(Missing):
        objects.read("scenes", "x", stored.generation + 1)


def test_opening_another_generation_is_missing(objects: Objects) -> None:
    """Opening says so at once, not at the first read."""
    stored = objects.create("scenes", "x", b"content", content_type=TEXT)

    with pytest.raises(Missing), objects.open("scenes", "x", stored.generation + 1):
        pass


def test_a_reader_seeks(objects: Objects) -> None:
    """Ranges can be read in any order, up to the end and from it."""
    content = os.urandom(3 * 1024 * 1024)
    stored = objects.create("oer", "x", content, content_type=TEXT)
    with objects.open("oer", "x", stored.generation) as reader:
        pieces = []
        for offset, whence in ((-5, os.SEEK_END), (2_000_000, os.SEEK_SET), (10, os.SEEK_SET)):
            reader.seek(offset, whence)
            pieces.append(reader.read(100))

    assert [content[-5:], content[2_000_000:2_000_100], content[10:110]] == pieces


def test_a_reader_serves_an_archive(objects: Objects) -> None:
    """One member of a zip can be read without the others."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as writing:
        writing.writestr("large", bytes(2 * 1024 * 1024))
        writing.writestr("figures/one.svg", "<svg/>")
    stored = objects.create("oer", "book.zip", archive.getvalue(), content_type="application/zip")
    with objects.open("oer", "book.zip", stored.generation) as reader:
        member = zipfile.ZipFile(reader).read("figures/one.svg")

    assert member == b"<svg/>"


def test_a_list_is_sorted_and_stays_below_its_prefix(objects: Objects) -> None:
    """Names come in the order of their UTF-8, from one bucket, below one prefix."""
    for name in ("s/b", "s/a", "s/ä", "s/B", "t/a", "s"):
        objects.create("scenes", name, b"", content_type=TEXT)
    objects.create("generated", "s/other", b"", content_type=TEXT)

    assert ["s/B", "s/a", "s/b", "s/ä"] == [one.name for one in objects.list("scenes", "s/")]


@pytest.mark.parametrize("name", AWKWARD)
def test_a_name_may_be_any_text(objects: Objects, name: str) -> None:
    """No character of a name gets lost on its way."""
    stored = objects.create("scenes", name, name.encode(), content_type=TEXT)

    assert name.encode() == objects.read("scenes", name, stored.generation)
    assert [name] == [one.name for one in objects.list("scenes", name)]


def test_one_creator_wins(objects: Objects) -> None:
    """Of many who create one object at the same moment all get the same one, and it is whole."""
    for round_ in range(ROUNDS):
        contents = [f"{round_} {number}".encode() * 100 for number in range(8)]

        def create(number: int, name: str = f"race/{round_}", own: list[bytes] = contents) -> str:
            return objects.create("scenes", name, own[number], content_type=TEXT).sha256

        digests = set(race(create))
        kept = objects.read("scenes", f"race/{round_}")

        assert {hashlib.sha256(kept).hexdigest()} == digests
        assert kept in contents


def test_one_creator_of_a_large_object_wins(objects: Objects) -> None:
    """The same holds for uploads in pieces, which begin while no object is there yet."""
    contents = [bytes([number]) * RESUMABLE_BYTES for number in range(4)]
    stored = race(
        lambda n: objects.create("scenes", "x", contents[n], content_type=TEXT), threads=4
    )

    assert len({one.generation for one in stored}) == 1
    assert hashlib.sha256(objects.read("scenes", "x")).hexdigest() == stored[0].sha256


def test_an_erased_object_is_gone(objects: Objects) -> None:
    """Its name is free again; erasing it twice is no fault, and others stay."""
    objects.create("scenes", "x", b"1", content_type=TEXT)
    objects.create("scenes", "y", b"2", content_type=TEXT)
    objects.erase("scenes", "x")
    objects.erase("scenes", "x")

    assert (None, b"2") == (objects.find("scenes", "x"), objects.read("scenes", "y"))
    objects.create("scenes", "x", b"3", content_type=TEXT)
    assert b"3" == objects.read("scenes", "x")
