"""Translations: pairs of articles, sentence spans, direction and shares, against corpora whose truth is known.

    python -m bench.translations [--corpus sib,demo,cases,noise] [--hosts kk,uz] [--sources ru,en] [--worlds 1]
                                 [--misses 20] [--no-peers]

Each corpus of :mod:`bench.translation_corpora` is imported into a space of its own and run with the real stages. Beside
it, on the same articles with the same engine: mutual nearest articles by cosine, and mutual nearest sentences by margin
(LASER, CCMatrix), both with the best threshold for that very corpus and with the true clock.

A pair (host, source) is right if the host was translated from the source, directly or through others. Another earlier
rendering of the same original is related: neither right nor wrong, but good enough for recall and spans. A true pair
turned round is wrong unless its direction is said to be unclear. Spans are scored in code points that are no spaces,
within found pairs. ``recall_kk_ru`` is of hosts in kk whose direct source is in ru; others are by kind and corpus.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from collections import Counter, defaultdict
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from arna.engines import embed
from arna.errors import EmbedError
from arna.runs import import_files, run_space
from arna.store import Lake
from arna.text.sentences import split_passages
from bench.translation_corpora import HOSTS, OUTLETS, SOURCES, build_corpora, shorten

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bench.translation_corpora import Article, Corpus

CORPORA = ("sib", "demo", "cases", "noise")
KINDS = ("translation", "free", "partial", "added", "summary")
ALONE = ("independent", "follow-up", "same-event", "distractor", "noise")
SIDES = ("host", "source")
PEERS = ("articles", "sentences")
WORLDS = 2  # about 54 pairs a pair of languages, so that one miss is 2 %


class Found(NamedTuple):
    """A span that is said to render another article's."""

    host: str
    begin: int
    end: int
    source: str
    source_begin: int
    source_end: int
    direction: str


class Traced(NamedTuple):
    """What a run says of a corpus; ``unknown`` is the share of unknown origin by article."""

    found: list[Found]
    unknown: dict[str, float]


def trace_corpus(corpus: Corpus) -> Traced:
    """Import a corpus into a space of its own, run it, and read what it found."""
    with tempfile.TemporaryDirectory(prefix="arna-translations-") as name:
        folder = Path(name)
        write_space(corpus, folder)
        rows = folder / "articles.jsonl"
        rows.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in corpus.rows()), encoding="utf-8")
        imported = import_files(folder, [rows])
        assert imported.new == len(corpus.articles), imported
        run_space(folder, translations="all")
        return read_traced(Lake(folder / "lake"), corpus)


def write_space(corpus: Corpus, folder: Path) -> None:
    """A space with the corpus' outlets; every language is an origin of its own, so that doubt shows."""
    tags = sorted({article.row["lang"] for article in corpus.articles.values()})
    head = f'id = "bench"\ntitle = "Bench"\nlanguages = {json.dumps(tags)}\ntopics = []\n'
    head += '[subject]\nid = "any"\ntitle = "Any"\nown_origins = []\n[subject.stems]\nen = ["ukrain"]\n'
    origins = "".join(f'[[origins]]\nid = "from-{tag.lower()}"\ntitle = "{tag}"\n' for tag in tags)
    (folder / "space.toml").write_text(head + origins, encoding="utf-8")
    outlets = "".join(
        f'[[outlet]]\nid = "{shorten(tag).lower()}-{n}"\nname = "{tag} {n}"\norigin = "from-{tag.lower()}"\n'
        f'country = "kz"\nkind = "portal"\nlanguages = ["{tag}"]\ndomains = ["{shorten(tag).lower()}-{n}.example"]\n'
        for tag in tags
        for n in range(OUTLETS)
    )
    (folder / "outlets").mkdir()
    (folder / "outlets/bench.toml").write_text(outlets, encoding="utf-8")


