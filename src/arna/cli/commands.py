"""One function per command: takes the parsed options, prints, gives the exit code."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from arna.air.report import write_report
from arna.cli import show
from arna.engines.embed import open_embedder
from arna.errors import StoreError
from arna.runs import import_files, run_space
from arna.settings import read_settings
from arna.space import create_space, load_space
from arna.space.demo import build_demo
from arna.store import Lake
from arna.store.export import dump, list_rows, plain, write_file, write_lines, write_parquet
from arna.text.urls import normalise_url

if TYPE_CHECKING:
    from argparse import Namespace
    from pathlib import Path

    from arna.engines.embed import Embedder
    from arna.runs import ImportSummary


HOST, PORT = "127.0.0.1", 8765
"""Where the observatory is served unless the user says otherwise."""


def init(options: Namespace) -> int:
    """``arna init DIR``."""
    create_space(options.folder, options.template)
    space = load_space(options.folder)
    result = {"space": str(options.folder), "template": options.template, "outlets": len(space.outlets)}
    text = f"{options.folder}: a space with {len(space.outlets)} outlets. Next: arna import -s {options.folder} FILE…"
    show.result(options, result, text)
    return 0


def take(options: Namespace) -> int:
    """``arna import -s DIR FILE...``."""
    return _report_import(options, _import(options, options.space, options.files))


def _import(options: Namespace, folder: Path, files: list[Path]) -> ImportSummary:
    total = 0
    for path in files:
        with suppress(OSError):  # a file that is not there is told by the import
            total += path.stat().st_size
    with show.progress(options) as bar:
        return import_files(folder, files, partial(bar.reach, "Taking in files", total))


def _report_import(options: Namespace, summary: ImportSummary) -> int:
    for line in summary.problems:
        show.warn(options, line)
    for line in summary.failed_files:
        show.fail(line)
    refused = sum(summary.outcomes.values())
    text = f"{summary.new} new documents from {summary.files} files"
    if summary.documents > summary.new:
        text += f", {summary.documents - summary.new} held before"
    if refused:
        text += f", {refused} lines or records refused (see above, and the table outcomes)"
    show.result(options, {**asdict(summary), "outcomes": dict(summary.outcomes)}, text)
    return 1 if summary.failed_files else 0


def run(options: Namespace) -> int:
    """``arna run -s DIR``."""
    with show.progress(options) as bar:
        summary = run_space(
            options.space, bar.progress, options.workers, translations=options.translations, embedder=_open_model()
        )
    for line in summary.problems:
        show.warn(options, line)
    result = {**asdict(summary), "outcomes": dict(summary.outcomes), "reasons": dict(summary.reasons)}
    show.result(options, result, show.describe_run(summary))
    return 0


def voids(options: Namespace) -> int:
    """``arna voids -s DIR``."""
    rows = list(list_rows(_open(options).query("SELECT * FROM voids ORDER BY rank", ["voids"])))
    if options.json:
        print(dump(rows))
    else:
        show.table_voids(rows, load_space(options.space))
    return 0


def article(options: Namespace) -> int:
    """``arna article -s DIR ID_OR_URL``."""
    found = _find_article(_open(options), options.key)
    if options.json:
        print(dump(found))
    else:
        show.print_article(found)
    return 0


def export(options: Namespace) -> int:
    """``arna export -s DIR TABLE``."""
    rows = _open(options).read(options.table)
    output = options.output
    form = options.format or (
        output.suffix.removeprefix(".") if output and output.suffix in (".parquet", ".csv") else "jsonl"
    )
    if output:
        write_file(rows, form, output)
        result = {"table": options.table, "rows": rows.num_rows, "format": form, "file": str(output)}
        show.result(options, result, f"{output}: {rows.num_rows} rows of {options.table} as {form}")
    elif options.json and options.format in (None, "jsonl"):
        print(dump(list(list_rows(rows))))
    elif options.json:
        raise StoreError(
            f"export: --json and --format {form} are two things; leave one out or name a file with -o FILE"
        )
    elif form == "parquet" and sys.stdout.isatty():
        raise StoreError("export: Parquet is not for the screen; name a file with -o FILE.parquet")
    elif form == "parquet":
        write_parquet(rows, sys.stdout.buffer)
    else:
        write_lines(rows, form, sys.stdout.write)
    return 0


def sql(options: Namespace) -> int:
    """``arna sql -s DIR SELECT``."""
    rows = _open(options).query_by_user(options.query)
    if options.json:
        print(dump(list(list_rows(rows))))
    else:
        show.table_rows(rows.column_names, list_rows(rows))
    return 0


def report(options: Namespace) -> int:
    """``arna report -s DIR``."""
    _open(options)
    path = write_report(options.space, options.output)
    show.result(options, {"report": str(path)}, f"Report: {path}")
    return 0


def serve(options: Namespace) -> int:
    """``arna serve -s DIR``: the observatory in the browser, until it is stopped."""
    _open(options)
    _serve(options, options.space, options.host, options.port)
    return 0


def _serve(options: Namespace, folder: Path, host: str, port: int) -> None:
    from arna.observatory.server import serve as serve_space  # noqa: PLC0415  # other commands start without Django

    def tell(address: str) -> None:
        show.result(options, {"address": address, "space": str(folder)}, f"{address}  (stop with Ctrl+C)")
        sys.stdout.flush()

    with suppress(KeyboardInterrupt):
        serve_space(folder, host, port, tell, browser=options.browser)


def demo(options: Namespace) -> int:
    """``arna demo [DIR]``: a ready space, import, run, report, serve; a second time it goes on with what is there."""
    folder = options.folder
    if not (folder / "space.toml").exists():
        create_space(folder, "demo")
    files = build_demo(folder)
    imported = _import(options, folder, [files.pages])
    with show.progress(options) as bar:
        summary = run_space(folder, bar.progress, embedder=_open_model())
    path = write_report(folder)
    result = {
        "space": str(folder),
        "documents": imported.documents,
        "report": str(path),
        **{key: plain(value) for key, value in asdict(summary).items()},
    }
    show.result(options, result, show.describe_demo(folder, imported, summary, path))
    if not (options.no_serve or options.json or options.quiet):
        _serve(options, folder, HOST, PORT)
    return 0


def _open_model() -> Embedder:
    settings = read_settings(os.environ)
    return open_embedder(
        settings.embed, model=settings.embed_model, key=settings.embed_key, prefix=settings.embed_prefix
    )


def _open(options: Namespace) -> Lake:
    load_space(options.space)
    return Lake(options.space / "lake")


def _find_article(lake: Lake, key: str) -> dict[str, Any]:
    asked = {"asked": pa.table({"key": [key], "url": [normalise_url(key) or key]})}
    rows = lake.query(  # by its id, its own address, or the address its page was fetched from
        """SELECT a.* FROM asked, articles a LEFT JOIN documents d ON d.id = a.document_id
           WHERE a.id = asked.key OR a.url IN (asked.key, asked.url) OR d.url = asked.key
           ORDER BY a.id = asked.key DESC, a.url = asked.key DESC, d.url = asked.key DESC, a.id LIMIT 1""",
        ["articles", "documents"],
        asked,
    ).to_pylist()
    if not rows:
        refused = lake.query(
            """SELECT o.outcome, o.reason FROM asked, documents d JOIN outcomes o ON o.document_id = d.id
               WHERE (d.id = asked.key OR d.url = asked.key) AND o.outcome <> 'kept' LIMIT 1""",
            ["documents", "outcomes"],
            asked,
        ).to_pylist()
        why = f"its page was {refused[0]['outcome']}: {refused[0]['reason']}" if refused else "no such article"
        raise StoreError(f'{key}: {why}; `arna sql -s DIR "SELECT id, url FROM articles"` lists what is held')
    found = {name: plain(value) for name, value in rows[0].items()}
    this = {"this": pa.table({"id": [found["id"]]})}
    origins = lake.query(
        "SELECT o.origin, o.share FROM origins o, this WHERE o.article_id = this.id ORDER BY o.share DESC, o.origin",
        ["origins"],
        this,
    )
    reliances = lake.query(
        """SELECT r.* EXCLUDE (article_id), substring(a.text, r."begin" + 1, r."end" - r."begin") AS span_text,
                  s.title AS source_title, s.url AS source_url, s.lang AS source_lang,
                  s.published_at AS source_published_at, substring(s.text, r.source_begin + 1,
                  r.source_end - r.source_begin) AS source_text, d.outlet AS perhaps_outlet, d.title AS perhaps_title,
                  d.url AS perhaps_url, d.lang AS perhaps_lang,
                  d.published_at AS perhaps_published_at, substring(d.text,
                  CAST(r.detail ->> '$.perhaps_begin' AS INTEGER) + 1, CAST(r.detail ->> '$.perhaps_end' AS INTEGER)
                  - CAST(r.detail ->> '$.perhaps_begin' AS INTEGER)) AS perhaps_text
           FROM this JOIN reliances r ON r.article_id = this.id JOIN articles a ON a.id = r.article_id
           LEFT JOIN articles s ON s.id = r.source_article_id LEFT JOIN articles d
           ON r.kind = 'translation' AND r.source_article_id IS NULL AND d.id = r.detail ->> '$.perhaps'
           ORDER BY r."begin", r."end", r.kind""",
        ["reliances", "articles"],
        this,
    )
    return {**found, "origins": list(list_rows(origins)), "reliances": list(list_rows(reliances))}
