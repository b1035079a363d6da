"""The lake: Delta tables in a folder. Readers query, one writer at a time appends."""

from arna.store.lake import Lake, LakeWriter

__all__ = ["Lake", "LakeWriter"]