def read_traced(lake: Lake, corpus: Corpus) -> Traced:
    """Translations a run found; copies too where both articles are in one language (a reprint in another script)."""
    rows = lake.query(
        """SELECT a.url AS host, r.begin, r.end, b.url AS source, source_begin, source_end, direction, kind
           FROM reliances r JOIN articles a ON a.id = r.article_id JOIN articles b ON b.id = r.source_article_id
           WHERE kind IN ('translation', 'copy') ORDER BY ALL""",
        ["reliances", "articles"],
    ).to_pylist()
    kept = [row for row in rows if row.pop("kind") == "translation" or _are_one_language(corpus, row)]
    unknown = lake.query(
        "SELECT a.url, o.share FROM origins o JOIN articles a ON a.id = o.article_id WHERE o.origin = 'unknown'",
        ["origins", "articles"],
    ).to_pylist()
    return Traced([Found(**row) for row in kept], {row["url"]: row["share"] for row in unknown})


def _are_one_language(corpus: Corpus, row: dict[str, str]) -> bool:
    one, other = (corpus.articles[row[side]] for side in SIDES)
    return one.lang[:2] == other.lang[:2] and corpus.relate(one.url, other.url) != "wrong"


class Tally:
    """Counts by group of pairs: languages, kind, corpus, all."""

    def __init__(self) -> None:
        self.counts: dict[str, Counter[str]] = defaultdict(Counter)
        self.misses: list[str] = []

    def add(self, groups: Iterable[str], **counts: float) -> None:
        for group in groups:
            for name, count in counts.items():
                self.counts[group][name] += count  # type: ignore[assignment]

    def measure(self, group: str) -> dict[str, float]:
        """Figures of a group; those without anything to measure are left out."""
        count = self.counts[group]
        spans = {side: (count[f"{side}_hit"], count[f"{side}_false"], count[f"{side}_missed"]) for side in SIDES}
        both = tuple(map(sum, zip(*spans.values(), strict=True)))
        parts = {
            "precision": (count["right"], count["right"] + count["wrong"]),
            "recall": (count["hosts_found"], count["hosts"]),
            "spans_f1": (2 * both[0], 2 * both[0] + both[1] + both[2]),
            **{f"spans_f1_{side}": (2 * hit, 2 * hit + false + missed) for side, (hit, false, missed) in spans.items()},
            "aligned": (count["rows_aligned"], count["rows"]),
            "direction": (count["forward"], count["forward"] + count["backward"]),
            "direction_undated": (count["day_forward"], count["day_forward"] + count["day_backward"]),
            "share_error": (count["share_error"], count["hosts"]),
            "unknown": (count["unknown"], count["articles"]),
            "falsely": (count["alone_traced"], count["alone"]),
        }
        return {name: part / whole for name, (part, whole) in parts.items() if whole}


def score(corpus: Corpus, traced: Traced, tally: Tally) -> None:
    """Count what was found against a corpus' truth."""
    name = corpus.name.partition("-")[0]
    by_host: dict[str, dict[str, list[Found]]] = defaultdict(lambda: defaultdict(list))
    for row in traced.found:
        by_host[row.host][row.source].append(row)
    good: dict[str, dict[str, list[Found]]] = defaultdict(dict)
    for host, sources in by_host.items():
        for source, rows in sources.items():
            if score_pair(corpus, (host, source), rows, tally):
                good[host][source] = rows
    for article in corpus.articles.values():
        doubt = float(traced.unknown.get(article.url, 0) > 0)
        if article.sources:
            groups = (f"{article.lang}_{corpus.articles[article.sources[0]].lang}", article.kind, name, "all")
            found = article.url in good or _is_turned(article, by_host)
            every = [row for rows in by_host.get(article.url, {}).values() for row in rows]
            error = abs(_share_of(article, every) - _share_of(article, None))
            tally.add(groups, hosts=1, hosts_found=found, articles=1, unknown=doubt, share_error=error)
            if article.url in good:
                score_spans(corpus, article, good[article.url], groups, tally)
            if not found:
                tally.misses.append(f"missed {groups}: {article.url} {article.row['title']!r} of {article.sources[0]}")
        else:
            alone = not article.keys
            tally.add(
                (article.kind, name, "all"),
                articles=1,
                unknown=doubt,
                alone=alone,
                alone_traced=alone and article.url in by_host,
            )


