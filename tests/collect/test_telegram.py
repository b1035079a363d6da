"""Posts of public channels become articles; nobody's private messages become anything."""

from __future__ import annotations

import json
import tracemalloc
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from collecting import SPACE, import_whole
from hypothesis import given, settings
from hypothesis import strategies as st

from arna.collect import read_payloads
from arna.collect.json_stream import JsonDamageError, JsonStream
from arna.collect.posts import TITLE_LENGTH, title_of
from arna.collect.telegram import read_telegram_export
from arna.collect.telegram_page import read_telegram_page
from arna.errors import InputError
from arna.text.urls import channel_of

GOLDEN = Path(__file__).parent / "golden"
WATCHED = replace(
    SPACE,
    outlets=tuple(
        replace(outlet, channels=("visnyk_news", "c/1500000009")) if outlet.id == "visnyk" else outlet
        for outlet in SPACE.outlets
    ),
)
MESSAGE = {
    "id": 7,
    "type": "message",
    "date": "2025-09-23T14:30:00",
    "date_unixtime": "1758619800",
    "text": "Астанада кездесу өтті.",
}
CHANNEL = {"name": "Дала", "type": "public_channel", "id": 1500000001, "username": "dalahabary"}


def import_golden(name: str, folder: Path) -> dict[str, Any]:
    """What a file comes to: its articles as they are kept, their outlets, and what the user is told."""
    found = import_whole(GOLDEN / name, folder, WATCHED)
    payloads = read_payloads(found.documents, folder)["payload"].to_pylist()
    notes = [line for line in found.problems if "public name is not in the file" in line]
    assert found.outcomes.num_rows == len(found.problems) - len(notes)
    return {
        "articles": [json.loads(payload) for payload in payloads],
        "outlets": found.documents["outlet"].to_pylist(),
        "problems": found.problems,
    }


def export(path: Path, *messages: dict[str, Any], **chat: Any) -> Path:
    path.write_text(json.dumps(CHANNEL | chat | {"messages": messages}, ensure_ascii=False), "utf-8")
    return path


def read_articles(path: Path) -> list[dict[str, Any]]:
    return [item.article for item in read_telegram_export(path, WATCHED) if not item.trouble]


@pytest.mark.parametrize("name", ["result.json", "preview.html"])
def test_golden_files(name: str, tmp_path: Path) -> None:
    expected = json.loads((GOLDEN / f"{name}.expected").read_text("utf-8"))
    assert import_golden(name, tmp_path) == expected


@pytest.mark.parametrize("name", ["result.json", "preview.html"])
def test_links_span_their_words(name: str, tmp_path: Path) -> None:
    for article in import_golden(name, tmp_path)["articles"]:
        spans = [article["text"][link["begin"] : link["end"]] for link in article.get("links", ()) if "begin" in link]
        assert all(
            span.strip() and span in {"сөйлесті", "dala.example/kk/2", "@Visnyk_News", "@visnyk_news"} for span in spans
        )


def test_nothing_private_is_kept(tmp_path: Path) -> None:
    for name in ("result.json", "preview.html"):
        import_whole(GOLDEN / name, tmp_path, WATCHED)
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert kept
    for name in ("result.json", "preview.html"):
        told = json.dumps(import_golden(name, tmp_path), ensure_ascii=False)
        assert "Екі елдің" in told
        for secret in ("құпия", "Somebody", "user77", "Жабық", "Топ"):
            assert secret not in told


@pytest.mark.parametrize(
    "kind",
    [
        "personal_chat",
        "saved_messages",
        "bot_chat",
        "private_group",
        "private_supergroup",
        "public_supergroup",
        "private_channel",
        "new_kind",
        None,
    ],
)
def test_export_without_a_public_channel_is_refused(kind: str | None, tmp_path: Path) -> None:
    path = export(tmp_path / "result.json", MESSAGE, type=kind)
    with pytest.raises(InputError, match=r"holds no public channel .*nothing of this file is kept"):
        import_whole(path, tmp_path / "warc", WATCHED)
    assert not list((tmp_path / "warc").glob("*"))


def test_messages_before_the_type_are_not_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    path.write_text(json.dumps({"messages": [MESSAGE], **CHANNEL}), "utf-8")
    with pytest.raises(InputError, match="a chat without a type"):
        read_articles(path)


def test_channel_without_its_name_stands_under_its_number(tmp_path: Path) -> None:
    path = export(tmp_path / "result.json", MESSAGE, username=None)
    found = import_whole(path, tmp_path / "warc", WATCHED)
    assert found.urls == ["https://t.me/c/1500000001/7"]
    assert found.documents["outlet"].to_pylist() == ["t.me/c/1500000001"]
    assert (len(found.problems), found.outcomes.num_rows) == (1, 0)
    assert 'add "username": "name" beside "type", or name "c/1500000001" under channels' in found.problems[0]


