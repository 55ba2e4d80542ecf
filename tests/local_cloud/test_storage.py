"""The storage JSON API beyond what the port can ask: as raw requests, as a client library sends."""

from __future__ import annotations

import base64
from urllib.parse import quote

import google_crc32c
import pytest
import requests

from local.cloud.server import LocalCloud
from local.topology import Subscription
from tests.local_cloud.clients import StartCloud, objects_of
from tests.local_cloud.sink import listening

CHUNK = 256 * 1024
FINALIZE = Subscription("finalize", "bucket", "scenes", in_flight=1, deadline_s=10)


class Api:
    """The requests of a client library, one by one."""

    def __init__(self, cloud: LocalCloud) -> None:
        self.host = cloud.storage_host
        self.objects = f"{self.host}/storage/v1/b/demo-scenes/o"
        self.uploads = f"{self.host}/upload/storage/v1/b/demo-scenes/o"
        self.downloads = f"{self.host}/download/storage/v1/b/demo-scenes/o"

    def put(
        self, name: str, content: bytes, crc32c: str = "", **query: object
    ) -> requests.Response:
        """Upload at once, with a quoted boundary and a type of its own."""
        described = f'{{"name": "{name}"{crc32c and f", {chr(34)}crc32c{chr(34)}: "}'
        described += f'"{crc32c}"}}' if crc32c else "}"
        body = b"--=b=\r\ncontent-type: application/json\r\n\r\n" + described.encode()
        body += b"\r\n--=b=\r\ncontent-type: video/mp4\r\n\r\n" + content + b"\r\n--=b=--"
        return requests.post(
            self.uploads,
            body,
            params={"uploadType": "multipart", **query},
            headers={"content-type": 'multipart/related; boundary="=b="'},
            timeout=5,
        )

    def begin(self, name: str, **query: object) -> requests.Response:
        """Begin a resumable upload."""
        return requests.post(
            self.uploads,
            json={"name": name},
            params={"uploadType": "resumable", **query},
            headers={"x-upload-content-type": "video/mp4"},
            timeout=5,
        )

    def send(self, to: str, content: bytes, span: str, **headers: str) -> requests.Response:
        """Send a piece of it, or ask how far it is."""
        headers["content-range"] = f"bytes {span}"
        return requests.put(to, content, headers=headers, timeout=5)

    def get(self, name: str, **headers: str) -> requests.Response:
        """Download."""
        url = f"{self.downloads}/{quote(name, safe='')}"
        return requests.get(url, params={"alt": "media"}, headers=headers, timeout=5)


@pytest.fixture
def api(cloud: LocalCloud) -> Api:
    """Give the storage of a fresh cloud."""
    return Api(cloud)


def crc32c(content: bytes) -> str:
    """Give a checksum as the API writes it."""
    return base64.b64encode(google_crc32c.value(content).to_bytes(4, "big")).decode()


def reason(answer: requests.Response) -> tuple[int, str]:
    """Read what an error says."""
    return answer.status_code, answer.json()["error"]["errors"][0]["reason"]


def test_the_generation_grows_over_an_overwrite(api: Api) -> None:
    """Without a precondition the newer content lives, under a later generation."""
    first, second = api.put("x", b"1").json(), api.put("x", b"2").json()

    assert int(first["generation"]) < int(second["generation"])
    assert api.get("x").content == b"2"


def test_the_right_generation_may_be_replaced(api: Api) -> None:
    """A precondition on the live generation holds."""
    live = api.put("x", b"1").json()["generation"]

    assert api.put("x", b"2", ifGenerationMatch=live).status_code == 200


def test_a_stale_generation_is_refused(api: Api) -> None:
    """A precondition on another generation fails, and the content stays."""
    stale = api.put("x", b"1").json()["generation"]
    api.put("x", b"2")

    assert reason(api.put("x", b"3", ifGenerationMatch=stale)) == (412, "conditionNotMet")
    assert api.get("x").content == b"2"


def test_a_resumable_upload_is_refused_at_its_start(api: Api) -> None:
    """Nobody sends a film to hear that it is there already."""
    api.put("x", b"1")

    assert reason(api.begin("x", ifGenerationMatch=0)) == (412, "conditionNotMet")


def test_a_resumable_upload_is_refused_at_its_end(api: Api) -> None:
    """Who was created meanwhile stays."""
    upload = api.begin("x", ifGenerationMatch=0).headers["location"]
    api.put("x", b"1")

    assert reason(api.send(upload, b"22", "0-1/2")) == (412, "conditionNotMet")
    assert api.get("x").content == b"1"