def score_pair(corpus: Corpus, pair: tuple[str, str], rows: Sequence[Found], tally: Tally) -> bool:
    """Count a reported pair; whether its spans can be measured."""
    host, source = (corpus.articles[url] for url in pair)
    verdict = corpus.relate(*pair)
    unclear = all(row.direction == "unclear" for row in rows)
    taker, giver = (source, host) if verdict == "reversed" else (host, source)
    groups = (f"{taker.lang}_{giver.lang}", taker.kind, corpus.name.partition("-")[0], "all")
    if verdict in ("right", "reversed"):
        day = "" if host.dated and source.dated else "day_"
        way = "unclear" if unclear else "forward" if verdict == "right" else "backward"
        tally.add(groups, **{day + way: 1})
    if verdict == "reversed":
        verdict = "unclear" if unclear else "wrong"
    tally.add(groups, **{verdict if verdict != "unclear" else "related": 1})
    if verdict == "wrong":
        line = f"wrong {groups}: {host.url} {host.row['title']!r} <- {source.kind} {source.url} {source.row['title']!r}"
        tally.misses.append(f"{line} {corpus.relate(*pair)}\n     {host.row['text'][rows[0].begin : rows[0].end]}\n"
                            f"     {source.row['text'][rows[0].source_begin : rows[0].source_end]}")  # fmt: skip
    return verdict in ("right", "related")


def _is_turned(article: Article, by_host: dict[str, dict[str, list[Found]]]) -> bool:
    """Whether a true pair was found the other way round, and said to be unclear."""
    rows = [row for source in article.sources for row in by_host.get(source, {}).get(article.url, [])]
    return any(row.direction == "unclear" for row in rows)


def _mask(article: Article, spans: Iterable[tuple[int, int]]) -> NDArray[np.bool_]:
    """Code points in the spans that are no spaces."""
    text = article.row["text"]
    covered = np.zeros(len(text), dtype=np.bool_)
    for begin, end in spans:
        covered[begin:end] = True
    return covered & ~np.array([char.isspace() for char in text], dtype=np.bool_)


def _share_of(article: Article, rows: Sequence[Found] | None) -> float:
    """Share of an article's text in the spans found, or in truth."""
    true = [unit[:2] for unit in article.units if unit.keys]
    covered = _mask(article, true if rows is None else [(row.begin, row.end) for row in rows])
    return float(covered.sum() / _mask(article, [(0, len(covered))]).sum())


def score_spans(
    corpus: Corpus, host: Article, good: dict[str, list[Found]], groups: Sequence[str], tally: Tally
) -> None:
    """Spans of a found host, and of each source it was found with; a host may rest on several of one family."""

    def count(side: str, truth: NDArray[np.bool_], found: NDArray[np.bool_]) -> None:
        hit = int((truth & found).sum())
        tally.add(groups, **{f"{side}_hit": hit, f"{side}_false": int(found.sum()) - hit,
                             f"{side}_missed": int(truth.sum()) - hit})  # fmt: skip

    everything = _mask(host, [(row.begin, row.end) for rows in good.values() for row in rows])
    count("host", _mask(host, [unit[:2] for unit in host.units if unit.keys]), everything)
    main = max(good, key=lambda url: _mask(host, [(row.begin, row.end) for row in good[url]]).sum())
    for url, rows in good.items():
        source, here = corpus.articles[url], _mask(host, [(row.begin, row.end) for row in rows])
        wanted: frozenset[str] = frozenset()
        for unit in host.units:
            size = (unit.end - unit.begin) / 2
            if here[unit.begin : unit.end].sum() > size or (
                url == main and everything[unit.begin : unit.end].sum() <= size
            ):
                wanted |= unit.keys
        truth = _mask(source, [unit[:2] for unit in source.units if unit.keys & wanted])
        count("source", truth, _mask(source, [(row.source_begin, row.source_end) for row in rows]))
        for row in rows:
            own = [unit.keys for unit in host.units if min(unit.end, row.end) - max(unit.begin, row.begin) > 3]
            other = [unit.keys for unit in source.units
                     if min(unit.end, row.source_end) - max(unit.begin, row.source_begin) > 3]  # fmt: skip
            aligned = bool(frozenset().union(*own) & frozenset().union(*other))
            tally.add(groups, rows=1, rows_aligned=aligned)


