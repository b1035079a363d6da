"""What people see: progress, tables, and summaries a newcomer understands. Progress and warnings go to stderr."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from itertools import groupby
from typing import TYPE_CHECKING, Any, Literal

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from arna.air.report_pairs import DOUBT, name_kind_of, read_bead
from arna.runs.run import Progress as RunProgress
from arna.store.export import dump

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from arna.runs import ImportSummary, RunSummary
    from arna.terms import Space

_WIDEST = 100
_WIDEST_LINE = 10_000  # of tables that go to a file or a program


def result(options: Namespace, value: Mapping[str, Any], text: str) -> None:
    """The result of a command: JSON for programs, else the text (unless ``--quiet``)."""
    if options.json:
        print(dump(value))
    elif not options.quiet:
        print(text)


def warn(options: Namespace, line: str) -> None:
    """One line about something that did not stop the work."""
    if not options.quiet:
        print(" ".join(line.splitlines()), file=sys.stderr)


def fail(line: str) -> None:
    """One line about something that could not be done, while the rest goes on; told even with ``--quiet``."""
    print(f"arna: {' '.join(line.splitlines())}", file=sys.stderr)


class Bar:
    """A progress bar with one step at a time."""

    def __init__(self, bars: Progress) -> None:
        self.bars = bars
        self.task: Any = None

    @property
    def progress(self) -> RunProgress:
        """The bar as a run wants it."""
        return RunProgress(self.start, self.advance)

    def start(self, step: str, size: int | None) -> None:
        """Begin a step; the size is None where nobody knows it."""
        self.bars.start()
        self.task = self.bars.add_task(step, total=size)

    def advance(self, done: int) -> None:
        """So much more of the step is done."""
        self.bars.advance(self.task, done)

    def follow(self, step: str, done: int, left: int) -> None:
        """So much of a step is done, and so much is left as far as is known."""
        if self.task is None:
            self.start(step, done + left)
        self.bars.update(self.task, completed=done, total=done + left)

    def reach(self, step: str, size: int, done: int) -> None:
        """So much of a step, which begins with this, is done in all."""
        if self.task is None:
            self.start(step, size)
        self.bars.update(self.task, completed=done)


@contextmanager
def progress(options: Namespace) -> Iterator[Bar]:
    """A progress bar on stderr from the first step on, or none with ``--quiet`` or ``--json``."""
    columns = (TextColumn("{task.description:<28}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    bar = Bar(Progress(*columns, console=Console(stderr=True), disable=options.quiet or options.json))
    try:
        yield bar
    finally:
        if bar.task is not None:
            bar.bars.stop()


def percent(share: float | None) -> str:
    """A share as people read it."""
    return "–" if share is None else f"{100 * share:.0f} %"


def table_rows(names: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    """Any rows as a table."""
    table = Table(show_edge=False, pad_edge=False)
    for name in names:
        # ids and addresses stay whole, to be copied into the next command
        table.add_column(Text(name), overflow="fold", no_wrap=name.endswith(("id", "url")))
    for row in rows:
        table.add_row(*(Text("" if row[name] is None else _shorten(str(row[name]))) for name in names))
    _print_table(table)


def _print_table(table: Table) -> None:
    """As wide as the terminal; whole lines when another program reads."""
    Console(width=None if sys.stdout.isatty() else _WIDEST_LINE).print(table)


def _shorten(text: str) -> str:
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"


def table_voids(rows: Sequence[Mapping[str, Any]], space: Space) -> None:
    """The work list."""
    if not rows:
        print("No voids are counted yet. Next: arna import, then arna run.")
        return
    titles = {topic.id: topic.title for topic in space.topics}
    table = Table(box=SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    columns: tuple[tuple[str, Literal["left", "right"], int], ...] = (
        ("#", "right", 0),
        ("topic", "left", 9),
        ("language", "left", 0),
        ("articles", "right", 0),
        ("own (95 %)", "right", 0),
        ("most rests with", "left", 12),
        ("health", "right", 0),
        ("status", "left", 6),
    )
    for name, align, narrowest in columns:  # what has a narrowest width takes more lines on a narrow screen
        table.add_column(name, justify=align, no_wrap=not narrowest, min_width=narrowest, overflow="fold")
    for row in rows:
        most = f"{row['top_origin']} {percent(row['top_share'])}" if row["top_origin"] else "–"
        table.add_row(
            str(row["rank"]),
            titles.get(row["topic"], row["topic"]),
            row["lang"],
            str(row["articles"]),
            f"{percent(row['own_share'])} ({100 * row['low']:.0f}–{100 * row['high']:.0f})",
            most,
            percent(row["health"]),
            row["status"],
        )
    print(f"{space.title}, weeks of {rows[0]['first_week']} to {rows[0]['last_week']}")
    print(f"own: the part that rests with {', '.join(space.subject.own_origins)}, with its 95 % interval")
    _print_table(table)


def print_article(found: Mapping[str, Any]) -> None:
    """One article and what it rests on, span by span; translated sentences beside those they render."""
    console = Console()
    console.print(Text(str(found["title"] or "(no title)"), style="bold"), soft_wrap=True)
    print(f"{found['outlet']} · {found['published_at']} ({found['published_from']}) · {found['lang']}")
    print(f"{found['url']}\n{found['id']}")
    print("Origins: " + ", ".join(f"{row['origin']} {percent(row['share'])}" for row in found["origins"]))
    for (kind, *_), rows in groupby(found["reliances"], key=_tell_apart):
        if kind in ("translation", DOUBT):
            _print_rendering(console, found, list(rows))
        else:
            for row in rows:
                _print_span(console, found, row)
    if not found["reliances"]:
        print("It rests on nothing that is held here: its own reporting, as far as can be seen.")


def _tell_apart(row: Mapping[str, Any]) -> tuple[object, ...]:
    """What sentences next to each other have in common if they render the same article."""
    bead = read_bead(row) if row["kind"] == "translation" else None
    return name_kind_of(row), bead and bead.source, row["direction"], row["direction_confidence"]


def _name_direction(row: Mapping[str, Any]) -> str:
    if row["direction"] == "judged":
        return "accepted by a person"
    return f"{row['direction']}, {row['direction_confidence']:.2f}"


def _print_span(console: Console, found: Mapping[str, Any], row: Mapping[str, Any]) -> None:
    span = found["text"][row["begin"] : row["end"]] if row["begin"] >= 0 else ""
    source = row["source_outlet"] or "an outlet that is not registered"
    sure = _name_direction(row)
    where = f"{row['begin']}–{row['end']}"
    print(f"\n{row['kind']} {where} rests on {source} (score {row['score']:.2f}; direction: {sure})")
    console.print(Text(f"  here:  {span}"), soft_wrap=True)
    if row["source_text"]:
        console.print(Text(f"  there: {row['source_text']}"), soft_wrap=True)
        print(f"  {row['source_title']} · {row['source_published_at']} · {row['source_url']}")


def _print_rendering(console: Console, found: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> None:
    """Sentences in a row that render one article, or may: who, when and how that is known, then side by side."""
    first, beads = rows[0], [read_bead(row) for row in rows]
    prefix = "perhaps" if beads[0].doubtful else "source"
    where, lang = f"{first['begin']}–{rows[-1]['end']}", first.get(f"{prefix}_lang")
    tongue = f" ({lang})" if lang else ""
    count = "1 sentence" if len(rows) == 1 else f"{len(rows)} sentences"
    if beads[0].doubtful:
        name = first.get("perhaps_outlet") or f"article {beads[0].source}"
        print(
            f"\nperhaps a translation {where}: may render {name}{tongue}, {count}; a doubt, its words count as unknown"
        )
    else:
        name = first["source_outlet"] or "an outlet that is not registered"
        print(f"\ntranslation {where} rests on {name}{tongue}, {count} (direction: {_name_direction(first)})")
    if first.get(f"{prefix}_title"):
        print("  " + " · ".join(str(first[f"{prefix}_{key}"]) for key in ("title", "published_at", "url")))
    table = Table(box=SIMPLE_HEAD, show_edge=False, padding=(0, 2, 0, 0), show_lines=True)
    for side in (f"here, {found['lang']}", f"there, {lang}" if lang else "there"):
        table.add_column(Text(side), ratio=1, overflow="fold")
    for row, bead in zip(rows, beads, strict=True):
        compared = "; ".join(part for part in (bead.compared, bead.margin) if part)
        there = Text(str(row.get(f"{prefix}_text") or "")).append(f"\n{compared}", style="dim")
        table.add_row(Text(found["text"][row["begin"] : row["end"]]), there)
    (console if sys.stdout.isatty() else Console(width=_WIDEST)).print(table)


def describe_run(summary: RunSummary) -> str:
    """What a run did, in a few lines."""
    lines = []
    read = sum(summary.outcomes.values())
    if read:
        kept = summary.outcomes["kept"]
        lines.append(f"Read {read} pages: {kept} articles, {read - kept} without one.")
        lines += [f"  {count} × {reason}" for reason, count in summary.reasons.most_common(8)]
    elif not summary.traced and not summary.space_changed:
        lines.append("Nothing new.")
    if summary.space_changed:
        lines.append("The space's description has changed; it was applied to all articles.")
    if summary.model_before:
        lines.append(f"The model was {summary.model_before}; with the new one all articles were compared anew.")
    if summary.embedded:
        lines.append(f"Read {summary.embedded} texts for meaning; {summary.cached} were known.")
    langs = ", ".join(f"{lang} {count}" for lang, count in summary.languages.items())
    lines.append(f"The space holds {summary.articles} articles ({langs or 'none yet'}).")
    kinds = ", ".join(f"{count} by {kind}" for kind, count in summary.reliances.items())
    lines.append(f"Reliances: {kinds or 'none'}; {summary.families} families of passages.")
    if summary.judgements:
        lines.append(f"Judgements of people: {summary.judgements}; they go before what the machine found.")
    lines.append(f"Voids: {summary.voids} (arna voids -s DIR lists them).")
    return "\n".join(lines)


def describe_demo(folder: Path, imported: ImportSummary, summary: RunSummary, report: Path) -> str:
    """What the demo shows, for somebody who sees Arna for the first time."""
    return "\n".join(
        (
            "",
            f"This is a demo: {imported.documents} pages of invented outlets, about Ukraine as read in Kazakhstan.",
            describe_run(summary).replace("-s DIR", f"-s {folder}"),
            "",
            "A void is a topic in a language that is read a lot while the subject's own reporting is missing from it.",
            f"See for yourself:  arna voids -s {folder}",
            f'                   arna sql -s {folder} "SELECT id, title FROM articles LIMIT 5"',
            f"                   arna article -s {folder} ID",
            f"Report: {report.resolve()}",
        )
    )