def test_channel_that_the_registry_knows_by_number_gets_its_name(tmp_path: Path) -> None:
    path = export(tmp_path / "result.json", MESSAGE, username=None, id=1500000009)
    found = import_whole(path, tmp_path / "warc", WATCHED)
    assert (found.urls, found.documents["outlet"].to_pylist(), found.problems) == (
        ["https://t.me/visnyk_news/7"],
        ["visnyk"],
        [],
    )


def test_channel_with_neither_name_nor_number(tmp_path: Path) -> None:
    path = export(tmp_path / "result.json", MESSAGE, username=None, id=None)
    found = import_whole(path, tmp_path / "warc", WATCHED)
    assert not found.urls
    assert "neither its public name nor its number" in found.problems[0]


@pytest.mark.parametrize("name", ["@Visnyk_News", "https://t.me/s/visnyk_news", "VISNYK_NEWS"])
def test_registered_channel_counts_for_its_outlet(name: str, tmp_path: Path) -> None:
    path = export(tmp_path / "result.json", MESSAGE, username=name)
    assert import_whole(path, tmp_path / "warc", WATCHED).documents["outlet"].to_pylist() == ["visnyk"]


def test_times_without_a_zone_and_without_sense(tmp_path: Path) -> None:
    old = {key: value for key, value in MESSAGE.items() if key != "date_unixtime"}
    path = export(
        tmp_path / "result.json",
        old,
        MESSAGE | {"id": 8, "date": "never", "date_unixtime": "x"},
        MESSAGE | {"id": "9"},
        MESSAGE | {"id": None},
    )
    items = list(read_telegram_export(path, WATCHED))
    assert [item.article["published_at"] for item in items if not item.trouble] == [
        "2025-09-23T14:30:00Z",
        "2025-09-23T09:30:00Z",
    ]
    assert sorted(item.trouble for item in items if item.trouble) == [
        "it has no number",
        "it has no time that can be believed",
    ]


@pytest.mark.parametrize(
    ("forward", "kept"),
    [
        ({"forwarded_from": "Вісник"}, {"forwarded_from": "Вісник", "links": [{"url": "https://t.me/visnyk_news"}]}),
        (
            {"forwarded_from": " ВІСНИК ", "forwarded_from_id": "channel5"},
            {"forwarded_from": "ВІСНИК", "links": [{"url": "https://t.me/visnyk_news"}]},
        ),
        ({"forwarded_from": "Дала"}, {"forwarded_from": "Дала", "links": [{"url": "https://dala.example/"}]}),
        ({"forwarded_from": "Навоий хабарлари"}, {"forwarded_from": "Навоий хабарлари"}),
        (
            {"forwarded_from": "x", "forwarded_from_id": "channel1500000009"},
            {"forwarded_from": "x", "links": [{"url": "https://t.me/visnyk_news"}]},
        ),
        ({"forwarded_from": "Вісник", "forwarded_from_id": "user5"}, {}),
        ({"forwarded_from": None, "forwarded_from_id": "user5"}, {}),
    ],
)
def test_forwards_credit_channels_and_name_no_persons(
    forward: dict[str, Any], kept: dict[str, Any], tmp_path: Path
) -> None:
    [article] = read_articles(export(tmp_path / "result.json", MESSAGE | forward))
    assert article["forwarded"] is True
    assert article["text"] == MESSAGE["text"]
    assert {key: article[key] for key in ("forwarded_from", "links") if key in article} == kept


def test_damaged_export_keeps_what_comes_before(tmp_path: Path) -> None:
    path = export(tmp_path / "result.json", MESSAGE, MESSAGE | {"id": 8})
    whole = path.read_bytes()
    path.write_bytes(whole[:-30])
    found = import_whole(path, tmp_path / "warc", WATCHED)
    assert found.urls == ["https://t.me/dalahabary/7"]
    assert "the JSON is broken or cut off at line 1" in found.problems[-1]


def test_large_export_does_not_fill_memory(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    message = json.dumps(MESSAGE | {"text": "Кездесу өтті. " * 200})
    with path.open("w", encoding="utf-8") as stream:
        stream.write(json.dumps(CHANNEL)[:-1] + ', "messages": [')
        stream.write(",\n".join([message] * 3000) + "]}")
    tracemalloc.start()
    assert sum(1 for _ in read_telegram_export(path, WATCHED)) == 3000
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert path.stat().st_size > 30_000_000
    assert peak < 8_000_000


def test_page_without_posts_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("<!DOCTYPE html><html><body><a class='tgme_widget_message_date'></a>", "utf-8")
    with pytest.raises(InputError, match=r"has no post of a channel on it; save https://t\.me/s/NAME"):
        import_whole(path, tmp_path / "warc", WATCHED)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)
