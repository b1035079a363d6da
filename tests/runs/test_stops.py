"""A run that is killed and started again ends with the tables of an undisturbed one."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from arna.runs import import_files, run_space
from arna.space import create_space
from arna.space.demo import build_demo
from arna.store import Lake, LakeWriter
from arna.terms import SCHEMAS


def make_space(folder: Path, learned: Path | None = None) -> Path:
    """A third of the demo, imported; with the vectors another space has learned: the model's work is not tested here."""
    create_space(folder, "demo")
    files = build_demo(folder)
    import_files(folder, [files.pages])
    with LakeWriter(folder / "lake") as lake:
        lake.replace("documents", lake.query("SELECT * FROM documents WHERE id < '55' ORDER BY id", ["documents"]))
    if learned is not None:
        shutil.copytree(learned / "lake/vectors", folder / "lake/vectors")
        shutil.copy(learned / "lake/.embedded-with", folder / "lake")
    return folder


def rows_of(folder: Path) -> dict[str, list[str]]:
    lake = Lake(folder / "lake")
    return {name: sorted(json.dumps(row, default=str) for row in lake.read(name).to_pylist()) for name in SCHEMAS}


SCRIPT = (
    "import arna.runs.reading as r, sys; from pathlib import Path; from arna.runs import run_space;"
    "r.BATCH, r.COMMIT = 100, 1; run_space(Path(sys.argv[1]), workers=int(sys.argv[2]))"
)
"""A run in many small steps, so that a kill finds it at work."""


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_space(tmp_path_factory.mktemp("undisturbed"))
    subprocess.run([sys.executable, "-c", SCRIPT, str(folder), "2"], check=True)
    return folder


@pytest.fixture(scope="module")
def undisturbed(learned: Path) -> dict[str, list[str]]:
    return rows_of(learned)


def test_a_second_run_finds_nothing_new_and_changes_nothing(
    tmp_path: Path, undisturbed: dict[str, list[str]], learned: Path
):
    folder = make_space(tmp_path / "twice", learned)
    subprocess.run([sys.executable, "-c", SCRIPT, str(folder), "1"], check=True)
    assert rows_of(folder) == undisturbed
    versions = {name: Lake(folder / "lake").files(name) for name in SCHEMAS}
    summary = run_space(folder)
    assert (summary.traced, sum(summary.outcomes.values())) == (0, 0)
    assert {name: Lake(folder / "lake").files(name) for name in SCHEMAS} == versions


def test_killed_at_random_moments_it_ends_with_the_same_tables(
    tmp_path: Path, undisturbed: dict[str, list[str]], learned: Path
):
    folder = make_space(tmp_path / "killed", learned)
    rng = random.Random(5)
    start = time.monotonic()
    subprocess.run([sys.executable, "-c", SCRIPT, str(make_space(tmp_path / "timed", learned)), "1"], check=True)
    whole = time.monotonic() - start  # so that kills fall into the work on fast machines and on slow ones
    kills = 0
    for attempt in range(5):
        process = subprocess.Popen([sys.executable, "-c", SCRIPT, str(folder), str(1 + attempt % 2)])
        try:
            process.wait(rng.uniform(0.15, 0.6) * whole)
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
            kills += 1
    assert kills
    subprocess.run([sys.executable, "-c", SCRIPT, str(folder), "1"], check=True)
    assert rows_of(folder) == undisturbed


def test_a_stop_between_the_last_commits_leaves_nothing_twice(
    tmp_path: Path, undisturbed: dict[str, list[str]], learned: Path, monkeypatch: pytest.MonkeyPatch
):
    import arna.runs.run as module

    folder = make_space(tmp_path / "late", learned)
    for name in ("_measure_voids", "_tabulate_traced"):
        with monkeypatch.context() as patch:
            patch.setattr("arna.runs.reading.BATCH", 100)
            patch.setattr("arna.runs.reading.COMMIT", 1)

            def stop(*_given: object) -> None:
                raise KeyboardInterrupt

            patch.setattr(module, name, stop)
            with pytest.raises(KeyboardInterrupt):
                run_space(folder, workers=1)
    run_space(folder, workers=1)
    assert rows_of(folder) == undisturbed


def test_a_changed_space_is_applied_to_all_articles(tmp_path: Path, learned: Path):
    folder = make_space(tmp_path / "changed space", learned)
    run_space(folder, workers=1)
    before = rows_of(folder)
    assert '"credit"' in "".join(before["reliances"])
    registry = folder / "outlets" / "ru.toml"
    registry.write_text(registry.read_text(encoding="utf-8").replace('"russia-state"', '"russia-independent"'), "utf-8")
    run_space(folder, workers=1)
    after = rows_of(folder)
    assert "russia-state" not in "".join(after["origins"])
    assert before["matches"] == after["matches"]
    assert len(before["articles"]) == len(after["articles"])


def test_days_that_come_one_by_one_give_the_tables_of_one_run(tmp_path: Path):
    lines = []
    folder = tmp_path / "pages"
    create_space(folder, "demo")
    truth = build_demo(folder).truth.read_text(encoding="utf-8").splitlines()
    for line in truth:
        row = json.loads(line)
        if row["outcome"] == "kept" and row["case"] not in ("duplicate", "duplicate-utm"):
            keys = ("url", "outlet", "title", "text", "published_at", "lang", "links")
            lines.append(json.dumps({key: row[key] for key in keys}, ensure_ascii=False))
    spaces = []
    for name, parts in (("whole", 1), ("daily", 3)):
        spaces.append(tmp_path / name)
        create_space(spaces[-1], "demo")
        for part in range(parts):
            source = tmp_path / f"{name}-{part}.jsonl"
            source.write_text("\n".join(lines[part::parts]) + "\n", encoding="utf-8")
            import_files(spaces[-1], [source])
            # Margins of translations depend a little on what else is held; tests/runs/test_translations.py has those.
            run_space(spaces[-1], workers=1, translations="off")
    whole, daily = (rows_of(space) for space in spaces)
    for name in ("articles", "reliances", "families", "origins", "coverage", "voids", "health"):
        drop = {"document_id"} if name == "articles" else set()
        both = [
            sorted(json.dumps({k: v for k, v in json.loads(row).items() if k not in drop}) for row in rows[name])
            for rows in (whole, daily)
        ]
        assert both[0] == both[1], name
