"""The outside world as Documents: files that users give become WARC files of the space, and rows that point there."""

from arna.collect.batches import ImportBatch
from arna.collect.files import import_file
from arna.collect.payloads import read_payloads

__all__ = ["ImportBatch", "import_file", "read_payloads"]