def test_an_upload_arrives_in_pieces_of_unknown_number(api: Api) -> None:
    """The total may be told with the last piece only."""
    content = bytes(range(256)) * 1024 * 2 + b"end"
    upload = api.begin("x").headers["location"]
    first = api.send(upload, content[:CHUNK], f"0-{CHUNK - 1}/*")
    second = api.send(upload, content[CHUNK : 2 * CHUNK], f"{CHUNK}-{2 * CHUNK - 1}/*")
    last = api.send(upload, b"end", f"{2 * CHUNK}-{2 * CHUNK + 2}/{2 * CHUNK + 3}")

    assert [308, 308, 200] == [one.status_code for one in (first, second, last)]
    assert f"bytes=0-{2 * CHUNK - 1}" == second.headers["range"]
    assert ("video/mp4", content) == (last.json()["contentType"], api.get("x").content)


def test_an_upload_goes_on_where_the_cloud_was_stopped(start_cloud: StartCloud) -> None:
    """A new start knows how far an upload was, and finishes it."""
    upload = Api(start_cloud()).begin("x").headers["location"]
    after = upload.rpartition("?")[2]
    requests.put(
        upload, bytes(CHUNK), headers={"content-range": f"bytes 0-{CHUNK - 1}/*"}, timeout=5
    )
    api = Api(start_cloud())
    upload = f"{api.uploads}?{after}"
    state = api.send(upload, b"", "*/*")
    done = api.send(upload, b"end", f"{CHUNK}-{CHUNK + 2}/{CHUNK + 3}")

    assert (308, f"bytes=0-{CHUNK - 1}") == (state.status_code, state.headers["range"])
    assert (200, str(CHUNK + 3)) == (done.status_code, done.json()["size"])


def test_a_finished_upload_still_answers(api: Api) -> None:
    """Who lost the answer asks for the state and gets the object."""
    upload = api.begin("x").headers["location"]
    done = api.send(upload, b"22", "0-1/2")
    again = api.send(upload, b"", "*/2")

    assert (200, done.json()) == (again.status_code, again.json())


def test_a_piece_that_was_sent_twice_counts_once(api: Api) -> None:
    """A repeated piece changes nothing."""
    upload = api.begin("x").headers["location"]
    for _ in range(2):
        api.send(upload, b"1" * CHUNK, f"0-{CHUNK - 1}/*")
    api.send(upload, b"2", f"{CHUNK}-{CHUNK}/{CHUNK + 1}")

    assert api.get("x").content == b"1" * CHUNK + b"2"


def test_a_refused_request_leaves_its_connection_usable(api: Api) -> None:
    """The next request on a connection does not begin in a body that nobody wanted."""
    with requests.Session() as session:
        refused = session.put(f"{api.host}/storage/v1/b", b"x" * 1000, timeout=5)
        bucket = session.get(f"{api.host}/storage/v1/b/demo-scenes", timeout=5)

    assert (501, 200) == (refused.status_code, bucket.status_code)


def test_a_request_without_a_length_is_refused(api: Api) -> None:
    """A chunked body, which no adapter sends, is named in a 501."""
    answer = requests.post(api.uploads, iter([b"x"]), timeout=5)

    assert (501, True) == (answer.status_code, "chunked" in answer.text)


def test_an_unknown_upload_is_not_found(api: Api) -> None:
    """An upload id that nobody gave is answered with 404."""
    assert api.send(f"{api.uploads}?upload_id=never", b"", "*/*").status_code == 404


@pytest.mark.parametrize("right", [True, False])
def test_a_declared_checksum_is_checked(api: Api, right: bool) -> None:  # noqa: FBT001
    """Content that is not what its sender meant is refused, at once or in pieces."""
    declared = crc32c(b"22" if right else b"other")
    upload = api.begin("y").headers["location"]
    at_once = api.put("x", b"22", declared)
    pieces = api.send(upload, b"22", "0-1/2", **{"x-goog-hash": f"crc32c={declared}"})
    expected = 200 if right else 400

    assert (expected, expected) == (at_once.status_code, pieces.status_code)
    assert right == (api.get("x").status_code == 200)


@pytest.mark.parametrize(
    ("wanted", "status", "content", "span"),
    [
        ("bytes=2-4", 206, b"234", "bytes 2-4/10"),
        ("bytes=7-", 206, b"789", "bytes 7-9/10"),
        ("bytes=8-99", 206, b"89", "bytes 8-9/10"),
    ],
)
def test_a_range_is_a_part(api: Api, wanted: str, status: int, content: bytes, span: str) -> None:
    """A range gives just its bytes, and says which."""
    api.put("x", b"0123456789")
    answer = api.get("x", range=wanted)

    assert (status, content, span) == (
        answer.status_code, answer.content, answer.headers["content-range"],
    )  # fmt: skip


