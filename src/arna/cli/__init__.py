"""The command line. Exit codes: 0 done, 1 failed (one line: what, where, how to mend), 2 wrong usage."""

from arna.cli.main import main

__all__ = ["main"]
