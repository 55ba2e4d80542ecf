"""The command that checks any film: its exit codes, its tables, and what it finds by itself."""

import io
import json
import shutil
from dataclasses import replace
from pathlib import Path

import av
import pytest
from PIL import Image, ImageDraw

from shared.film.captions import Cue, webvtt
from shared.film.check import main
from shared.film.checks import check_thumbnail, failed, report
from shared.lesson import codec
from tests.film.films import Film, write
from tests.film.plans import brief_lesson
from tests.film.test_checks import GOOD


@pytest.fixture(scope="module")
def good_film(tmp_path_factory):
    """Write a good film once."""
    return write(tmp_path_factory.mktemp("film") / "good.mp4", Film())


@pytest.fixture
def alone(good_film, tmp_path):
    """Put the good film into a folder of its own."""
    return Path(shutil.copy(good_film, tmp_path / "film.mp4"))


def found(capsys) -> dict[str, dict[str, object]]:
    """Read what was printed as JSON."""
    return {one["id"]: one for one in json.loads(capsys.readouterr().out)["checks"]}


def picture(size=(1280, 720), paper=(251, 248, 243), ink=(27, 31, 59)) -> Image.Image:
    """Draw a cover."""
    cover = Image.new("RGB", size, paper)
    ImageDraw.Draw(cover).rectangle((100, 100, 800, 220), fill=ink)
    return cover


def jpeg(cover: Image.Image, **how) -> bytes:
    """Encode a cover."""
    file = io.BytesIO()
    cover.save(file, "JPEG", **how)
    return file.getvalue()


def test_a_film_on_its_own(alone, capsys):
    """A film with nothing beside it passes; what needs more is not checked, and says why."""
    assert 0 == main([str(alone)])
    out = capsys.readouterr().out
    assert "no captions beside it" in out
    assert "0 failed" in out


def test_a_bad_film(tmp_path, capsys):
    """The exit code tells that something failed, the table what."""
    assert 1 == main([str(write(tmp_path / "bad.mp4", Film(layout="mono"))), "--json"])
    assert "fails" == found(capsys)["sound"]["verdict"]


def test_somebody_elses_film(tmp_path, capsys):
    """A film without chapters, tags or sound, at another rate, is checked all the same."""
    film = Film(rate=25, frames=75, chapters=(), tags={}, sounds=0, faststart=False)

    assert 1 == main([str(write(tmp_path / "other.mp4", film)), "--json"])
    assert {"rate", "attribution", "tracks", "fast-start"} <= {
        name for name, one in found(capsys).items() if one["verdict"] == "fails"
    }


def test_a_container_that_names_no_length(good_film, tmp_path, capsys):
    """Matroska says nothing of a track's length: the last frame does."""
    path = tmp_path / "film.mkv"
    with av.open(str(good_film)) as source, av.open(str(path), "w") as out:
        both = (source.streams.video[0], source.streams.audio[0])
        tracks = {one.index: out.add_stream_from_template(one) for one in both}
        for packet in source.demux(*both):
            if packet.dts is not None:
                packet.stream = tracks[packet.stream.index]
                out.mux(packet)

    assert 1 == main([str(path), "--json"])
    assert "ok" == found(capsys)["length"]["verdict"]


