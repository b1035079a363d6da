"""Whole runs over a small press in several languages, with a model that knows its sentences by heart."""

from __future__ import annotations

import hashlib
import json
import signal
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from arna.engines.sift import PieceSift
from arna.runs import import_files, run_space
from arna.runs.run import RunSummary
from arna.space import create_space
from arna.store import Lake, LakeWriter
from arna.terms import SCHEMAS
from arna.text.leads import lead_of
from arna.text.respell import respell
from arna.text.sentences import split_passages
from tests.trace.harness import story

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

ROOT = Path(__file__).parents[2]
TAGS = {"ru": "ru-Cyrl", "kk": "kk-Cyrl", "uk": "uk-Cyrl", "uz": "uz-Latn"}
SNOW = {
    "ru": "Первый снег выпал в Алматы в ночь на субботу. К утру коммунальные службы вывели на дороги 180 машин. На "
    "проспекте Достык образовалась пробка длиной три километра. Синоптики обещают мороз до 12 градусов. Школы второй "
    "смены перевели на дистанционные уроки. В горах объявлена опасность схода лавин.",
    "kk": "Алматыда сенбіге қараған түні алғашқы қар жауды. Таңға қарай коммуналдық қызметтер жолға 180 көлік шығарды. "
    "Достық даңғылында ұзындығы үш шақырым кептеліс пайда болды. Синоптиктер 12 градусқа дейін аяз болады дейді. "
    "Екінші ауысымдағы мектептер қашықтан оқуға көшірілді. Тауда көшкін қаупі жарияланды.",
}
OFF_SUBJECT = "snow"
PRESS = [
    # story, language, outlet, hours after the first
    (9, "ru", "rosvestinform", 0), (9, "kk", "aqbosaga", 3), (9, "uz", "chinor-axborot", 8),
    (13, "uk", "barvinform", 10), (13, "ru", "tihiy-telegraf", 14), (13, "kk", "sunqar-5", 30),
    (OFF_SUBJECT, "ru", "stepnoy-perekrestok", 31), (OFF_SUBJECT, "kk", "aqbosaga", 34),
    (19, "ru", "rosvestinform", 40), (21, "kk", "aqbosaga", 44), (3, "ru", "rosvestinform", 60),
    (3, "kk", "aqbosaga", 66),
]  # fmt: skip
Row = dict[str, Any]


@cache
def tell(name: int | str, lang: str) -> str:
    return SNOW[lang] if isinstance(name, str) else story(name, lang)


def make_rows(press: Sequence[tuple[int | str, str, str, int]] = tuple(PRESS)) -> list[Row]:
    return [
        {
            "url": f"https://{outlet}.example/{lang}/{name}",
            "outlet": outlet,
            "title": f"{name} {lang}",
            "text": tell(name, lang),
            "published_at": f"2025-10-{1 + hours // 24:02}T{hours % 24:02}:10:00Z",
            "lang": TAGS[lang],
        }
        for name, lang, outlet, hours in press
    ]


class Knowing:
    """Knows which story, and which sentence of it, a text of the press is; what else it is given is strange to it."""

    def __init__(self, name: str = "knowing", dimensions: int = 96) -> None:
        self.name, self.dimensions = name, dimensions
        self.given: list[str] = []
        self.known: dict[str, str] = {}
        for (number, lang, *_), row in zip(PRESS, make_rows(), strict=True):
            text, tag = row["text"], row["lang"]
            self.known[respell(lead_of(row["title"], text), tag)] = f"{number} lead"
            for n, (begin, end) in enumerate(split_passages(text)):
                self.known[respell(text[begin:end], tag)] = f"{number} {n}"
            assert lang

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.given += texts
        vectors = np.array(
            [self._draw(self.known.get(text, text)) + 0.6 * self._draw(text) for text in texts], np.float32
        ).reshape(len(texts), self.dimensions)
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)

    def _draw(self, key: str) -> NDArray[np.float64]:
        seed = hashlib.sha256(f"{self.name} {key}".encode("utf-8", "surrogatepass")).digest()
        return np.random.default_rng(list(seed)).normal(size=self.dimensions)


def make_space(folder: Path) -> Path:
    create_space(folder, "demo")
    return folder


def add(folder: Path, rows: Sequence[Row]) -> None:
    source = folder.parent / f"{folder.name}.jsonl"
    source.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    assert import_files(folder, [source]).new == len(rows)


def run(folder: Path, model: Knowing | None = None, translations: str = "subject") -> RunSummary:
    return run_space(folder, workers=1, translations=translations, embedder=model or Knowing())


def rows_of(folder: Path, names: Sequence[str] = tuple(SCHEMAS)) -> dict[str, list[str]]:
    lake = Lake(folder / "lake")
    return {name: sorted(json.dumps(row, default=str) for row in lake.read(name).to_pylist()) for name in names}


