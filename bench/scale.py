"""Articles from JSON lines to voids with the real commands: speed, growth, the cost of one more day, peak memory.

The corpus is planted (bench/planted.py), 270 words an article. Growth is the exponent b of CPU time ~ articles^b from
the smallest size to the largest; 1 is linear.
"""

from __future__ import annotations

import json
import math
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bench.planted import plant

if TYPE_CHECKING:
    from collections.abc import Sequence

SIZES = (10_000, 20_000, 40_000, 80_000)


def run(sizes: Sequence[int] = SIZES) -> dict[str, float]:
    figures: dict[str, float] = {}
    cpu_of: dict[int, float] = {}
    with tempfile.TemporaryDirectory(prefix="arna-scale-") as folder:
        day = _write(Path(folder) / "day.jsonl", plant(sizes[0], seed=99, wires=0).articles[: sizes[-1] // 365], "d")
        for size in sizes:
            planted = plant(size, wires=max(2, size // 5_000))
            source = Path(folder) / f"{size}.jsonl"
            _write(source, planted.articles, "a")
            del planted
            space = Path(folder) / f"space-{size}"
            _run("init", str(space), "--template", "demo")
            took = _run("import", "-s", str(space), str(source))
            whole = _run("run", "-s", str(space))
            _run("import", "-s", str(space), str(day))
            more = _run("run", "-s", str(space))
            cpu_of[size] = whole["cpu"]
            print(
                f"{size} articles: import {took['cpu']:.0f} s CPU; "
                f"run {whole['cpu']:.0f} s CPU, {whole['wall']:.0f} s, "
                f"{size / whole['cpu']:.0f} articles per CPU-second, peak {whole['peak_mb']:.0f} MB; "
                f"one more day ({sizes[-1] // 365} articles): {more['cpu']:.1f} s CPU, {more['wall']:.1f} s"
            )
            figures |= {
                f"articles_per_cpu_second_{size}": size / whole["cpu"],
                f"peak_mb_{size}": whole["peak_mb"],
                f"one_day_cpu_share_{size}": more["cpu"] / whole["cpu"],
            }
            source.unlink()
    if len(sizes) > 1:
        exponent = math.log(cpu_of[sizes[-1]] / cpu_of[sizes[0]]) / math.log(sizes[-1] / sizes[0])
        print(f"growth from {sizes[0]} to {sizes[-1]}: exponent {exponent:.2f}")
        figures["growth_exponent"] = exponent
        figures["linearity"] = 1 / exponent
    return figures


def _write(path: Path, articles: Sequence[dict[str, object]], name: str) -> Path:
    keys = ("url", "outlet", "title", "text", "published_at", "lang")
    with path.open("w", encoding="utf-8") as file:
        for number, row in enumerate(articles):
            url = f"https://{row['outlet']}.example/{name}{number}"
            file.write(json.dumps({**{key: row[key] for key in keys}, "url": url}, ensure_ascii=False) + "\n")
    return path


def _run(*arguments: str) -> dict[str, float]:
    """Run one command; CPU of it and its children, wall time, and the largest memory of any one process."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "arna", *arguments, "--quiet"])
    peak = 0
    while process.poll() is None:
        peak = max(peak, _measure_tree(process.pid))
        time.sleep(0.05)
    if process.returncode:
        raise RuntimeError(f"arna {arguments[0]} failed with {process.returncode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"cpu": cpu, "wall": time.perf_counter() - start, "peak_mb": peak / 1e6}


def _measure_tree(pid: int) -> int:
    """Memory of a process and all below it, in bytes (proportional share, so that shared pages count once)."""
    total, waiting = 0, [pid]
    while waiting:
        at = waiting.pop()
        try:
            waiting += [int(child) for child in Path(f"/proc/{at}/task/{at}/children").read_text().split()]
            rollup = Path(f"/proc/{at}/smaps_rollup").read_text()
            total += next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")) * 1024
        except (OSError, StopIteration):
            continue
    return total


if __name__ == "__main__":
    os.environ.setdefault("PYTHONWARNINGS", "ignore")
    run([int(size) for size in sys.argv[1:]] or SIZES)
