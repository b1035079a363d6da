"""Whatever bytes a file holds, an import ends with an exit code and each line is a document or refused."""

from __future__ import annotations

import csv
import gzip
import io
import json
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cli.commanding import ARTICLES, KAZAKH, arna, count, make_page, make_record, write_space

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLES = 20  # of each: an import writes tables, and costs 0.05 s
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from([*ARTICLES[0], "lang", "author", "links", "extra", "id"])
MUTATED = st.builds(
    lambda article, changes, gone: {key: value for key, value in (article | changes).items() if key not in gone},
    st.sampled_from(ARTICLES),
    st.dictionaries(KEYS, ANYTHING, max_size=3),
    st.lists(KEYS, max_size=1),
)
LINE = MUTATED.map(lambda article: json.dumps(article).encode()) | st.binary(max_size=60).map(
    lambda line: line.replace(b"\n", b" ")
)
GOOD = json.dumps(ARTICLES[0], ensure_ascii=False).encode()
RECORD = make_record("https://dala.example/1", make_page(KAZAKH))


def run(folder: Path) -> None:
    """Everything that was taken can be read, traced and counted, each document with one outcome."""
    answer = arna("run", "-s", folder, "--workers", 1, "--quiet")
    assert (answer.code, answer.err) == (0, "")
    held = count(folder, "documents")
    assert held > 0
    assert count(folder, "outcomes", "stage = 'read'") == held
    assert count(folder, "(SELECT article_id, sum(share) s FROM origins GROUP BY 1 HAVING abs(s - 1) > 1e-9)") == 0


def test_lines_are_documents_or_refused(tmp_path: Path):
    folder, path = write_space(tmp_path / "space"), tmp_path / "a.jsonl"

    @settings(max_examples=EXAMPLES)
    @given(st.lists(LINE, max_size=8), st.booleans())
    def take(lines: list[bytes], packed: bool) -> None:
        content = b"\n".join([GOOD, *lines])
        path.write_bytes(gzip.compress(content, 1) if packed else content)
        found = arna("import", "-s", folder, path, "--json")
        assert found.code == 0, found.err
        refused = found.value["outcomes"].get("failed", 0)
        assert found.value["documents"] + refused == 1 + sum(bool(line.strip()) for line in lines)
        assert len(found.value["problems"]) == refused

    take()
    run(folder)


def test_rows_are_documents_or_refused(tmp_path: Path):
    folder, path = write_space(tmp_path / "space"), tmp_path / "a.csv"
    names = ("url", "outlet", "title", "text", "published_at", "links")
    cell = st.text(st.characters(codec="utf-8"), max_size=12)

    @settings(max_examples=EXAMPLES)
    @given(
        st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys(names, cell)), max_size=6), st.sampled_from(",;\t")
    )
    def take(changes: list[dict[str, str]], delimiter: str) -> None:
        out = io.StringIO()
        writer = csv.DictWriter(out, names, delimiter=delimiter, extrasaction="ignore", quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerows(ARTICLES[n % 5] | change for n, change in enumerate([{}, *changes]))
        path.write_bytes(out.getvalue().encode())
        found = arna("import", "-s", folder, path, "--json")
        assert found.code == 0, found.err
        assert found.value["documents"] + found.value["outcomes"].get("failed", 0) == 1 + len(changes)

    take()
    run(folder)


def test_any_bytes_end_with_an_exit_code(tmp_path: Path):
    folder = write_space(tmp_path / "space")
    good = {
        "jsonl": GOOD + b"\n",
        "csv": b"url,outlet,title,text,published_at\nhttps://dala.example/1,dala,t,"
        + KAZAKH.encode()
        + b",2026-03-02\n",
        "warc": RECORD * 3,
        "warc.gz": gzip.compress(RECORD, mtime=0) * 3,
        "jsonl.gz": gzip.compress(GOOD * 3, mtime=0),
        "parquet": b"PAR1",
        "wacz": b"PK\x03\x04",
    }

    @settings(max_examples=EXAMPLES * 2)
    @given(st.sampled_from(sorted(good)), st.integers(0, 10_000), st.integers(0, 40), st.binary(max_size=40))
    def take(ending: str, place: int, gone: int, put: bytes) -> None:
        content = good[ending]
        place %= len(content) + 1
        path = tmp_path / f"a.{ending}"
        path.write_bytes(content[:place] + put + content[place + gone :])
        found = arna("import", "-s", folder, path, "--json")
        assert found.code in (0, 1)
        assert found.code == bool(found.value["failed_files"])
        assert all(line.count(f"a.{ending}: ") == 1 for line in found.value["problems"])

    take()
    run(folder)