CONCLUDED = ("articles", "topics", "reliances", "families", "origins", "coverage", "voids", "health")


def concluded(folder: Path, without: Sequence[str] = ("document_id",)) -> dict[str, list[str]]:
    """What a reader is shown; without the documents' ids, which depend on how they came."""
    lake = Lake(folder / "lake")
    return {
        name: sorted(
            json.dumps({key: value for key, value in row.items() if key not in without}, default=str)
            for row in lake.read(name).to_pylist()
        )
        for name in CONCLUDED
    }


def told(folder: Path) -> set[tuple[str, str]]:
    """(host, source) of every translation, as the ends of their addresses."""
    rows = Lake(folder / "lake").query(
        """SELECT DISTINCT a.url AS host, b.url AS source FROM reliances r JOIN articles a ON a.id = r.article_id
           JOIN articles b ON b.id = r.source_article_id WHERE r.kind = 'translation'""",
        ["reliances", "articles"],
    )
    ends = ([url.split(".example/")[1] for url in rows[name].to_pylist()] for name in ("host", "source"))
    return set(zip(*ends, strict=True))


@pytest.fixture(autouse=True, scope="module")
def sift() -> Iterator[None]:
    """One rough picture for all runs: opening it is most of what a small run costs."""
    with pytest.MonkeyPatch.context() as patch:
        opened = PieceSift()
        patch.setattr("arna.runs.meaning.PieceSift", lambda *_given: opened)
        yield


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[Path, Knowing, RunSummary]]:
    """A space with the whole press in one run, by its mode."""

    @cache
    def make(translations: str) -> tuple[Path, Knowing, RunSummary]:
        folder, model = make_space(tmp_path_factory.mktemp(translations) / "space"), Knowing()
        add(folder, make_rows())
        return folder, model, run(folder, model, translations)

    return make


@pytest.fixture(scope="module")
def fresh(runs: Callable[[str], tuple[Path, Knowing, RunSummary]]) -> Callable[[str], Path]:
    return lambda translations: runs(translations)[0]


ON_SUBJECT = {("kk/9", "ru/9"), ("uz/9", "ru/9"), ("ru/13", "uk/13"), ("kk/13", "uk/13"), ("kk/3", "ru/3")}


@pytest.mark.parametrize(
    ("mode", "found"),
    [("off", set()), ("subject", ON_SUBJECT), ("all", ON_SUBJECT | {("kk/snow", "ru/snow")})],
)
def test_what_is_traced_across_languages_is_a_setting(
    fresh: Callable[[str], Path], mode: str, found: set[tuple[str, str]]
):
    assert told(fresh(mode)) == found


def test_every_article_has_the_origin_of_its_root(fresh: Callable[[str], Path]):
    rows = Lake(fresh("subject") / "lake").query(
        "SELECT a.url, o.origin, o.share FROM origins o JOIN articles a ON a.id = o.article_id WHERE o.share > 0.9",
        ["origins", "articles"],
    )
    most = {row["url"].split(".example/")[1]: row["origin"] for row in rows.to_pylist()}
    assert {most[end] for end in ("kk/9", "uz/9", "kk/3")} == {"russia-state"}
    assert {most[end] for end in ("ru/13", "kk/13")} == {"ukraine"}
    assert {most[end] for end in ("ru/9", "uk/13", "ru/19", "kk/21")} == {"own"}


@pytest.mark.parametrize("mode", ["off", "subject"])
def test_the_model_is_given_no_sentence_that_is_not_to_be_compared(
    runs: Callable[[str], tuple[Path, Knowing, RunSummary]], mode: str
):
    barred = [OFF_SUBJECT] if mode == "subject" else [name for name, *_ in PRESS]
    texts = {tell(name, lang) for name, lang, *_ in PRESS if name in barred}
    sentences = {text[begin:end] for text in texts for begin, end in split_passages(text)}
    assert sentences & set(runs(mode)[1].given) == set()


def test_a_second_run_asks_the_model_for_nothing(runs: Callable[[str], tuple[Path, Knowing, RunSummary]]):
    folder, model, summary = runs("subject")
    assert len(model.given) == len(set(model.given)) == summary.embedded > 50
    before, again = rows_of(folder), Knowing()
    summary = run(folder, again)
    assert (again.given, summary.embedded, summary.traced, summary.model_before) == ([], 0, 0, None)
    assert rows_of(folder) == before


