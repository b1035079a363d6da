"""Which blocks of a page are its article: the last decision, from how likely each is and a few fixed rules."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from arna.read.container import HEADINGS
from arna.read.features import COLUMNS
from arna.read.source_lines import is_source_line

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from arna.read.blocks import Page

_COMMENT: Final = COLUMNS.index("share of nearest comment")
_FOREIGN: Final = COLUMNS.index("foreign")
_THRESHOLD: Final = 0.5  # probability from which a block is text; 0.35 to 0.6 give held-out F1 within 0.002
_TABLE_THRESHOLD: Final = 0.4  # the same for all rows of a table; 0.3 to 0.5 give the same held-out F1
_LONG: Final = 60  # characters from which a second copy of a block on one page is a second copy
_NEAR: Final = 3  # blocks; how far back text must stand for a heading or a credit line to belong to it
_DATE: Final = re.compile(r"\b\d{1,4}[./-]\d{1,2}[./-]\d{2,4}\b|\b\d{1,2}:\d\d\b")
_MAX_DATE_LINE: Final = 80  # characters
_RIGHTS: Final = re.compile(r"^.{0,40}(?:©|\(c\) (?:19|20)\d\d)", re.IGNORECASE)
_MAX_RIGHTS: Final = 300  # characters; longer text may speak of rights


def choose_blocks(
    page: Page, rows: NDArray[np.float64], likely: NDArray[np.float64], *, comments: bool = False
) -> list[int]:
    """Numbers of the blocks that are the article's text, in reading order.

    A block is text when it is more likely than not, and no comment, notice of rights, line of the date or second
    copy. Two kinds of short lines come with the text around them: a heading inside the text, and a line that names
    its source.

    Args:
        page: the page's blocks.
        rows: their features, columns as in ``features.COLUMNS``.
        likely: their probabilities.
        comments: take comments too; for pages that call all their text a comment.
    """
    kept = [value > _THRESHOLD for value in likely.tolist()]
    _keep_whole_tables(page, kept, likely)
    seen: set[str] = set()
    for i, block in enumerate(page.blocks):
        text = block.text
        if not kept[i]:
            continue
        if (not comments and rows[i, _COMMENT] <= 1.0) or (len(text) < _MAX_RIGHTS and _RIGHTS.search(text)):
            kept[i] = False
        elif len(text) >= _LONG:
            kept[i] = text not in seen
            seen.add(text)
    _drop_date_lines(page, kept)
    for i, block in enumerate(page.blocks):
        if not kept[i] and block.linked <= 5 and any(kept[max(0, i - _NEAR) : i]):
            kept[i] = _is_inner_heading(page, kept, i) or (rows[i, _FOREIGN] == 0 and is_source_line(block.text))
    return [i for i, keep in enumerate(kept) if keep]


def _keep_whole_tables(page: Page, kept: list[bool], likely: NDArray[np.float64]) -> None:
    """Keeps or drops the rows of a table together, by the mean of their probabilities."""
    rows: dict[int, list[int]] = {}
    for i, block in enumerate(page.blocks):
        element = block.element
        if page.tags[element] == "tr":
            while element and page.tags[element] != "table":
                element = page.parents[element]
            rows.setdefault(element, []).append(i)
    for numbers in rows.values():
        whole = float(likely[numbers].mean()) > _TABLE_THRESHOLD
        for i in numbers:
            kept[i] = whole


def _drop_date_lines(page: Page, kept: list[bool]) -> None:
    """Drops short lines with a date or hour above the first paragraph: the page's, not the text's."""
    for i, block in enumerate(page.blocks):
        if kept[i]:
            if len(block.text) > _MAX_DATE_LINE:
                return
            kept[i] = _DATE.search(block.text) is None


def _is_inner_heading(page: Page, kept: list[bool], i: int) -> bool:
    """Whether a block is a heading with text of the same element right after it."""
    element = page.blocks[i].element
    if page.tags[element] not in HEADINGS or i + 1 >= len(kept) or not kept[i + 1]:
        return False
    following = page.blocks[i + 1].element
    return page.parents[element] in {following, page.parents[following]}
