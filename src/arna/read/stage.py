"""Document → Article, Passages: one pure function on Arrow tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from arna.read.articles import learn_furniture, read_article
from arna.read.documents import read_markup, refuse
from arna.read.drafts import Draft, PageRow, Verdict
from arna.read.given import read_given
from arna.read.language import identify_languages, script_of_tag
from arna.terms import SCHEMAS
from arna.terms.tables import TIME
from arna.text.sentences import split_passages
from arna.text.urls import normalise_url

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from arna.engines.identify import Identifier
    from arna.read.extract import Furniture
    from arna.terms import Space

STAGE: Final = "read"
"""Name of this stage in ``outcomes.stage``."""

PAGES: Final = pa.schema(
    [
        ("id", pa.string()),
        ("url", pa.string()),
        ("outlet", pa.string()),
        ("fetched_at", TIME),
        ("status", pa.int32()),
        ("mime", pa.string()),
        ("charset", pa.string()),
        ("payload", pa.binary()),
        ("problem", pa.string()),
    ]
)
"""Columns of the pages to read. ``charset`` is the HTTP header's; ``payload`` the body, content encoding removed;
``problem`` why the payload could not be had ("record is cut short"). These three, status and mime may be null; a
status that is null or 0 counts as 200."""

_KEPT: Final = Verdict("kept", "")
_MIN_SAMPLE: Final = 3  # pages of one outlet from which repetition can be seen (see ``Furniture.learn``)
# Pages that teach an outlet's furniture, each walked once more for it. Of 90 pages of one outlet, 30 cost 11 % of the
# time, 45 cost 26 %, all 53 %; what 40 pages miss stands on fewer than a tenth of them.
_MAX_SAMPLE: Final = 40
_MAX_REASON: Final = 300


@dataclass(frozen=True)
class ReadResult:
    """Tables with the schemas of ``arna.terms.SCHEMAS``: articles, their passages, one outcome per page."""

    articles: pa.Table
    passages: pa.Table
    outcomes: pa.Table


def read_pages(pages: pa.Table, space: Space, identifier: Identifier) -> ReadResult:
    """Reads a batch of pages into articles and passages.

    A pure function: the same pages give the same rows. Pages of one outlet should come in one batch, for what
    repeats across them is learned as the outlet's furniture and left out of its articles.

    Args:
        pages: a table with the columns of ``PAGES``.
        space: the space, for outlets' names and domains.
        identifier: tells languages; called once.

    Returns:
        Articles, passages, and exactly one outcome per page, in the order of the pages: ``kept``; ``dropped``, for
        what holds no article; ``failed``, for what could not be read. Of pages with the same outlet, address and
        text, which are one article, the first fetched is kept. No page makes it raise.
    """
    rows = _Rows(pages)
    reads: list[Draft | Verdict] = [_KEPT] * pages.num_rows
    for group in rows.group_by_outlet():
        furniture = rows.learn_furniture(group) if len(group) >= _MIN_SAMPLE else None
        for row in group:
            reads[row] = rows.read(row, space, furniture)
    _settle_equals(reads)
    articles, passages = _tabulate([read for read in reads if isinstance(read, Draft)], identifier)
    verdicts = [_KEPT if isinstance(read, Draft) else read for read in reads]
    outcomes = pa.table(
        {
            "document_id": rows.ids,
            "stage": [STAGE] * len(verdicts),
            "outcome": [verdict.outcome for verdict in verdicts],
            "reason": [verdict.reason for verdict in verdicts],
        },
        schema=SCHEMAS["outcomes"],
    )
    return ReadResult(articles, passages, outcomes)


class _Rows:
    """Rows of ``PAGES``, read one at a time: of the payloads, only one is a Python object at any moment."""

    def __init__(self, pages: pa.Table) -> None:
        pages = pages.select(PAGES.names).cast(PAGES)
        self._payloads = pages["payload"]
        self._rows: list[dict[str, Any]] = pages.drop_columns(["payload"]).to_pylist()
        self.ids: list[str] = [row["id"] for row in self._rows]

    def group_by_outlet(self) -> list[list[int]]:
        """Row numbers of each outlet's pages."""
        groups: dict[str, list[int]] = {}
        for row, values in enumerate(self._rows):
            groups.setdefault(values["outlet"] or "", []).append(row)
        return list(groups.values())

    def learn_furniture(self, group: Sequence[int]) -> Furniture | None:
        """What an outlet's pages repeat, from a sample of them; None when that cannot be told."""
        try:
            return learn_furniture(self._sample_markups(group))
        except Exception:  # noqa: BLE001 - the page that breaks learning gets its own verdict when it is read
            return None

    def read(self, row: int, space: Space, furniture: Furniture | None) -> Draft | Verdict:
        """The draft of a row's article or the verdict on its page; whatever goes wrong is a verdict, too."""
        try:
            page, payload, problem = self._take(row)
            verdict = refuse(page, payload, problem)
            if verdict or payload is None:
                return verdict or Verdict("failed", "broken: the page has no payload")
            if page.is_article:
                return read_given(page, payload)
            markup = read_markup(page, payload)
            return markup if isinstance(markup, Verdict) else read_article(page, markup, space, furniture)
        except Exception as error:  # noqa: BLE001 - one page of a crawl must not stop the others
            return Verdict("failed", f"broken: {type(error).__name__}: {error}"[:_MAX_REASON])

    def _sample_markups(self, group: Sequence[int]) -> Iterator[str]:
        """Markup of an outlet's pages, evenly spread, each address once."""
        seen: set[str] = set()
        for row in group[:: -(-len(group) // _MAX_SAMPLE)]:
            page, payload, problem = self._take(row)
            address = normalise_url(page.url) or page.url
            if address in seen or page.is_article or refuse(page, payload, problem):
                continue
            seen.add(address)
            markup = read_markup(page, payload or b"")
            if isinstance(markup, str):
                yield markup

    def _take(self, row: int) -> tuple[PageRow, bytes | None, str | None]:
        values = self._rows[row]
        page = PageRow(
            id=values["id"],
            url=values["url"] or "",
            outlet=values["outlet"] or "",
            fetched_at=values["fetched_at"],
            status=values["status"],
            mime=(values["mime"] or "").strip().lower(),
            charset=values["charset"],
        )
        return page, self._payloads[row].as_py(), values["problem"]


def _settle_equals(reads: list[Draft | Verdict]) -> None:
    """Keeps one of the drafts with the same id, the first fetched, and says so of the others, in place."""
    first: dict[str, int] = {}
    for row, read in sorted(enumerate(reads), key=_fetching_order):
        if isinstance(read, Draft):
            kept = first.setdefault(read.id, row)
            if kept != row:
                original = reads[kept]
                reads[row] = Verdict("dropped", f"duplicate: {getattr(original, 'document_id', '')}")


def _fetching_order(item: tuple[int, Draft | Verdict]) -> tuple[float, str]:
    read = item[1]
    return (read.fetched_at.timestamp(), read.document_id) if isinstance(read, Draft) else (0.0, "")


def _tabulate(drafts: Sequence[Draft], identifier: Identifier) -> tuple[pa.Table, pa.Table]:
    """Tables of articles and passages, languages told in one call."""
    texts = [draft.text for draft in drafts]
    spans = [split_passages(text) for text in texts]
    langs, passage_langs = identify_languages(texts, [draft.lang for draft in drafts], spans, identifier)
    ids = [draft.id for draft in drafts]
    articles = [
        {
            "id": article_id,
            "document_id": draft.document_id,
            "url": draft.url,
            "outlet": draft.outlet,
            "title": draft.title,
            "author": draft.author,
            "published_at": draft.published_at,
            "published_from": draft.published_from,
            "lang": lang,
            "script": script_of_tag(lang, draft.text),
            "text": draft.text,
            "links": [link._asdict() for link in draft.links],
            "extra": draft.extra,
        }
        for article_id, draft, lang in zip(ids, drafts, langs, strict=True)
    ]
    passages = [
        {"article_id": article_id, "n": n, "begin": begin, "end": end, "lang": lang}
        for article_id, places, told in zip(ids, spans, passage_langs, strict=True)
        for n, ((begin, end), lang) in enumerate(zip(places, told, strict=True))
    ]
    return (
        pa.Table.from_pylist(articles, schema=SCHEMAS["articles"]),
        pa.Table.from_pylist(passages, schema=SCHEMAS["passages"]),
    )