MESSAGES = st.fixed_dictionaries(
    {},
    optional={
        "id": JSON,
        "type": st.sampled_from(["message", "service"]) | JSON,
        "date": st.sampled_from(["2025-09-23T14:30:00", ""]) | JSON,
        "date_unixtime": st.sampled_from(["1758619800", 1758619800, "-1", "²"]) | JSON,
        "text": JSON
        | st.lists(
            st.fixed_dictionaries(
                {"type": st.sampled_from(["link", "text_link", "mention"]), "text": st.text(max_size=9), "href": JSON}
            )
        ),
        "forwarded_from": JSON,
        "forwarded_from_id": st.sampled_from(["channel1", "user1", "channel²"]) | JSON,
        "reply_to_message_id": JSON,
        "author": JSON,
        "edited_unixtime": JSON,
        "poll": JSON,
        "photo": JSON,
    },
)


@given(
    st.lists(MESSAGES | JSON, max_size=4),
    st.fixed_dictionaries({}, optional={"id": JSON, "username": JSON, "name": JSON}),
)
@settings(max_examples=150, deadline=None)
def test_every_message_is_a_post_or_counted(
    tmp_path_factory: pytest.TempPathFactory, messages: list[Any], chat: dict[str, Any]
) -> None:
    path = tmp_path_factory.mktemp("export") / "result.json"
    path.write_text(json.dumps(CHANNEL | chat | {"messages": messages}), "utf-8")
    items = list(read_telegram_export(path, WATCHED))
    counted = sum(int(item.trouble.split()[0]) for item in items if "passed over" in item.trouble)
    posts = sum(item.body != b"" for item in items)
    assert counted + posts == len(messages) or any("neither its public name" in item.trouble for item in items)
    for item in items:
        for link in item.article.get("links", ()):
            assert 0 <= link.get("begin", 0) <= link.get("end", 0) <= len(item.article["text"])


@given(st.binary(max_size=60), st.sampled_from([b"", b'{"type":"public_channel","id":5,"messages":[']))
@settings(max_examples=200, deadline=None)
def test_any_bytes_end_in_articles_or_a_reason(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, head: bytes
) -> None:
    path = tmp_path_factory.mktemp("export") / "result.json"
    path.write_bytes(head + data)
    for reader in (read_telegram_export, read_telegram_page):
        try:
            items = list(reader(path, WATCHED))
        except InputError:
            continue
        assert items
        assert all(item.trouble for item in items)


@given(JSON)
@settings(deadline=None)
def test_stream_reads_what_json_reads(tmp_path_factory: pytest.TempPathFactory, value: Any) -> None:
    path = tmp_path_factory.mktemp("json") / "a.json"
    path.write_text(json.dumps({"a": value, "b": [value, 1]}, indent=1), "utf-8")
    with path.open("rb") as raw:
        stream = JsonStream(raw)
        found: dict[str, Any] = {}
        for key in stream.fields():
            found[key] = stream.read() if key == "a" else [stream.read() for _ in stream.items()]
    assert found == {"a": value, "b": [value, 1]}


def test_stream_steps_over_and_bounds_what_it_skips(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    for content, reason in (
        (b'{"a": ' + b"[" * 10_000, "nested too deep"),
        (b'{"a": [1, 2', "its end"),
        (b'{"a" 1}', "':' should be"),
        (b"{1: 2}", "a key that is no text"),
    ):
        path.write_bytes(content)
        with path.open("rb") as raw, pytest.raises(JsonDamageError, match=reason):
            JsonStream(raw).skip()
    path.write_bytes(b'{"a": {"b": [1, {"c": "x"}], "d": {}, "e": []}} ')
    with path.open("rb") as raw:
        stream = JsonStream(raw)
        stream.skip()
        assert stream.peek() == ""


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("⚡️\n\nКездесу өтті. Ол екі сағатқа созылды.\nТолығырақ", "Кездесу өтті."),
        ("Türkmenistanyň ilçisi geldi", "Türkmenistanyň ilçisi geldi"),
        ("❗️", "❗️"),
        ("", ""),
    ],
)
def test_title_is_the_first_sentence(text: str, title: str) -> None:
    assert title_of(text) == title


@given(st.text(alphabet="аб .\n", max_size=900))
def test_title_is_bounded(text: str) -> None:
    assert len(title_of(text)) <= TITLE_LENGTH


@pytest.mark.parametrize(
    ("address", "channel"),
    [
        ("https://t.me/dalahabary/12?single", "dalahabary"),
        ("t.me/s/dalahabary", "dalahabary"),
        ("http://telegram.me/DalaHabary", "DalaHabary"),
        ("https://t.me/c/1500000001/7", "c/1500000001"),
        ("https://t.me/joinchat/AAAA", ""),
        ("https://t.me/+AbCd", ""),
        ("https://t.me/share/url?url=x", ""),
        ("https://t.me/", ""),
        ("https://not-t.me/dalahabary", ""),
        ("https://dala.example/t.me/dalahabary", ""),
    ],
)
def test_channel_of_an_address(address: str, channel: str) -> None:
    assert channel_of(address) == channel
