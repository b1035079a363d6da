"""Parses the command line and calls what it names; nothing the user does ends in a traceback."""

from __future__ import annotations

import argparse
import io
import os
import sys
from concurrent.futures import BrokenExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from arna import __version__
from arna.cli import commands
from arna.cli.collecting import add_collect
from arna.cli.registry import add_outlets
from arna.errors import ArnaError
from arna.runs import TRANSLATIONS
from arna.space import TEMPLATES
from arna.store.export import FORMATS
from arna.terms import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit code."""
    options = make_parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = options.run
    if isinstance(sys.stdout, io.TextIOWrapper):  # tables hold every alphabet, whatever the terminal's language
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        code = run(options)
        if sys.stdout:  # None where it was closed before the start
            sys.stdout.flush()
    except (ArnaError, BrokenExecutor, KeyboardInterrupt, MemoryError, OSError) as error:
        if not isinstance(error, BrokenPipeError):  # the reader of our output has gone: `arna export … | head`
            print(f"arna: {_explain(error)}", file=sys.stderr)
        if isinstance(error, OSError) and not error.filename:
            _drop_output()
        return 1
    return code


def _explain(error: BaseException) -> str:
    """One line about what ended a command."""
    if isinstance(error, KeyboardInterrupt):
        return "stopped; what was committed stays, the same command goes on from there"
    if isinstance(error, MemoryError):
        return "not enough memory; close other programs or run on a larger machine"
    if isinstance(error, BrokenExecutor):
        return "a worker process was killed, most likely for want of memory; try --workers 1"
    if isinstance(error, OSError):
        return f"{error.filename or 'standard output'}: {error.strerror or error}"
    return " ".join(str(error).splitlines())


def _drop_output() -> None:
    """Lets what is left in the buffer of standard output go nowhere: it could not be written."""
    with suppress(OSError, ValueError):  # a stream without a file, in a test
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def make_parser() -> argparse.ArgumentParser:
    """The whole command line, for parsing and for the documents' tests."""
    parser = argparse.ArgumentParser(
        prog="arna", description="Whose reporting do people read about a subject, and what is missing?"
    )
    parser.add_argument("--version", action="version", version=f"arna {__version__}")
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(
        name: str, run: Callable[[argparse.Namespace], int], text: str, *, space: bool = True
    ) -> argparse.ArgumentParser:
        command = subparsers.add_parser(name, help=text, description=text)
        command.set_defaults(run=run)
        if space:
            command.add_argument("-s", "--space", type=Path, required=True, metavar="DIR", help="the space's folder")
        command.add_argument("--quiet", action="store_true", help="print nothing but results and errors")
        command.add_argument("--json", action="store_true", help="print one JSON value, for programs")
        return command

    init = add("init", commands.init, "make a new space from a template", space=False)
    init.add_argument("folder", type=Path, metavar="DIR")
    init.add_argument("--template", choices=TEMPLATES, default="kazakhstan")
    take = add("import", commands.take, "take in pages, articles, feeds and Telegram channels")
    take.add_argument("files", type=Path, nargs="+", metavar="FILE")
    add_collect(add)
    run = add("run", commands.run, "read, trace and count voids; only what is new")
    run.add_argument("--workers", type=_positive, metavar="N", help="processes (default: one per core)")
    run.add_argument(
        "--translations", choices=TRANSLATIONS, default=TRANSLATIONS[0],
        help="which articles are traced across languages: those on the subject (default), all, or none",
    )  # fmt: skip
    add("voids", commands.voids, "list what is missing, the largest first")
    article = add("article", commands.article, "show what one article rests on, span by span")
    article.add_argument("key", type=_text, metavar="ID_OR_URL")
    export = add("export", commands.export, "write a table to a file or to standard output")
    export.add_argument("table", choices=list(SCHEMAS), metavar="TABLE", help=", ".join(SCHEMAS))
    export.add_argument("--format", choices=FORMATS, help="default: by the file's ending, else jsonl")
    export.add_argument("-o", "--output", type=Path, metavar="FILE")
    sql = add("sql", commands.sql, "run one SELECT over the tables (DuckDB, read-only)")
    sql.add_argument("query", type=_text, metavar="SELECT")
    report = add("report", commands.report, "write the report, one HTML file")
    report.add_argument("-o", "--output", type=Path, metavar="FILE")
    add_outlets(add)
    serve = add("serve", commands.serve, "show the space in the browser")
    serve.add_argument("--host", default=commands.HOST, help=f"name or address to listen at (default: {commands.HOST})")
    serve.add_argument(
        "--port", type=_port, default=commands.PORT, help=f"default: {commands.PORT}; 0 takes a free one"
    )
    serve.add_argument("--no-browser", action="store_false", dest="browser", help="do not open a browser")
    demo = add("demo", commands.demo, "make a ready space of invented outlets and show all of the above", space=False)
    demo.add_argument("folder", type=Path, nargs="?", default=Path("demo-space"), metavar="DIR")
    demo.add_argument("--no-serve", action="store_true", help="end after the report")
    demo.add_argument("--no-browser", action="store_false", dest="browser", help="do not open a browser")
    return parser


def _text(given: str) -> str:
    """An argument whose bytes are not UTF-8, with a sign in their place: no table holds such bytes."""
    return given.encode("utf-8", "replace").decode()


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"'{text}' is no port: a whole number up to 65535")
    return int(text)


def _positive(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number from 1 up")
    return int(text)
