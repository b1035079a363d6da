"""Runs benches, prints their figures, and holds them against the floors in floors.json.

A floor is a figure once reached. `--raise` writes better figures down; lowering one takes `--lower NAME`.
"""

from __future__ import annotations

import argparse
import importlib
import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
BENCHES = (
    "identify", "extract", "credits", "trace", "embed", "topics", "translations", "pages", "scale", "translation_cost",
    "feeds", "search", "observatory",
)  # fmt: skip
FLOORS = HERE / "floors.json"


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("names", nargs="*", default=BENCHES, metavar="NAME", help=", ".join(BENCHES))
    parser.add_argument("--raise", dest="raising", action="store_true", help="write better figures into floors.json")
    parser.add_argument("--lower", metavar="FIGURE", action="append", default=[], help="accept a lower figure")
    options = parser.parse_args()
    floors = json.loads(FLOORS.read_text())
    fallen = []
    for name in options.names:
        print(f"\n== {name}")
        figures = flatten(importlib.import_module(f"bench.{name}").run())
        (HERE / "out").mkdir(exist_ok=True)
        (HERE / "out" / f"{name}.json").write_text(json.dumps(figures, indent=1, ensure_ascii=False))
        for key, floor in floors.get(name, {}).items():
            figure = figures.get(key)
            if figure is None:
                print(f"  {key}: not measured (floor {floor})")
            elif figure < floor and f"{name}.{key}" not in options.lower:
                fallen.append(f"{name}.{key}: {figure:.4g} is below its floor {floor}")
            elif options.raising or f"{name}.{key}" in options.lower:
                floors[name][key] = round(figure - 5e-4, 3)
    if options.raising or options.lower:
        FLOORS.write_text(json.dumps(floors, indent=1) + "\n")
    print("\n" + ("\n".join(fallen) if fallen else "All figures are at or above their floors."))
    return 1 if fallen else 0


def flatten(figures: dict[str, Any], before: str = "") -> dict[str, float]:
    """Figures of figures as one level: {"a": {"b": 1}} is {"a/b": 1}."""
    flat: dict[str, float] = {}
    for key, value in figures.items():
        if isinstance(value, dict):
            flat |= flatten(value, f"{before}{key}/")
        elif isinstance(value, (int, float)):
            flat[f"{before}{key}"] = value
    return flat


if __name__ == "__main__":
    raise SystemExit(main())
