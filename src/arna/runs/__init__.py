"""The order of stages: the only place that knows it."""

from arna.runs.importing import ImportSummary, import_files
from arna.runs.meaning import TRANSLATIONS
from arna.runs.run import RunSummary, run_space

__all__ = ["TRANSLATIONS", "ImportSummary", "RunSummary", "import_files", "run_space"]