def test_a_new_day_embeds_its_own_texts_alone_and_ends_as_one_run_would(tmp_path: Path, fresh: Callable[[str], Path]):
    """But for margins and scores: how near two passages are is told by what else was there when they were compared."""
    folder, first, second = make_space(tmp_path / "space"), Knowing(), Knowing()
    add(folder, [row for row in make_rows() if row["lang"] != "kk-Cyrl"])
    run(folder, first)
    add(folder, [row for row in make_rows() if row["lang"] == "kk-Cyrl"])
    summary = run(folder, second)
    assert set(first.given) & set(second.given) == set()
    assert summary.embedded == len(second.given) > 0
    without = ("document_id", "score", "detail")
    assert concluded(folder, without) == concluded(fresh("subject"), without)


def test_another_model_traces_anew_and_mixes_nothing(tmp_path: Path):
    spaces = [make_space(tmp_path / name) for name in ("changed", "straight")]
    for folder in spaces:
        add(folder, make_rows()[:4])
    run(spaces[0], Knowing())
    other = Knowing("another", 64)
    summary = run(spaces[0], other)
    assert (summary.model_before, summary.traced) == ("knowing", 0)
    assert summary.embedded == len(other.given) > 20
    assert run(spaces[1], Knowing("another", 64)).model_before is None
    assert concluded(spaces[0]) == concluded(spaces[1])
    tables = ("vectors", "alignments", "matches")
    assert rows_of(spaces[0], tables) == rows_of(spaces[1], tables)
    assert {len(vector) for vector in Lake(spaces[0] / "lake").read("vectors")["vector"].to_pylist()} == {64}


def test_another_choice_of_articles_ends_as_if_it_had_been_made_at_first(tmp_path: Path, fresh: Callable[[str], Path]):
    folder = make_space(tmp_path / "space")
    add(folder, make_rows())
    for mode in ("all", "subject", "off"):
        assert run(folder, translations=mode).model_before is None
        assert concluded(folder) == concluded(fresh(mode)), mode


def stop_at(patch: pytest.MonkeyPatch, method: str, name: str) -> None:
    """Stop the run just before something of this name is written."""
    write = getattr(LakeWriter, method)

    def stop(self: LakeWriter, given: str, *rest: object) -> None:
        if given == name:
            raise KeyboardInterrupt
        write(self, given, *rest)

    patch.setattr(LakeWriter, method, stop)


STOPS = [("replace", "alignments"), ("remember", "aligned-with"), ("remember", "traced-with")]


def test_stopped_before_any_commit_it_ends_with_the_same_tables(
    tmp_path: Path, fresh: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
):
    folder, model = make_space(tmp_path / "space"), Knowing()
    add(folder, make_rows())
    for method, name in STOPS:
        with monkeypatch.context() as patch:
            stop_at(patch, method, name)
            with pytest.raises(KeyboardInterrupt):
                run(folder, model)
    run(folder, model)
    assert rows_of(folder) == rows_of(fresh("subject"))


KILLED = """
import os, signal, sys
from pathlib import Path
from arna.store import LakeWriter
from tests.runs.test_translations import Knowing, run
write = LakeWriter.append
def append(self, name, rows):
    write(self, name, rows)
    if name == "vectors":
        os.kill(os.getpid(), signal.SIGKILL)
LakeWriter.append = append
run(Path(sys.argv[1]))
"""


def test_killed_after_its_first_vectors_it_goes_on_from_them(tmp_path: Path, fresh: Callable[[str], Path]):
    folder, model = make_space(tmp_path / "space"), Knowing()
    add(folder, make_rows())
    killed = subprocess.run([sys.executable, "-c", KILLED, str(folder)], cwd=ROOT, check=False)
    assert killed.returncode == -signal.SIGKILL
    held = Lake(folder / "lake").read("vectors").num_rows
    assert held > 0
    summary = run(folder, model)
    assert summary.cached >= held
    assert rows_of(folder) == rows_of(fresh("subject"))


def test_a_change_of_mind_after_a_stop_loses_no_translation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = make_space(tmp_path / "space")
    add(folder, make_rows()[:-1])
    run(folder)
    with monkeypatch.context() as patch:
        stop_at(patch, "remember", "aligned-with")
        with pytest.raises(KeyboardInterrupt):
            run(folder, translations="off")
    add(folder, make_rows()[-1:])
    run(folder)
    assert told(folder) == ON_SUBJECT


def test_a_changed_subject_traces_what_is_now_on_it(tmp_path: Path):
    folder = make_space(tmp_path / "space")
    add(folder, make_rows())
    run(folder)
    settings = folder / "space.toml"
    text = settings.read_text(encoding="utf-8")
    stems = text.index("[subject.stems]")
    line = text.index("ru = [", stems)
    text = text[:line] + text[line:].replace("ru = [", 'ru = ["алматы", ', 1)
    line = text.index("kk = [", stems)
    settings.write_text(text[:line] + text[line:].replace("kk = [", 'kk = ["алматы", ', 1), encoding="utf-8")
    assert run(folder).space_changed
    assert told(folder) == ON_SUBJECT | {("kk/snow", "ru/snow")}
