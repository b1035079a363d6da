"""Pages per CPU-second from WARC to articles, beside trafilatura on the same pages in the same run.

    python -m bench.pages

Ours is `arna import` of the WARC file (copying, indexing, commits) and then the stage `read` on every document
(decoding, extraction, furniture, metadata, language, passages), in one process. Trafilatura's is `extract` alone, on
pages decoded beforehand: as shipped, and with comments off and precision favoured. Both rates count the pages that hold
markup. Medians of three; the three take turns, so that a busy machine slows all of them alike.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from arna.collect import read_payloads
from arna.collect.writing import write_record
from arna.engines.identify import NgramIdentifier
from arna.read.stage import read_pages
from arna.runs import import_files
from arna.runs.reading import BATCH
from arna.space import create_space, load_space
from arna.space.demo import build_demo
from arna.store import Lake
from arna.text.charset import decode_page
from bench.extract import GOLD, load_gold

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa

REPEATS = 3
OURS = "arna"
_IDENTIFIER = NgramIdentifier()  # a process loads its model once


def run() -> dict[str, float]:
    """Rates and ratios for the demo's pages, and for the gold pages where ../shared/data is present."""
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="arna-pages-") as folder:
        demo = Path(folder) / "demo"
        demo.mkdir()
        create_space(demo / "space", "demo")
        figures |= _compare("demo", build_demo(demo / "space").pages, "demo", demo)
        gold = _write_gold(Path(folder) / "gold.warc.gz")
        if gold is None:
            print(f"gold: not measured, {GOLD} is absent")
        else:
            figures |= _compare("gold", gold, "kazakhstan", Path(folder) / "gold")
    return figures


def _compare(name: str, source: Path, template: str, folder: Path) -> dict[str, float]:
    peers = _list_peers()
    spent: dict[str, list[float]] = {key: [] for key in (OURS, "import", *peers)}
    markups: list[str] = []
    for turn in range(REPEATS):
        space = folder / f"{name}-{turn}"
        create_space(space, template)
        start = time.process_time()
        import_files(space, [source])
        imported = time.process_time() - start
        documents = Lake(space / "lake").query("SELECT * FROM documents ORDER BY outlet, fetched_at, id", ["documents"])
        articles = _read(documents, space)
        spent[OURS].append(time.process_time() - start)
        spent["import"].append(imported)
        markups = markups or _decode(documents, space)
        for key, extract in peers.items():
            start = time.process_time()
            for markup in markups:
                extract(markup)
            spent[key].append(time.process_time() - start)
    rates = {key: len(markups) / statistics.median(seconds) for key, seconds in spent.items()}
    print(f"{name}: {len(markups)} pages of {documents.num_rows} documents, {articles} articles; median of {REPEATS}")
    for key, rate in rates.items():
        print(f"  {key:36} {rate:7.0f} pages per CPU-second   ours is {rates[OURS] / rate:5.1f} times as fast")
    figures = {f"{name}_pages_per_cpu_second": rates[OURS]}
    figures |= {
        f"{name}_ratio_to_{key.replace(', ', '_').replace(' ', '_')}": rates[OURS] / rates[key] for key in peers
    }
    return figures


def _read(documents: pa.Table, space: Path) -> int:
    """The stage ``read`` on all documents, in the partitions a run makes; gives how many articles there are."""
    described, articles = load_space(space), 0
    for begin in range(0, documents.num_rows, BATCH):
        payloads = read_payloads(documents.slice(begin, BATCH), space / "warc")
        articles += read_pages(payloads, described, _IDENTIFIER).articles.num_rows
    return articles


def _decode(documents: pa.Table, space: Path) -> list[str]:
    """Markup of the documents that are pages."""
    rows = read_payloads(documents, space / "warc").select(["payload", "charset", "mime", "status"]).to_pylist()
    return [
        decode_page(row["payload"], row["charset"]).text
        for row in rows
        if row["payload"] and row["mime"] == "text/html" and row["status"] == 200
    ]


def _list_peers() -> dict[str, Callable[[str], object]]:
    import trafilatura
    from trafilatura.meta import reset_caches

    reset_caches()

    def extract_precise(html: str) -> str | None:
        return trafilatura.extract(html, include_comments=False, favor_precision=True)

    return {"trafilatura": trafilatura.extract, "trafilatura, no comments, precision": extract_precise}


def _write_gold(path: Path) -> Path | None:
    """The gold pages as a WARC file, or None where they are absent."""
    pages = load_gold()
    if not pages:
        return None
    with path.open("wb") as stream:
        for page in pages:
            block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page.html.encode()
            fields = (
                (b"WARC-Type", b"response"),
                (b"WARC-Date", b"2026-03-01T00:00:00Z"),
                (b"WARC-Target-URI", page.url.encode()),
                (b"Content-Type", b"application/http; msgtype=response"),
                (b"Content-Length", str(len(block)).encode()),
            )
            write_record(stream, b"WARC/1.1", fields, (block,))
    return path


if __name__ == "__main__":
    run()
