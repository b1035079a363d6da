"""The order of stages: the only place that knows it."""

from arna.runs.importing import ImportSummary, import_files
from arna.runs.run import RunSummary, run_space

__all__ = ["ImportSummary", "RunSummary", "import_files", "run_space"]