class Remembering:
    """An embedder that asks for each text once; corpora share sentences."""

    def __init__(self, embedder: embed.Embedder) -> None:
        self.embedder, self.known = embedder, dict[str, NDArray[np.float32]]()

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        new = [text for text in dict.fromkeys(texts) if text not in self.known]
        if new:
            self.known |= dict(zip(new, self.embedder.embed(new), strict=True))
        return np.array([self.known[text] for text in texts])


def open_embedder() -> Remembering | None:
    """The product's own embedder, or nothing where its engine is missing."""
    try:
        return Remembering(embed.open_embedder())
    except EmbedError as error:
        print(f"{error}: peers left out")
        return None


def find_mates(corpus: Corpus, embedder: Remembering, *, whole: bool) -> list[Found]:
    """Mutual nearest articles by cosine, or sentences by margin, of every pair of languages; the later is the host."""
    places: dict[str, list[tuple[Article, int, int]]] = defaultdict(list)
    for article in corpus.articles.values():
        text = article.row["text"]
        places[article.lang] += [(article, *span) for span in ([(0, len(text))] if whole else split_passages(text))]
    vectors = {lang: embedder.embed([a.row["text"][b:e] for a, b, e in rows]) for lang, rows in places.items()}
    candidates: dict[tuple[str, str], list[tuple[float, Found]]] = defaultdict(list)
    for one, other in combinations(sorted(places), 2):
        scores = vectors[one] @ vectors[other].T
        if not whole:
            near = [np.sort(scores, axis)[(slice(None),) * axis + (slice(-4, None),)].mean(axis) for axis in (0, 1)]
            scores = 2 * scores / (near[0][None, :] + near[1][:, None])
        back = scores.argmax(0)
        for n, m in enumerate(scores.argmax(1)):
            if back[m] == n:
                early, late = sorted((places[one][n], places[other][m]), key=lambda place: place[0].at)
                row = Found(late[0].url, late[1], late[2], early[0].url, early[1], early[2], "clock")
                candidates[row.host, row.source].append((float(scores[n, m]), row))
    return pick_pairs(corpus, candidates)


def pick_pairs(corpus: Corpus, candidates: dict[tuple[str, str], list[tuple[float, Found]]]) -> list[Found]:
    """Spans of the pairs with one, two or three scores above a threshold, both chosen for the best F1 of pairs."""
    hosts = max(1, sum(bool(article.sources) for article in corpus.articles.values()))
    best, least, threshold = 0.0, 1, np.inf
    for count in (1, 2, 3):
        ranked = [(sorted(scored, reverse=True)[count - 1][0], pair) for pair, scored in candidates.items()
                  if len(scored) >= count]  # fmt: skip
        found, verdicts = set(), Counter[str]()
        for bound, pair in sorted(ranked, reverse=True):
            verdict = corpus.relate(*pair)
            verdicts[verdict] += 1
            found |= {pair[0]} if verdict in ("right", "related") else set()
            precision = verdicts["right"] / max(1, verdicts.total() - verdicts["related"])
            f1 = 2 * precision * len(found) / hosts / max(1e-9, precision + len(found) / hosts)
            if f1 > best:
                best, least, threshold = f1, count, bound
    chosen = [[row for bound, row in scored if bound >= threshold] for scored in candidates.values()]
    return [row for rows in chosen if len(rows) >= least for row in rows]


