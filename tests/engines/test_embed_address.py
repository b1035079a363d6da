"""Vectors from a service: a real one on this machine, in good and bad moods."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
import pytest

from arna.engines import embed_address
from arna.engines.embed import open_embedder
from arna.engines.embed_address import AddressEmbedder
from arna.errors import EmbedError

Answer = tuple[int, dict[str, str], bytes]


def make_vector(text: str) -> list[float]:
    """Three numbers a test can work out again."""
    return [float(len(text)), float(sum(map(ord, text)) % 97), 1.0]


def make_answer(request: dict[str, Any], change: Callable[[list[Any]], Any] = lambda items: items) -> Answer:
    items = [
        {"object": "embedding", "index": number, "embedding": make_vector(text)}
        for number, text in enumerate(request["input"])
    ]
    return 200, {}, json.dumps({"object": "list", "data": change(items), "model": request["model"]}).encode()


@dataclass
class Service:
    """What the service is to answer, in turn, then always the last; and what it was asked."""

    url: str = ""
    answers: list[Callable[[dict[str, Any]], Answer]] = field(default_factory=lambda: [make_answer])
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    state, lock = Service(), threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with lock:
                state.asked.append(request)
                state.headers.append(dict(self.headers))
                state.paths.append(self.path)
                answer = state.answers.pop(0) if len(state.answers) > 1 else state.answers[0]
            status, headers, body = answer(request)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield state
    server.shutdown()
    thread.join()
    server.server_close()


def refuse(status: int, said: str = "busy", **headers: str) -> Callable[[dict[str, Any]], Answer]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _: (status, named, json.dumps({"error": {"message": said}}).encode())


def open_at(service: Service, **more: Any) -> AddressEmbedder:
    return AddressEmbedder(service.url, **{"model": "m", "pause": 0.0, **more})


def expect(texts: list[str]) -> np.ndarray:
    vectors = np.array([make_vector(text) for text in texts], np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_vectors_come_in_order_with_length_one(service: Service) -> None:
    texts = ["Киевте кездесу өтті", "Toshkentda yigʻilish", "Kyiv", "Киевте кездесу өтті"]
    embedder = open_embedder(service.url, model="m")
    np.testing.assert_allclose(embedder.embed(texts), expect(texts), rtol=1e-5)
    assert embedder.dimensions == 3
    assert service.paths == ["/v1/embeddings"]
    assert service.asked[0]["input"] == texts[:3]  # the same text is not asked for twice
    assert service.asked[0]["model"] == "m"
    assert embedder.name == f"m at {service.url}"


def test_answers_out_of_order_and_in_base64_are_read(service: Service) -> None:
    def pack(items: list[Any]) -> list[Any]:
        for item in items:
            item["embedding"] = base64.b64encode(np.array(item["embedding"], "<f4").tobytes()).decode()
        return items[::-1]

    service.answers = [lambda request: make_answer(request, pack)]
    texts = ["бір", "екі сөз", "үш сөз бар"]
    np.testing.assert_allclose(open_at(service).embed(texts), expect(texts), rtol=1e-5)


def test_many_texts_are_asked_for_in_batches_some_at_once(service: Service) -> None:
    texts = [f"{'сөйлем ' * (number % 7)}{number}" for number in range(3 * embed_address.BATCH_TEXTS + 1)]
    np.testing.assert_allclose(open_at(service, requests=3).embed(texts), expect(texts), rtol=1e-5)
    assert sorted(len(request["input"]) for request in service.asked) == [1, 64, 64, 64]


def test_long_texts_make_small_batches(service: Service) -> None:
    open_at(service).embed([f"{number}" + "ұ" * 60_000 for number in range(3)])
    assert [len(request["input"]) for request in service.asked] == [1, 1, 1]


def test_nothing_to_embed_is_no_vectors(service: Service) -> None:
    assert open_at(service).embed([]).shape == (0, 3)


def test_key_and_prefix_are_sent(service: Service) -> None:
    embedder = open_embedder(service.url, model="m", key="s3cret", prefix="query: ")
    embedder.embed(["Київ"])
    assert service.headers[0]["Authorization"] == "Bearer s3cret"
    assert service.asked[0]["input"] == ["query: Київ"]
    assert "query: " in embedder.name
    assert "s3cret" not in embedder.name
    open_at(service).embed(["Київ"])
    assert "Authorization" not in service.headers[1]


def test_empty_and_broken_texts_are_sent_as_something_a_service_takes(service: Service) -> None:
    vectors = open_at(service).embed(["", "\ud800", "a\0b"])
    assert vectors.shape == (3, 3)
    assert all((text and text.isprintable()) or "\0" in text for text in service.asked[0]["input"])


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_service_is_asked_again(service: Service, status: int) -> None:
    service.answers = [refuse(status, Retry_After="0"), refuse(status), make_answer]
    np.testing.assert_allclose(open_at(service).embed(["Киев"]), expect(["Киев"]), rtol=1e-5)
    assert len(service.asked) == 3


def test_the_wait_a_service_asks_for_is_kept(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr(embed_address.time, "sleep", waits.append)
    long_ago, never = "Wed, 21 Oct 2015 07:28:00 GMT", "soon"
    service.answers = [
        *(refuse(429, Retry_After=wait) for wait in ("7", "9999", long_ago, never)),
        refuse(500),
        make_answer,
    ]
    open_at(service, pause=1.0).embed(["Киев"])
    assert waits == [7.0, 60.0, 0.0, 8.0, 16.0]


def test_a_service_that_stays_busy_is_given_up(service: Service) -> None:
    service.answers = [refuse(429, "quota is used up")]
    with pytest.raises(EmbedError, match=r"429 \(quota is used up\) after 6 tries"):
        open_at(service).embed(["Киев"])


def test_a_wrong_key_is_said_at_once(service: Service) -> None:
    service.answers = [refuse(401, "Incorrect API key")]
    with pytest.raises(EmbedError, match=r"401 \(Incorrect API key\).*ARNA_EMBED_KEY"):
        open_at(service, key="wrong").embed(["Киев"])
    assert len(service.asked) == 1


def test_a_request_found_too_large_is_halved(service: Service) -> None:
    def take_two(request: dict[str, Any]) -> Answer:
        return make_answer(request) if len(request["input"]) <= 2 else refuse(413, "too large")(request)

    service.answers = [take_two]
    texts = ["бір", "екі", "үш", "төрт", "бес"]
    np.testing.assert_allclose(open_at(service).embed(texts), expect(texts), rtol=1e-5)


def test_a_single_text_found_too_large_is_an_error(service: Service) -> None:
    service.answers = [refuse(413, "too large")]
    with pytest.raises(EmbedError, match="413"):
        open_at(service).embed(["ұзақ"])


def test_no_redirect_takes_texts_and_key_elsewhere(service: Service) -> None:
    service.answers = [lambda _: (307, {"Location": service.url + "/other"}, b"")]
    with pytest.raises(EmbedError, match="307"):
        open_at(service, key="s3cret").embed(["Киев"])
    assert service.paths == ["/v1/embeddings"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda items: items[:-1], "1 vectors for 2 texts"),
        (lambda items: [items[0], items[0]], "numbered"),
        (lambda items: [{"index": item["index"]} for item in items], "OpenAI format"),
        (lambda items: [{**item, "embedding": "?"} for item in items], "OpenAI format"),
        (lambda items: [{**item, "embedding": []} for item in items], "OpenAI format"),
        (lambda items: [{**item, "embedding": [1.0] * (1 + item["index"])} for item in items], "OpenAI format"),
        (lambda items: [{**item, "embedding": [0.0, 0.0, 0.0]} for item in items], "zeros"),
        (lambda items: [{**item, "embedding": [float("nan"), 1.0, 1.0]} for item in items], "no numbers"),
        (lambda items: None, "OpenAI format"),
    ],
)
def test_answers_that_are_no_vectors_are_never_taken(
    service: Service, change: Callable[[list[Any]], Any], said: str
) -> None:
    service.answers = [lambda request: make_answer(request, change)]
    with pytest.raises(EmbedError, match=said):
        open_at(service).embed(["Киев", "Астана"])


@pytest.mark.parametrize("body", [b"<html>Welcome</html>", b"", b"[]", b'{"data": 3}', b"\xff\xfe"])
def test_a_page_that_is_no_service_is_named(service: Service, body: bytes) -> None:
    service.answers = [lambda _: (200, {}, body)]
    with pytest.raises(EmbedError, match=r"OpenAI format.*ARNA_EMBED"):
        open_at(service).embed(["Киев"])


def test_vectors_that_change_their_length_are_not_mixed(service: Service) -> None:
    def lengthen(items: list[Any]) -> list[Any]:
        return [{**item, "embedding": [1.0] * 5} for item in items]

    embedder = open_at(service)
    embedder.embed(["Киев"])
    service.answers = [lambda request: make_answer(request, lengthen)]
    with pytest.raises(EmbedError, match="different lengths"):
        embedder.embed(["Астана"])


def test_a_service_that_is_not_there_is_said_at_once() -> None:
    with pytest.raises(EmbedError, match=r"127\.0\.0\.1:9.*cannot be reached.*is the service running"):
        AddressEmbedder("http://127.0.0.1:9/v1", pause=0.0).embed(["Киев"])


@pytest.mark.parametrize(
    "address",
    ["http://", "http:///v1", "http://host:port/v1", "http://a b/v1", "http://host/v1?x=1", "http://u:p@host"],
)
def test_what_cannot_be_an_address_is_refused_before_anything_is_sent(address: str) -> None:
    with pytest.raises(EmbedError, match="address"):
        open_embedder(address)


def test_a_key_with_a_line_break_is_refused() -> None:
    with pytest.raises(EmbedError, match="ARNA_EMBED_KEY"):
        open_embedder("http://127.0.0.1/v1", key="a\r\nX: y")
