"""``arna outlets``: who is registered in a space."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any

from arna.cli import show
from arna.cli.collecting import choose_options
from arna.runs.checking import check_feeds
from arna.space import load_space
from arna.store.export import dump, plain

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable

    from arna.terms import Outlet

_COLUMNS = ("id", "name", "country", "kind", "control", "origin", "languages", "feeds", "unverified")


def add_outlets(add: Callable[..., ArgumentParser]) -> None:
    """Put the command on the command line; ``add`` makes a command from its name, its function and its help."""
    command = add("outlets", outlets, "list the registered outlets, or check on line what their feeds give")
    command.add_argument(
        "action",
        nargs="?",
        choices=list(_ACTIONS),
        default="list",
        help="what is done with them (default: %(default)s)",
    )
    command.add_argument("--outlet", action="append", metavar="ID", help="only this outlet; may be given several times")


def outlets(options: Namespace) -> int:
    """``arna outlets -s DIR``."""
    return _ACTIONS[options.action](options)


def list_outlets(options: Namespace) -> int:
    """One row per outlet, in the order of the files; with ``--json`` all that is registered about it."""
    registered = [
        outlet for outlet in load_space(options.space).outlets if not options.outlet or outlet.id in options.outlet
    ]
    if options.json:
        print(dump([_describe_outlet(outlet) for outlet in registered]))
    elif registered:
        show.table_rows(_COLUMNS, (_shorten_outlet(outlet) for outlet in registered))
    else:
        print(f"No outlets yet. Write them into {options.space / 'outlets'}/*.toml.")
    return 0


def _shorten_outlet(outlet: Outlet) -> dict[str, Any]:
    """What fits into a table: of feeds and sitemaps their number."""
    row = {name: getattr(outlet, name) for name in _COLUMNS}
    return row | {
        "languages": " ".join(outlet.languages),
        "feeds": len(outlet.feeds) + len(outlet.sitemaps),
        "unverified": " ".join(outlet.unverified),
    }


def _describe_outlet(outlet: Outlet) -> dict[str, Any]:
    """An outlet for programs. Texts that are not known are None."""
    return {
        "id": outlet.id,
        "name": outlet.name,
        "country": outlet.country,
        "region": outlet.region or None,
        "kind": outlet.kind,
        "control": outlet.control or None,
        "origin": outlet.origin,
        "languages": list(outlet.languages),
        "domains": list(outlet.domains),
        "reach": outlet.reach,
        "names": {lang: list(names) for lang, names in outlet.names.items()},
        "home": outlet.home or None,
        "feeds": list(outlet.feeds),
        "sitemaps": list(outlet.sitemaps),
        "wikidata": outlet.wikidata or None,
        "ownership": [
            {"owner": owner.owner, "source": owner.source, "since": owner.since and owner.since.isoformat()}
            for owner in outlet.ownership
        ],
        "unverified": list(outlet.unverified),
    }


def check_outlets(options: Namespace) -> int:
    """Every registered feed, sitemap and home page asked once; exit code 1 where one gives nothing."""
    choice = choose_options(options)
    with show.progress(options) as bar:
        bar.start("Asking feeds", None)
        checks = check_feeds(options.space, choice, partial(bar.advance, 1))
    if options.json:
        print(dump([{name: plain(value) for name, value in asdict(check).items()} for check in checks]))
    elif checks:
        rows = [
            asdict(check) | {"newest": "" if check.newest is None else f"{check.newest:%Y-%m-%d %H:%M}"}
            for check in checks
        ]
        show.table_rows(list(rows[0]), rows)
    bad = sum(bool(check.trouble) for check in checks)
    if bad:
        show.fail(f"{bad} of {len(checks)} feeds, sitemaps and home pages gave nothing; the column trouble says why")
    return 1 if bad else 0


_ACTIONS: dict[str, Callable[[Namespace], int]] = {"list": list_outlets, "check": check_outlets}
