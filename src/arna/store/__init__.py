"""The lake: Delta tables in a folder, one writer at a time; beside it what people judged, and the search index."""

from arna.store.judgements import JudgementBook
from arna.store.lake import Lake, LakeWriter
from arna.store.search import SearchIndex

__all__ = ["JudgementBook", "Lake", "LakeWriter", "SearchIndex"]