def test_a_range_past_the_end_is_refused(api: Api) -> None:
    """There is nothing at or after the last byte's successor."""
    api.put("x", b"0123456789")

    assert api.get("x", range="bytes=10-12").status_code == 416


def test_a_download_describes_the_whole_object(api: Api) -> None:
    """Checksum, generation and type come in the headers."""
    stored = api.put("x", b"content").json()
    headers = api.get("x").headers

    assert f"crc32c={crc32c(b'content')}" in headers["x-goog-hash"]
    assert (stored["generation"], "video/mp4") == (
        headers["x-goog-generation"], headers["content-type"],
    )  # fmt: skip


def test_a_list_comes_in_pages(api: Api) -> None:
    """Pages of two give five names, each once."""
    for name in "edcba":
        api.put(name, b"")
    names, token = [], ""
    while token is not None:
        query = {"maxResults": "2"} | ({"pageToken": token} if token else {})
        page = requests.get(api.objects, query, timeout=5).json()
        names.append([one["name"] for one in page["items"]])
        token = page.get("nextPageToken")

    assert [["a", "b"], ["c", "d"], ["e"]] == names


def test_a_bucket_that_is_not_there_is_not_found(api: Api) -> None:
    """An unknown bucket is an error, not an empty one."""
    assert requests.get(f"{api.host}/storage/v1/b/never/o", timeout=5).status_code == 404


@pytest.mark.parametrize(
    ("method", "url"),
    [
        ("PATCH", "/storage/v1/b/demo-scenes/o/x"),
        ("POST", "/storage/v1/b/demo-scenes/o/x/rewriteTo/b/demo-scenes/o/y"),
        ("GET", "/storage/v1/b/demo-scenes/o?delimiter=/"),
        ("GET", "/storage/v1/b/demo-scenes/o/x?ifGenerationNotMatch=0"),
    ],
)
def test_what_is_not_implemented_says_so(api: Api, method: str, url: str) -> None:
    """Every other request, and every parameter that would mean something, is named in a 501."""
    answer = requests.request(method, api.host + url, json={}, timeout=5)
    named = url.partition("?")[2].partition("=")[0] or url

    assert answer.status_code == 501
    assert named in answer.json()["error"]["message"]


def test_an_object_announces_itself_once(start_cloud: StartCloud) -> None:
    """One event per generation; none for what was refused."""
    with listening() as sink:
        api = Api(start_cloud({"finalize": sink.url}, FINALIZE))
        stored = api.put("a/scene.json", b"1", ifGenerationMatch=0).json()
        api.put("a/scene.json", b"2", ifGenerationMatch=0)
        api.put("last", b"3")
        first, last = sink.wait_for(2)

    assert stored == first.decoded
    assert "last" == last.decoded["name"]


def test_an_object_arrives_as_a_binary_cloud_event(start_cloud: StartCloud) -> None:
    """The headers are the CloudEvent's attributes."""
    with listening() as sink:
        cloud = start_cloud({"finalize": sink.url}, FINALIZE)
        objects_of(cloud).create("scenes", "a b/ü.json", b"1", content_type="text/plain")
        (posted,) = sink.wait_for(1)

    assert "google.cloud.storage.object.v1.finalized" == posted.headers["ce-type"]
    assert "//storage.googleapis.com/projects/_/buckets/demo-scenes" == posted.headers["ce-source"]
    assert "objects/a%20b/%C3%BC.json" == posted.headers["ce-subject"]


def test_a_dead_storage_event_keeps_its_transport_form(start_cloud: StartCloud) -> None:
    """The dead topic gets the object resource, with where it lay as attributes."""
    hopeless = Subscription("finalize", "bucket", "scenes", 1, 10, max_deliveries=1)
    repair = Subscription("repair", "topic", "finalize-dead", 1, 10, max_deliveries=None)
    with listening(lambda _: 500) as sink, listening() as dead:
        functions = {"finalize": sink.url, "repair": dead.url}
        objects = objects_of(start_cloud(functions, hopeless, repair))
        stored = objects.create("scenes", "x", b"1", content_type="text/plain")
        (posted,) = dead.wait_for(1)
    attributes = posted.attributes

    assert ("demo-scenes", "x", str(stored.generation), "OBJECT_FINALIZE") == tuple(
        attributes[name] for name in ("bucketId", "objectId", "objectGeneration", "eventType")
    )
    assert '"name": "x"' in posted.data
    assert (
        "//pubsub.googleapis.com/projects/demo/topics/finalize-dead"
        == (posted.headers["ce-source"])
    )
