"""``python -m arna`` is ``arna``."""

import sys

from arna.cli import main

sys.exit(main())