def test_a_film_that_breaks_off(alone, capsys):
    """A download that ended early is checked as far as it goes."""
    content = alone.read_bytes()
    alone.write_bytes(content[: len(content) * 2 // 3])

    assert 1 == main([str(alone), "--json"])
    assert {"frames", "samples"} & {
        name for name, one in found(capsys).items() if one["verdict"] == "fails"
    }


def test_what_lies_beside_is_found(alone, capsys):
    """A report, captions and a cover beside the film are used without being named."""
    alone.with_name("checks.json").write_bytes(report([], GOOD))
    alone.with_name("captions.vtt").write_text(webvtt([Cue(0.0, 2.5, "It moves.")], "en"))
    alone.with_name("thumbnail.jpg").write_bytes(jpeg(picture()))

    assert 0 == main([str(alone), "--json"])
    left = {name for name, one in found(capsys).items() if one["verdict"] == "not checked"}
    assert {
        "caption-words", "caption-pauses", "lesson-length", "scene-length", "reading-level",
        "speaking-rate",
    } == left  # fmt: skip


def test_a_report_of_another_release(alone, capsys):
    """A report that says nothing of what was expected counts as none."""
    alone.with_name("checks.json").write_text('{"passed": true, "checks": []}')

    assert 0 == main([str(alone), "--json"])
    assert "not checked" == found(capsys)["stillness"]["verdict"]


def test_the_plan_of_another_film(alone, capsys):
    """Captions are held against the words of the plan beside them."""
    alone.with_name("captions.vtt").write_text(webvtt([Cue(0.0, 2.5, "It stands.")], "en"))
    alone.with_name("plan.json").write_bytes(codec.encode(brief_lesson(("video",))))

    assert 1 == main([str(alone), "--json"])
    assert {"caption-words", "lesson-length"} == {
        name for name, one in found(capsys).items() if one["verdict"] == "fails"
    }


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "There is no film at"), (b"not a film", "cannot be decoded")],
)
def test_no_film(tmp_path, capsys, content, words):
    """A user's mistake ends in one sentence and with 2."""
    path = tmp_path / "film.mp4"
    if content is not None:
        path.write_bytes(content)

    assert 2 == main([str(path)])
    said = capsys.readouterr().err
    assert words in said
    assert 1 == len(said.splitlines())


def test_a_picture_is_no_film(tmp_path, capsys):
    """A file that holds neither pictures nor sound to play is named as such."""
    path = tmp_path / "words.vtt"
    path.write_text(webvtt([Cue(0.0, 2.5, "It moves.")], "en"))

    assert 2 == main([str(path)])
    assert "holds neither pictures nor sound" in capsys.readouterr().err


def test_captions_that_are_not_there(alone, capsys):
    """Named captions must be there."""
    assert 2 == main([str(alone), "--captions", str(alone.with_name("none.vtt"))])
    assert "none.vtt" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--captions", "--plan"])
def test_a_file_beside_it_that_cannot_be_read(alone, capsys, option):
    """The sentence names the file that is wrong, not the film."""
    wrong = alone.with_name("wrong.txt")
    wrong.write_bytes(b"\xff nothing")

    assert 2 == main([str(alone), option, str(wrong)])
    said = capsys.readouterr().err
    assert said.startswith(f"{wrong} cannot be read: ")
    assert 1 == len(said.splitlines())


def test_the_machines_own_encoder(capsys):
    """A test card tells whether colours and time survive this machine's encoder."""
    assert 0 == main(["--card", "--json"])
    assert {"colour", "drift"} == set(found(capsys))


BAD_COVERS = {
    "thumbnail": jpeg(picture(size=(640, 360))),
    "thumbnail-bytes": jpeg(picture()) + bytes(2_000_000),
    "thumbnail-contrast": jpeg(picture(ink=(200, 200, 195))),
}


def test_a_good_cover():
    """A cover of the right size whose letters stand out passes."""
    assert [] == failed(check_thumbnail(jpeg(picture())))


@pytest.mark.parametrize("name", BAD_COVERS)
def test_a_bad_cover(name):
    """The cover with this one fault fails this check, and no other."""
    assert [name] == [one.id for one in failed(check_thumbnail(BAD_COVERS[name]))]


def test_a_cover_that_is_no_picture():
    """Bytes of something else are no cover."""
    assert ["thumbnail"] == [one.id for one in failed(check_thumbnail(b"nothing"))]


def test_the_report_keeps_what_was_expected():
    """Whoever checks the film again finds what it was held against."""
    told = json.loads(report([], replace(GOOD, titles=("One", "Two"))))

    assert ["One", "Two"] == told["expected"]["titles"]
