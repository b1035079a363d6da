"""Topics by meaning: a model fitted to labelled texts, and articles weighed by it. Arithmetic on vectors, nothing else.

1. Vectors are centred by language, for an embedding tells the language louder than the topic.
2. A topic is the mean of its texts. Directions are weighed by the covariance within topics, shrunk towards a sphere
   (regularised discriminant analysis: Friedman 1989, DOI 10.1080/01621459.1989.10478752). With few texts that is the
   nearest mean, with hundreds a linear discriminant. Beside it speak the texts nearest to an article (kernel ridge
   regression with a Gaussian kernel), for a topic is seldom one cloud.
3. Articles of a space have much in common that no labelled text has: its subject. By expectation maximisation the model
   learns where they lie as a whole, how frequent each topic is, and, within bounds, what a topic looks like in them.
   The shift is what is left of the articles once each is explained by its topics: were it their plain mean, a space
   full of politics would take politics for the subject.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Vectors = NDArray[np.float32] | Floats

SHRINK = 0.5
"""Least shrinkage of the covariance. Cross-validated on SIB-200 train rows (en, ru, uk to seven languages): 0.3 to 0.6
are equal within half a point, 0.1 and 0.8 lose two."""

KEEP = 20.0
"""Texts that weigh as much as what was known before, for a language's place and the articles'. 5 does as well."""

SHARPNESS = 0.2
"""Factor from discriminant to log-odds: bare ones are far too sure in 384 correlated dimensions. Of 0.05 to 0.25 the
log loss on held-out SIB-200 train rows is lowest at 0.25, with a tenth more at 0.15."""

NEIGHBOURS = 10.0
"""Factor from kernel ridge regression to log-odds. Cross-validated on SIB-200 train rows, 4, 10 and 30 add 1.1, 1.4 and
1.3 points to the discriminant alone, in every language."""

RIDGE = 0.3
"""Ridge of the kernel regression; 1 loses a point on SIB-200 train rows."""

MOST = 3000
"""Texts the kernel regression takes, evenly spaced, if there are more: its time grows with their cube."""

REACH = 3.0
"""Labelled texts that the articles at hand weigh as, at most, in a topic's mean. Of 2 to 16, on SIB-200 train rows and
the demo: 6 and more are best where topics are equally frequent, and lose ten points and more where one has most of the
articles; from 2 to 4 both are within four points of the best."""

_LEAST_SPREAD = 0.1  # of unit vectors; one text a topic leaves none to measure, and real texts have 0.5 to 0.9

ROUNDS = 5
"""Rounds of expectation maximisation; 3 to 5 are alike, 10 drift away from the labelled texts."""


@dataclass(frozen=True)
class Fit:
    """How texts fit topics: ``odds`` (texts, topics), rows summing to 1, and the cosine to each topic's mean."""

    odds: Floats
    nearness: Floats


