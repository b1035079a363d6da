"""A page's bytes come out as they were before they were sent, and nothing expands without bound."""

from __future__ import annotations

import gzip
import zlib

import brotli
import pytest
from fastwarc.stream_io import ZstdWriter
from hypothesis import given
from hypothesis import strategies as st

from arna.collect.messages import LIMIT, BodyError, decode_body, read_head

TEXT = "<html><p>Ғалымдар Қарағандыда жаңа зертхана ашты.</p></html>".encode()


def answer(*lines: str) -> bytes:
    return "\r\n".join(["HTTP/1.1 200 OK", *lines, "", ""]).encode()


def head_of(*lines: str):
    head = read_head(answer(*lines))
    assert head is not None
    return head


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def zstd(data: bytes, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("zstd") / "page.zst"
    writer = ZstdWriter(str(path))
    while data:  # it takes what fits into its buffer
        data = data[writer.write(data) :]
    writer.finish()
    writer.close()
    return path.read_bytes()


def chunk(data: bytes, size: int) -> bytes:
    parts = [data[begin : begin + size] for begin in range(0, len(data), size)]
    return b"".join(b"%x;ext=1\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def test_head_as_servers_write_it() -> None:
    block = b"HTTP/1.0 301 Moved\r\ncontent-TYPE:  Text/HTML; Charset='Windows-1251'\r\nno colon\r\nA: \xe9\r\n\r\nbody"
    head = read_head(block)
    assert head is not None
    assert (head.status, head.mime, head.charset, block[head.end :]) == (301, "text/html", "windows-1251", b"body")
    bare = read_head(b"HTTP/2 200\nContent-Type: text/html\n\nbody")
    assert bare is not None
    assert (bare.status, bare.mime, bare.charset, bare.end) == (200, "text/html", None, 36)
    cut = read_head(b"HTTP/1.1 200 OK\r\nContent-Type: text/html")
    assert cut is not None
    assert cut.end == 40
    assert read_head(b"<html>") is None


@pytest.mark.parametrize(
    "name", ["gzip", "x-gzip", "GZIP", "deflate", "deflate-raw", "br", "zstd", "identity", "UTF-8"]
)
def test_every_content_encoding_is_undone(name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    packers = {
        "gzip": gzip.compress,
        "x-gzip": gzip.compress,
        "GZIP": gzip.compress,
        "deflate": zlib.compress,
        "deflate-raw": raw_deflate,
        "br": brotli.compress,
        "zstd": lambda data: zstd(data, tmp_path_factory),
    }
    packed = packers.get(name, bytes)(TEXT)
    assert decode_body(head_of(f"Content-Encoding: {name.partition('-raw')[0]}"), packed) == TEXT


def test_chunks_of_a_packed_page_are_joined_first() -> None:
    head = head_of("Transfer-Encoding: chunked", "Content-Encoding: gzip")
    assert decode_body(head, chunk(gzip.compress(TEXT), 7)) == TEXT


@given(st.binary(max_size=300), st.integers(1, 50))
def test_chunks_joined_are_what_was_sent(data: bytes, size: int) -> None:
    assert decode_body(head_of("Transfer-Encoding: chunked"), chunk(data, size)) == data


@pytest.mark.parametrize("name", ["gzip", "deflate", "br", "zstd"])
def test_a_page_the_archive_has_unpacked_already_is_kept(name: str) -> None:
    head = head_of("Transfer-Encoding: chunked", f"Content-Encoding: {name}")
    assert decode_body(head, TEXT) == TEXT


def test_two_members_and_two_layers() -> None:
    assert decode_body(head_of("Content-Encoding: gzip"), gzip.compress(TEXT) * 2 + b"\0\0") == TEXT * 2
    twice = gzip.compress(brotli.compress(TEXT))
    assert decode_body(head_of("Content-Encoding: br, gzip"), twice) == TEXT
    assert decode_body(head_of("Content-Encoding: br", "Content-Encoding: gzip"), twice) == TEXT


@pytest.mark.parametrize("name", ["gzip", "deflate", "br", "zstd"])
def test_a_bomb_is_given_up(name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    data = b"\0" * (LIMIT + 1)
    packed = {"gzip": gzip.compress, "deflate": zlib.compress, "br": lambda d: brotli.compress(d, quality=1)}.get(
        name, lambda d: zstd(d, tmp_path_factory)
    )
    with pytest.raises(BodyError, match="too-large: expands beyond 10 MB"):
        decode_body(head_of(f"Content-Encoding: {name}"), packed(data))
    assert len(decode_body(head_of(f"Content-Encoding: {name}"), packed(data[:-1]))) == LIMIT


@pytest.mark.parametrize("name", ["gzip", "deflate", "br", "zstd"])
def test_a_packed_page_that_is_cut_is_broken(name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    packed = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress}.get(
        name, lambda d: zstd(d, tmp_path_factory)
    )(TEXT * 20)
    with pytest.raises(BodyError, match="broken"):
        decode_body(head_of(f"Content-Encoding: {name}"), packed[:-9])


def test_chains_that_only_an_attack_has() -> None:
    with pytest.raises(BodyError, match="on top of each other"):
        decode_body(head_of("Content-Encoding: " + "gzip," * 9), gzip.compress(TEXT))
    with pytest.raises(BodyError, match="gzip members"):
        decode_body(head_of("Content-Encoding: gzip"), gzip.compress(b"") * 200)


@given(st.binary(max_size=200), st.sampled_from(["gzip", "deflate", "br", "zstd", "chunked"]))
def test_no_body_breaks_the_reader(data: bytes, name: str) -> None:
    head = head_of(f"Content-Encoding: {name}", "Transfer-Encoding: chunked")
    try:
        reason, size = "", len(decode_body(head, data))
    except BodyError as error:
        reason, size = str(error), 0
    assert size <= LIMIT
    assert not reason or reason.startswith("broken: ")