def run(
    names: Sequence[str] = CORPORA,
    hosts: Sequence[str] = HOSTS,
    sources: Sequence[str] = SOURCES,
    worlds: int = WORLDS,
    *,
    peers: bool = True,
    misses: int = 0,
) -> dict[str, float]:
    """Figures by pair of languages, kind and corpus; those of the peers begin with their names."""
    tallies = {"arna": Tally()}
    embedder = open_embedder() if peers else None
    spent: dict[str, float] = defaultdict(float)
    for corpus in build_corpora(names, hosts, sources, worlds):
        start = sum(os.times()[:4])
        score(corpus, trace_corpus(corpus), tallies["arna"])
        spent["arna"] += sum(os.times()[:4]) - start
        for name in PEERS if embedder else ():
            start = sum(os.times()[:4])
            found = find_mates(corpus, embedder, whole=name == "articles")  # type: ignore[arg-type]
            score(corpus, Traced(found, {}), tallies.setdefault(name, Tally()))
            spent[name] += sum(os.times()[:4]) - start
    show(tallies, hosts)
    print("\n".join(tallies["arna"].misses[:misses]))
    print("CPU seconds: " + ", ".join(f"{name} {seconds:.0f}" for name, seconds in spent.items()))
    return {
        ("" if name == "arna" else f"{name}_") + f"{key}_{group}": value
        for name, tally in tallies.items()
        for group in tally.counts
        for key, value in tally.measure(group).items()
    }


COLUMNS = {"precision": "prec", "recall": "recall", "spans_f1_host": "F1 host", "spans_f1_source": "F1 src",
           "aligned": "aligned", "direction": "dir", "direction_undated": "dir day", "share_error": "share±",
           "unknown": "unknown", "falsely": "falsely"}  # fmt: skip


def show(tallies: dict[str, Tally], hosts: Sequence[str]) -> None:
    """Print the table: ours, then precision, recall and spans of the peers."""
    ours = tallies["arna"]
    counted = {"hosts": "hosts", "hosts_found": "found", "wrong": "wrong", "related": "relat"}
    head = f"{'':16}" + "".join(f"{c:>6}" for c in counted.values()) + "".join(f"{c:>8}" for c in COLUMNS.values())
    print(head + "".join(f"  {name[:9]:>9}: p, r, F1" for name in tallies if name != "arna"))
    groups = [group for group in (*CORPORA, *KINDS, *ALONE, "original", "all") if group in ours.counts]
    pairs = sorted((group for group in ours.counts if "_" in group), key=lambda group: (group[-2:], group))
    for group in [*(pair for pair in pairs if pair.rpartition("_")[0] in (*hosts, *SOURCES)), *groups]:
        line = f"{group:16}" + "".join(f"{ours.counts[group][key]:6.0f}" for key in counted)
        cells = [(8, ours.measure(group).get(key)) for key in COLUMNS]
        for name in (name for name in tallies if name != "arna"):
            cells += [(7, tallies[name].measure(group).get(key)) for key in ("precision", "recall", "spans_f1")]
        print(line + "".join(f"{'' if cell is None else f'{cell:.3f}':>{width}}" for width, cell in cells))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    for option, choice in (("corpus", CORPORA), ("hosts", HOSTS), ("sources", SOURCES)):
        parser.add_argument(f"--{option}", default=",".join(choice), help="some of these, with commas")
    parser.add_argument("--worlds", type=int, default=WORLDS, help="dealings of the FLORES sentences")
    parser.add_argument("--misses", type=int, default=0, metavar="N", help="show so many wrong and missed pairs")
    parser.add_argument("--no-peers", dest="peers", action="store_false")
    args = parser.parse_args()
    names, hosts, sources = (value.split(",") for value in (args.corpus, args.hosts, args.sources))
    run(names, hosts, sources, args.worlds, peers=args.peers, misses=args.misses)


if __name__ == "__main__":
    main()
