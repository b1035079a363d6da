"""``arna outlets``: who is registered in a space."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from arna.cli import show
from arna.space import load_space
from arna.store.export import dump

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable

    from arna.terms import Outlet

_COLUMNS = ("id", "name", "country", "kind", "control", "origin", "languages", "feeds", "unverified")


def add_outlets(add: Callable[..., ArgumentParser]) -> None:
    """Put the command on the command line; ``add`` makes a command from its name, its function and its help."""
    command = add("outlets", outlets, "list the registered outlets")
    command.add_argument(
        "action",
        nargs="?",
        choices=list(_ACTIONS),
        default="list",
        help="what is done with them (default: %(default)s)",
    )


def outlets(options: Namespace) -> int:
    """``arna outlets -s DIR``."""
    return _ACTIONS[options.action](options)


def list_outlets(options: Namespace) -> int:
    """One row per outlet, in the order of the files; with ``--json`` all that is registered about it."""
    registered = load_space(options.space).outlets
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


_ACTIONS: dict[str, Callable[[Namespace], int]] = {"list": list_outlets}
