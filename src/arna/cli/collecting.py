"""``arna collect``: live outlets into the space."""

from __future__ import annotations

import argparse
import os
import re
from dataclasses import asdict, replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from arna.cli import show
from arna.collect.live import CollectOptions
from arna.collect.live.addresses import read_networks
from arna.runs.collect_status import read_status
from arna.runs.collecting import collect_space
from arna.settings import read_settings
from arna.store.export import dump, plain

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable

    from arna.runs.collecting import CollectSummary

_SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*(s|m|h|d)")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def add_collect(add: Callable[..., ArgumentParser]) -> None:
    """Add the command to the command line; ``add`` makes one."""
    command = add("collect", collect, "fetch what live outlets publish: feeds and sitemaps, then the pages they list")
    command.add_argument("--outlet", action="append", metavar="ID", help="only this outlet; may be given several times")
    command.add_argument("--since", type=_read_day, metavar="DATE", help="leave pages listed with an earlier date")
    command.add_argument("--every", type=_read_span, metavar="TIME", help="go on, round after round: 15m, 1h, 90s")
    command.add_argument("--status", action="store_true", help="fetch nothing; show what each outlet gave and lacks")


def collect(options: Namespace) -> int:
    """``arna collect -s DIR``."""
    if options.status:
        return _show_status(options)
    choice = replace(choose_options(options), since=options.since, every=options.every)
    if not choice.contact:
        show.warn(options, "Outlets cannot write to you: set ARNA_COLLECT_CONTACT to your address or page.")
    with show.progress(options) as bar:
        summary = collect_space(options.space, choice, partial(bar.follow, "Collecting"))
    counts = {"results": dict(summary.results), "troubles": dict(summary.troubles)}
    result = {name: plain(value) for name, value in vars(summary).items()} | counts
    show.result(options, result, _describe(summary, options))
    return 0


def choose_options(options: Namespace) -> CollectOptions:
    """Options of a collection from the settings and ``--outlet``."""
    settings = read_settings(os.environ)
    return CollectOptions(
        contact=settings.collect_contact,
        pace=settings.collect_pace,
        interval=settings.collect_interval,
        timeout=settings.collect_timeout,
        patience=settings.collect_patience,
        connections=settings.collect_connections,
        allow=read_networks(settings.collect_allow),
        outlets=frozenset(options.outlet) if options.outlet else None,
    )


def _show_status(options: Namespace) -> int:
    found = read_status(options.space)
    if options.outlet:
        found = [status for status in found if status.outlet in options.outlet]
    rows = [{key: plain(value) for key, value in asdict(status).items()} for status in found]
    if options.json:
        print(dump(rows))
        return 0
    shown = []
    for status in found:
        day = "" if status.expected is None else f"{status.collected} of {status.expected:.0f}"
        others = ", ".join(f"{name} {count}" for name, count in status.troubles.items() if name != status.reason)
        shown.append(
            {
                "outlet": status.outlet,
                "feeds": f"{status.feeds - status.feeds_in_trouble}/{status.feeds}",
                "pages": status.pages,
                "waiting": status.waiting,
                "last page": "" if status.last_page is None else f"{status.last_page:%d.%m. %H:%M}",
                "last day": day,
                "why": f"{status.reason} ({status.detail})" if status.detail else status.reason,
                "also": others,
            }
        )
    show.table_rows(list(shown[0]) if shown else ["outlet"], shown)
    return 0


def _describe(summary: CollectSummary, options: Namespace) -> str:
    text = f"{summary.pages} new pages in {summary.requests} requests"
    unchanged = summary.results["unchanged"]
    if unchanged:
        text += f", {unchanged} unchanged"
    if summary.troubles:
        told = ", ".join(f"{reason} {count}" for reason, count in summary.troubles.most_common(6))
        text += f"\nNot had: {told}. `arna collect -s {options.space} --status` names the outlets."
    if summary.waiting:
        text += f"\n{summary.waiting} pages wait for their turn; the same command goes on with them."
    if not summary.requests and summary.next_due:
        text += f"\nNothing is due before {summary.next_due:%H:%M} UTC."
    if summary.undelivered:
        text += f"\n{summary.undelivered} requests wait until the other arna is done writing; nothing is lost."
    return text + (f"\nNext: arna run -s {options.space}" if summary.pages else "")


def _read_day(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"'{text}' is no day such as 2026-05-01") from error
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _read_span(text: str) -> float:
    found = _SPAN.fullmatch(text.strip().lower())
    seconds = float(found[1]) * _SECONDS[found[2]] if found else 0.0
    if seconds <= 0:
        raise argparse.ArgumentTypeError(f"'{text}' is no span of time such as 15m, 1h or 90s")
    return seconds
