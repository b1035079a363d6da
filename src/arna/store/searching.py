"""What the search index holds of an article, and how a query is put to it."""

from __future__ import annotations

from datetime import date
from functools import reduce
from typing import TYPE_CHECKING, Any

import tantivy

from arna.text.queries import list_stems, write_tokens
from arna.text.stems import LANGUAGES, list_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from arna.text.queries import Asked, Part

_WORDS = {"tokenizer_name": "whitespace", "index_option": "position"}
_EXACT, _STEMS = ("title", "text"), ("title_stems", "text_stems")

TITLE, EXACT, STEM_TITLE = 400.0, 200.0, 100.0
"""Scores for all words in the title as written, in title or text as written, and in the title in any form. Each is more
than all that comes after it together: the rest of a score is below ``LEAST``."""

LEAST = 90.0
"""What BM25 may give at most; a word in a field gives less than 40 even among ten million texts."""

_SPARE = 50
"""Hits fetched beyond the page, so that those of equal score are all there to be put in order."""

_PLACES = 3
"""Decimals of a score that count: single precision has no more at a thousand."""

_UNDATED = -(10**6)


def _make_schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder().add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    for name in (*_EXACT, *_STEMS):
        builder = builder.add_text_field(name, **_WORDS)  # type: ignore[arg-type]
    for name in ("outlet", "lang"):
        builder = builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    return builder.add_integer_field("day", stored=True, indexed=True, fast=True).build()


SCHEMA = _make_schema()


def describe(row: Mapping[str, Any]) -> tantivy.Document:
    """An article as the index holds it (columns ``id``, ``title``, ``text``, ``lang``, ``outlet``, ``day``)."""
    document = tantivy.Document()
    lang = row["lang"] or "und"
    base = lang.partition("-")[0]
    for name, text in (("title", row["title"] or ""), ("text", row["text"] or "")):
        words = [text[begin:end] for begin, end in list_words(text)]
        document.add_text(name, write_tokens(words, ""))
        if base in LANGUAGES:
            document.add_text(f"{name}_stems", write_tokens(words, base))
    document.add_text("id", row["id"])
    document.add_text("outlet", row["outlet"] or "")
    for name in {lang, base}:
        document.add_text("lang", name)
    document.add_integer("day", _number(row["day"]) if row["day"] is not None else _UNDATED)
    return document


def _number(day: date) -> int:
    return (day - date(1970, 1, 1)).days


def build_query(
    asked: Asked, lang: str | None, outlet: str | None, since: date | None, until: date | None
) -> tantivy.Query | None:
    """A query for the index, or None where what was written has no word in it."""
    if not asked.empty and not asked.wanted and not asked.barred:
        return None
    must, occur = tantivy.Occur.Must, tantivy.Occur
    clauses = [(must, _filter(query)) for query in _list_filters(lang, outlet, since, until)]
    clauses += [(occur.MustNot, _find_part(part, lang)) for part in asked.barred]
    if asked.wanted:
        wanted = [_find_part(part, lang) for part in asked.wanted]
        words = sum(len(part.words) for part in asked.wanted)
        clauses.append((must, tantivy.Query.boost_query(_all(wanted), LEAST / (160 * words))))
        for score, fields, stemmed in (
            (TITLE, ("title",), False),
            (EXACT, _EXACT, False),
            (STEM_TITLE, ("title",), True),
        ):
            found = _all([_find_part(part, lang, fields, stemmed=stemmed) for part in asked.wanted])
            clauses.append((occur.Should, tantivy.Query.const_score_query(found, score)))
    else:
        clauses.append((must, tantivy.Query.all_query()))
    return tantivy.Query.boolean_query(clauses)


def _filter(query: tantivy.Query) -> tantivy.Query:
    return tantivy.Query.const_score_query(query, 0.0)


def _list_filters(lang: str | None, outlet: str | None, since: date | None, until: date | None) -> list[tantivy.Query]:
    filters = [
        tantivy.Query.term_query(SCHEMA, name, value.encode("utf-8", "replace").decode())
        for name, value in (("lang", lang), ("outlet", outlet))
        if value is not None
    ]
    if since is not None or until is not None:
        low = _UNDATED + 1 if since is None else _number(since)
        high = 10**7 if until is None else _number(until)
        filters.append(tantivy.Query.range_query(SCHEMA, "day", tantivy.FieldType.Integer, low, high))
    return filters


def _all(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, query) for query in queries])


def _any(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])


def _find_part(part: Part, lang: str | None, fields: Sequence[str] = _EXACT, *, stemmed: bool = True) -> tantivy.Query:
    """Texts that hold a part of a query in one of the fields: as written, and if ``stemmed`` in any form."""
    queries = [_row(field, part.folded) for field in fields]
    if stemmed and not part.verbatim:
        for field in fields:
            queries += [_row(f"{field}_stems", stems) for stems in _align_stems(part, lang)]
    return _any(queries)


def _align_stems(part: Part, lang: str | None) -> list[tuple[str, ...]]:
    """The stems of a part's words, language by language."""
    per_word = [{stem.partition(":")[0]: stem for stem in list_stems(word, lang)} for word in part.words]
    common = reduce(lambda one, two: {base: one[base] for base in one if base in two}, per_word)
    return [tuple(stems[base] for stems in per_word) for base in common]


def _row(field: str, words: tuple[str, ...]) -> tantivy.Query:
    """Words one after the other."""
    if len(words) == 1:
        return tantivy.Query.term_query(SCHEMA, field, words[0])
    return tantivy.Query.phrase_query(SCHEMA, field, list(words))


def rank(
    searcher: tantivy.Searcher, query: tantivy.Query, wanted: int, *, by_day: bool
) -> tuple[int, list[tuple[str, float]]]:
    """How many match, and the best ``wanted`` or more of them: id and score, equals by day and id."""
    size = wanted + _SPARE
    while True:
        if by_day:
            found = searcher.search(query, limit=size, order_by_field="day")
        else:
            found = searcher.search(query, limit=size)
        total = int(found.count)  # type: ignore[attr-defined]  # the stubs lack it
        hits = [(round(float(score or 0), _PLACES), at) for score, at in found.hits]
        # What was cut off may equal the last of the page, and then belong before it.
        if len(hits) < size or wanted == 0 or hits[-1][0] < hits[wanted - 1][0] - 10**-_PLACES:
            break
        size *= 4
    least = hits[min(wanted, len(hits)) - 1][0] - 10**-_PLACES if hits else 0.0
    rows: list[tuple[float, int, str]] = []
    for score, at in hits:
        if score >= least:
            values = searcher.doc(at).to_dict()
            rows.append((0.0 if by_day else score, values["day"][0], values["id"][0]))
    rows.sort(key=lambda row: (-row[0], -row[1], row[2]))
    return total, [(item, score) for score, _, item in rows]
