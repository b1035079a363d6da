"""Writes src/arna/engines/centres.npz: where texts of each language lie, for the model in the box and for its pieces.

    python -m bench.train_centres

From the sentences of SIB-200 (../shared/data); only the means are kept.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from arna.engines.embed import open_embedder
from arna.engines.sift import PieceSift
from arna.text.respell import respell
from bench.translation_corpora import SIB, read_sib, shorten

TARGET = Path(__file__).parents[1] / "src/arna/engines/centres.npz"


def main() -> None:
    model, sift = open_embedder(), PieceSift()
    langs, centres, pieces = [], [], []
    sentences_of = read_sib()
    for tag in sorted(SIB.values()):
        sentences = sentences_of[shorten(tag)]
        texts = [respell(text, tag) for _, text in sorted(sentences.items())]
        sums = sift.sum_pieces(texts)
        langs.append(tag.partition("-")[0])
        centres.append(model.embed(texts).mean(0))
        pieces.append((sums / np.linalg.norm(sums, axis=1, keepdims=True)).mean(0))
    np.savez_compressed(
        TARGET, langs=np.array(langs), centres=np.array(centres, np.float16), pieces=np.array(pieces, np.float16)
    )
    print(f"{TARGET}: {len(langs)} languages, {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