@dataclass(frozen=True)
class TopicModel:
    """A fitted model of ``len(means)`` topics.

    ``centre`` is the mean of the labelled texts and ``offsets`` where each language lies beside it; ``means`` are the
    topics' centred means, ``counts`` their texts, ``inverse`` the inverse of the shrunk covariance; ``texts`` are
    labelled texts, centred, and ``weights`` (texts, topics) what each of them says for the topics.
    """

    centre: Floats
    offsets: Mapping[str, Floats]
    means: Floats
    counts: Floats
    inverse: Floats
    texts: Floats
    weights: Floats

    @classmethod
    def fit(cls, vectors: Vectors, langs: Sequence[str], labels: Sequence[int]) -> TopicModel:
        """Fit to labelled texts.

        Args:
            vectors: (texts, dimensions), unit rows.
            langs: language tag of each text.
            labels: topic of each text, 0 to the number of topics - 1, each at least once.
        """
        rows = np.asarray(vectors, np.float64)
        topics = np.asarray(labels)
        centre = rows.mean(0)
        offsets = _place_languages(rows - centre, langs, {})
        rows = _scale(rows - centre - _look_up(offsets, langs))
        members = np.eye(int(topics.max()) + 1)[topics]
        counts = members.sum(0)
        means = (members.T @ rows) / counts[:, None]
        rest = rows - means[topics]
        count, size = rows.shape
        spread = rest.T @ rest / count
        level = max(float(np.trace(spread)), _LEAST_SPREAD) / size
        shrink = SHRINK + (1 - SHRINK) * size / (size + count)
        inverse = np.linalg.inv((1 - shrink) * spread + shrink * level * np.eye(size))
        chosen = np.unique(np.linspace(0, count - 1, min(count, MOST)).round().astype(int))
        texts = rows[chosen]
        kernel = _compare(texts, texts) + RIDGE * np.eye(len(texts))
        weights = np.linalg.solve(kernel, members[chosen] - 1 / len(means))
        return cls(centre, offsets, means, counts, inverse, texts, weights)

    def weigh(self, vectors: Vectors, langs: Sequence[str], evidence: Floats | None = None) -> Fit:
        """Weigh texts against the topics; all of them together tell where they lie and how frequent topics are.

        Args:
            vectors: (texts, dimensions), unit rows.
            langs: language tag of each text.
            evidence: (texts, topics), log-odds known from elsewhere.
        """
        rows = np.asarray(vectors, np.float64)
        count, topics = len(rows), len(self.means)
        if not count:
            return Fit(np.zeros((0, topics)), np.zeros((0, topics)))
        rows = rows - _look_up(self._place(rows, langs), langs)
        given = np.zeros((count, topics)) if evidence is None else evidence
        known = given
        centre = (rows.sum(0) + KEEP * self.centre) / (count + KEEP)
        means = self.means
        for last in (False,) * ROUNDS + (True,):
            apart = rows - centre
            unit = _scale(apart)
            odds = _normalise(self._score(unit, means) + known)
            if last:
                break
            mass = odds.sum(0)
            known = given + np.log((mass + count / topics) / (2 * count))
            lengths = np.linalg.norm(apart, axis=1, keepdims=True)
            centre = ((rows - lengths * (odds @ means)).sum(0) + KEEP * self.centre) / (count + KEEP)
            means = self._adapt_means(odds, unit)
        return Fit(odds, unit @ _scale(means).T)

    def _score(self, unit: Floats, means: Floats) -> Floats:
        slopes = self.inverse @ means.T
        linear = SHARPNESS * (unit @ slopes - 0.5 * np.sum(means.T * slopes, axis=0))
        return np.asarray(linear + NEIGHBOURS * (_compare(unit, self.texts) @ self.weights))

    def _adapt_means(self, odds: Floats, unit: Floats) -> Floats:
        """Means of the labelled texts moved towards the articles taken for a topic, at their former length."""
        mass = odds.sum(0)
        weight = np.minimum(1.0, REACH / np.maximum(mass, REACH))
        pulled = self.counts[:, None] * self.means + weight[:, None] * (odds.T @ unit)
        return np.asarray(_scale(pulled) * np.linalg.norm(self.means, axis=1, keepdims=True))

    def _place(self, rows: Floats, langs: Sequence[str]) -> dict[str, Floats]:
        """Where each language of the articles lies beside the others, starting from where its labelled texts lie."""
        known = np.array([lang in self.offsets for lang in langs])
        chosen = known if known.any() else ~known
        general = (rows - _look_up(self.offsets, langs))[chosen].mean(0)
        return _place_languages(rows - general, langs, self.offsets)


def _place_languages(rows: Floats, langs: Sequence[str], before: Mapping[str, Floats]) -> dict[str, Floats]:
    """Mean of each language's rows, shrunk towards what was known of it before, or towards nothing."""
    tags = np.array(langs)
    placed = dict(before)
    for lang in sorted(set(langs)):
        own = rows[tags == lang]
        placed[lang] = (own.sum(0) + KEEP * before.get(lang, np.zeros(rows.shape[1]))) / (len(own) + KEEP)
    return placed


def _look_up(offsets: Mapping[str, Floats], langs: Sequence[str]) -> Floats:
    """Offset of each text's language, (texts, dimensions); nothing for a language not placed."""
    nowhere = np.zeros_like(next(iter(offsets.values())))
    return np.array([offsets.get(lang, nowhere) for lang in langs])


def _scale(rows: Floats) -> Floats:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0))


def _compare(rows: Floats, others: Floats) -> Floats:
    """Gaussian kernel of unit rows, one standard deviation wide: 1 for the same direction."""
    return np.asarray(np.exp(rows @ others.T - 1))


def _normalise(logits: Floats) -> Floats:
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True))
