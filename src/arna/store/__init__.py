"""The lake: Delta tables in a folder, one writer at a time; beside it what people judged."""

from arna.store.judgements import JudgementBook
from arna.store.lake import Lake, LakeWriter

__all__ = ["JudgementBook", "Lake", "LakeWriter"]
