"""The Arrow schema of every table in the lake, and the columns that identify a row.

Times are UTC with microseconds. ``begin`` and ``end`` count Unicode code points of ``articles.text``. Six
tables are working memory between runs: ``words`` (an article's words as numbers), ``credits`` (as found in the text),
``topics`` (what an article is on), ``matches`` (spans two articles share, in words, ``last`` exclusive) and
``alignments`` (passages of two articles that say the same in two languages, by their ``n``, ``last`` exclusive), both
before it is decided who leans on whom, and ``vectors`` (of texts by their digest, in 8 bits a number).
"""

import pyarrow as pa

TIME = pa.timestamp("us", tz="UTC")
LINK = pa.struct([("url", pa.string()), ("begin", pa.int32()), ("end", pa.int32())])


def _schema(**columns: pa.DataType) -> pa.Schema:
    return pa.schema(list(columns.items()))


_TEXT, _INT, _REAL = pa.string(), pa.int32(), pa.float64()
_INTS = pa.list_(pa.int32())

SCHEMAS: dict[str, pa.Schema] = {
    "documents": _schema(
        id=_TEXT,
        url=_TEXT,
        outlet=_TEXT,
        fetched_at=TIME,
        status=_INT,
        mime=_TEXT,
        digest=_TEXT,
        warc_file=_TEXT,
        warc_offset=pa.int64(),
    ),
    "articles": _schema(
        id=_TEXT,
        document_id=_TEXT,
        url=_TEXT,
        outlet=_TEXT,
        title=_TEXT,
        author=_TEXT,
        published_at=TIME,
        published_from=_TEXT,
        lang=_TEXT,
        script=_TEXT,
        text=_TEXT,
        links=pa.list_(LINK),
        extra=_TEXT,
    ),
    "passages": _schema(article_id=_TEXT, n=_INT, begin=_INT, end=_INT, lang=_TEXT),
    "words": _schema(article_id=_TEXT, hashes=_INTS, begins=_INTS, ends=_INTS, flags=pa.list_(pa.int8())),
    "fetches": _schema(
        id=_TEXT,
        url=_TEXT,
        outlet=_TEXT,
        fetched_at=TIME,
        kind=_TEXT,
        result=_TEXT,
        reason=_TEXT,
        status=_INT,
        bytes=pa.int64(),
        seconds=_REAL,
        document_id=_TEXT,
    ),
    "outcomes": _schema(document_id=_TEXT, stage=_TEXT, outcome=_TEXT, reason=_TEXT),
    "reliances": _schema(
        article_id=_TEXT,
        begin=_INT,
        end=_INT,
        kind=_TEXT,
        source_article_id=_TEXT,
        source_outlet=_TEXT,
        source_begin=_INT,
        source_end=_INT,
        score=_REAL,
        direction=_TEXT,
        direction_confidence=_REAL,
        detail=_TEXT,
    ),
    "credits": _schema(
        article_id=_TEXT,
        begin=_INT,
        end=_INT,
        outlet=_TEXT,
        name=_TEXT,
        form=_TEXT,
        score=_REAL,
        whole=pa.bool_(),
    ),
    "topics": _schema(article_id=_TEXT, on_subject=pa.bool_(), topic=_TEXT, words=_INT, score=_REAL),
    "matches": _schema(
        article_id=_TEXT,
        other_id=_TEXT,
        first=_INT,
        last=_INT,
        other_first=_INT,
        other_last=_INT,
        equal=_INT,
        telling=_INT,
    ),
    "vectors": _schema(digest=_TEXT, vector=pa.binary()),
    "alignments": _schema(
        article_id=_TEXT,
        other_id=_TEXT,
        first=_INT,
        last=_INT,
        other_first=_INT,
        other_last=_INT,
        points=_REAL,
        margin=_REAL,
        told=pa.bool_(),
        compared=_TEXT,
    ),
    "families": _schema(family=_TEXT, article_id=_TEXT, n=_INT, root=pa.bool_()),
    "origins": _schema(article_id=_TEXT, origin=_TEXT, share=_REAL),
    "coverage": _schema(
        topic=_TEXT,
        lang=_TEXT,
        week=pa.date32(),
        origin=_TEXT,
        articles=_INT,
        words=_REAL,
        share=_REAL,
        low=_REAL,
        high=_REAL,
    ),
    "voids": _schema(
        rank=_INT,
        topic=_TEXT,
        lang=_TEXT,
        first_week=pa.date32(),
        last_week=pa.date32(),
        articles=_INT,
        own_share=_REAL,
        top_origin=_TEXT,
        top_share=_REAL,
        low=_REAL,
        high=_REAL,
        health=_REAL,
        demand=_REAL,
        status=_TEXT,
    ),
    "health": _schema(outlet=_TEXT, day=pa.date32(), expected=_REAL, collected=_INT, ok=pa.bool_(), reason=_TEXT),
    "judgements": _schema(
        n=_INT,
        article_id=_TEXT,
        begin=_INT,
        end=_INT,
        kind=_TEXT,
        source_article_id=_TEXT,
        source_outlet=_TEXT,
        source_begin=_INT,
        source_end=_INT,
        verdict=_TEXT,
        by=_TEXT,
        at=TIME,
        score=_REAL,
        detail=_TEXT,
        holds=pa.bool_(),
    ),
}

KEYS: dict[str, tuple[str, ...]] = {
    "documents": ("id",),
    "articles": ("id",),
    "passages": ("article_id", "n"),
    "words": ("article_id",),
    "fetches": ("id",),
    "outcomes": ("document_id", "stage"),
    "credits": ("article_id", "begin", "end"),
    "topics": ("article_id",),
    "matches": ("article_id", "other_id", "first", "other_first"),
    "vectors": ("digest",),
    "alignments": ("article_id", "other_id", "first", "other_first"),
    "reliances": ("article_id", "begin", "end", "kind", "source_article_id", "source_outlet", "source_begin"),
    "families": ("article_id", "n"),
    "origins": ("article_id", "origin"),
    "coverage": ("topic", "lang", "week", "origin"),
    "voids": ("topic", "lang"),
    "judgements": ("n",),
    "health": ("outlet", "day"),
}
