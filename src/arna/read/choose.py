"""Which blocks of a page are its article: the last decision, from how likely each is and a few fixed rules."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np

from arna.read.blocks import LINE
from arna.read.container import HEADINGS
from arna.read.features import COLUMNS
from arna.read.labels import COMMENTS, MAX_LABEL, RELATED, read_label
from arna.read.source_lines import is_credit, is_source_line

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from arna.read.blocks import Block, Page

_COMMENT: Final = COLUMNS.index("share of nearest comment")
_FOREIGN: Final = COLUMNS.index("foreign")
_STATED: Final = COLUMNS.index("stated")
_BEGINS: Final = COLUMNS.index("begins with link")
_SECTION: Final = COLUMNS.index("section")
_KIN_BEFORE: Final = COLUMNS.index("kin before section")
_FINAL: Final = frozenset(".!?…\"'»”’):")
_ALL_LINK: Final = 0.95  # share of a block's characters; beside the link there may be an arrow or a bullet
_MOST_LINK: Final = 0.5  # share of a line that begins "Read also"; set, not tuned
_MAX_TAIL: Final = 60  # characters; on the gold pages, what is longer and ends no sentence is text as often as not
_OWN_FORMS: Final = frozenset(("li", "tr", "td", "th", "dd", "dt", "pre"))  # short lines are their form
_INNER: Final = HEADINGS | {"li"}
_MAX_GAP: Final = 15  # blocks between two paragraphs; set, not tuned: a longer list is rarely a story's
_LIKE_TITLE: Final = COLUMNS.index("like title")
_SAME_TITLE: Final = 0.75  # Dice over words from which a line above the text is the headline once more
_THRESHOLD: Final = 0.5  # probability from which a block is text; 0.35 to 0.6 give held-out F1 within 0.002
_TABLE_THRESHOLD: Final = 0.4  # the same for all rows of a table; 0.3 to 0.5 give the same held-out F1
_LONE: Final = 0.2  # probability of the only paragraph of a page; set on one-paragraph notices in eight languages
_MIN_LONE: Final = 100  # characters of it
_SURE: Final = 0.8  # probability of a paragraph that vouches for one like it beside it; 0.9 gives the same held-out F1
_FILL_THRESHOLD: Final = 0.1  # probability from which a block is vouched for; 0.15 gives the same, 0.25 less
_LONG: Final = 60  # characters from which a second copy of a block on one page is a second copy
_NEAR: Final = 3  # blocks; how far back text must stand for a heading or a credit line to belong to it
_DATE: Final = re.compile(r"\b\d{1,4}[./-]\d{1,2}[./-]\d{2,4}\b|\b\d{1,2}:\d\d\b")
_SEPARATOR: Final = re.compile(r"\s[|/•·»›>]\s")  # of crumbs, and of lines of the date and the desk
_MAX_DATE_LINE: Final = 80  # characters
_RIGHTS: Final = re.compile(r"^.{0,40}(?:©|\(c\) (?:19|20)\d\d)", re.IGNORECASE)
_MAX_RIGHTS: Final = 300  # characters; longer text may speak of rights


def choose_blocks(
    page: Page, rows: NDArray[np.float64], likely: NDArray[np.float64], *, comments: bool = False
) -> list[int]:
    """Numbers of the blocks that are the article's text, in reading order.

    A block is text when it is more likely than not, and no comment, teaser, pointer to another page, notice of rights,
    headline, line of the date or desk, or second copy. Paragraphs and lists of less probability come with likely
    paragraphs marked up alike beside them. Two kinds of short lines come with the text around them: a heading inside
    the text, and a line that names its source.

    Args:
        page: the page's blocks.
        rows: their features, columns as in ``features.COLUMNS``.
        likely: their probabilities.
        comments: take comments too; for pages that call all their text a comment.
    """
    kept = [value > _THRESHOLD for value in likely.tolist()]
    for i in np.flatnonzero(rows[:, _STATED] > 0).tolist():
        kept[i] = kept[i] or len(page.blocks[i].text) >= _LONG
    if not any(kept):
        _keep_lone(page, kept, likely)
    _fill_runs(page, kept, likely)
    _fill_gaps(page, kept, likely)
    _keep_whole_tables(page, kept, likely)
    teasers = _find_teasers(page, rows)
    under_comments = _find_comments(rows) if not comments else [False] * len(kept)
    seen: set[str] = set()
    for i, block in enumerate(page.blocks):
        text = block.text
        if not kept[i]:
            continue
        if (
            (not comments and rows[i, _COMMENT] <= 1.0)
            or (len(text) < _MAX_RIGHTS and _RIGHTS.search(text))
            or under_comments[i]
            or i in teasers
            or _is_pointer(block)
        ):
            kept[i] = False
        elif len(text) >= _LONG:
            kept[i] = text not in seen
            seen.add(text)
    _drop_top_lines(page, kept, rows[:, _LIKE_TITLE])
    _drop_tail(page, kept)
    for i, block in enumerate(page.blocks):
        if not kept[i] and block.linked <= 5 and any(kept[max(0, i - _NEAR) : i + _NEAR]):
            after = any(kept[max(0, i - _NEAR) : i])
            names_source = is_source_line(block.text) if after else is_credit(block.text)
            kept[i] = (after and _is_inner_heading(page, kept, i)) or (
                names_source and rows[i, _FOREIGN] == 0 and not under_comments[i]
            )
    return [i for i, keep in enumerate(kept) if keep]


def _keep_lone(page: Page, kept: list[bool], likely: NDArray[np.float64]) -> None:
    """Keeps the likeliest block of a page where none is likely enough: a notice of one paragraph has no company."""
    best = int(np.argmax(likely)) if len(likely) else -1
    if best >= 0 and likely[best] >= _LONE and len(page.blocks[best].text) >= _MIN_LONE:
        kept[best] = True


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


def keep_runs(page: Page, chosen: list[int], repeated: set[int]) -> list[int]:
    """Drops the blocks other pages repeat, too, but for those inside a run of the story's own paragraphs.

    Inside means: marked up like the block of the story right before it, and no link; a headline that other pages link
    to stands elsewhere, and a sentence that several stories end with stands here.

    Args:
        page: the page's blocks.
        chosen: numbers of blocks, in reading order.
        repeated: those of them that other pages show, too.
    """
    kept: list[int] = []
    for i in chosen:
        if i not in repeated or (kept and i == kept[-1] + 1 and _is_alike(page, kept[-1], i)):
            kept.append(i)
    return kept


def _find_comments(rows: NDArray[np.float64]) -> list[bool]:
    """Which blocks stand under a heading of comments and are marked up like nothing before it."""
    found: list[bool] = ((rows[:, _SECTION] == COMMENTS) & (rows[:, _KIN_BEFORE] == 0)).tolist()
    return found


def _is_pointer(block: Block) -> bool:
    """Whether a block is the headline of another page: all link and no sentence, or a link after "Read also"."""
    text = block.text
    if not block.linked or text[-1] in _FINAL or " " not in text:
        return False
    share = block.linked / len(text)
    return share >= _ALL_LINK or (share >= _MOST_LINK and read_label(text[:MAX_LABEL]) == RELATED)


def _fill_runs(page: Page, kept: list[bool], likely: NDArray[np.float64]) -> None:
    """Keeps prose of middling probability right beside a likely paragraph that is marked up alike."""
    for i, probability in enumerate(likely.tolist()):
        if not kept[i] and probability > _FILL_THRESHOLD and len(page.blocks[i].text) > _LONG:
            kept[i] = any(
                0 <= near < len(kept) and likely[near] > _SURE and _is_alike(page, near, i) for near in (i - 1, i + 1)
            )


def _fill_gaps(page: Page, kept: list[bool], likely: NDArray[np.float64]) -> None:
    """Keeps headings and items of lists that stand between two paragraphs marked up alike, when they have no links."""
    before = -1
    for i, keep in enumerate(kept):
        if not keep or len(page.blocks[i].text) <= _LONG:
            continue
        gap = range(before + 1, i)
        if (
            before >= 0
            and 0 < len(gap) <= _MAX_GAP
            and all(page.tags[page.blocks[j].element] in _INNER and not page.blocks[j].linked for j in gap)
            and float(likely[gap.start : gap.stop].max()) > _FILL_THRESHOLD
            and _is_alike(page, before, i)
        ):
            kept[gap.start : gap.stop] = [True] * len(gap)
        before = i


def _find_teasers(page: Page, rows: NDArray[np.float64]) -> set[int]:
    """Numbers of blocks that are repeated teasers.

    Two or more in a row: of a linked line and more lines, or, under a label of related news, of a linked headline
    and a block under it.
    """
    found: set[int] = set()
    sections = rows[:, _SECTION].tolist()
    before: tuple[int, bool] = (-9, False)  # the last teaser, and whether it is of two blocks
    for i, block in enumerate(page.blocks):
        text = block.text
        if LINE in text and block.linked and rows[i, _BEGINS] and block.linked >= len(text.partition(LINE)[0].strip()):
            teaser = (i, False)
        elif i and sections[i] == RELATED and not block.linked and _is_pointer(page.blocks[i - 1]):
            teaser = (i, True)
        else:
            continue
        if before[1] == teaser[1] and i - before[0] == 1 + teaser[1]:
            found.update((before[0], i))
        before = teaser
    return found


def _drop_tail(page: Page, kept: list[bool]) -> None:
    """Drops short lines after the last paragraph that end no sentence and are not marked up like it: desk, buttons."""
    last = max(
        (i for i, keep in enumerate(kept) if keep and len(page.blocks[i].text) > _MAX_DATE_LINE), default=len(kept)
    )
    for i in range(last + 1, len(kept)):
        block = page.blocks[i]
        if kept[i] and len(block.text) <= _MAX_TAIL and page.tags[block.element] not in _OWN_FORMS:
            kept[i] = block.text[-1] in _FINAL or _is_alike(page, last, i)


def _is_alike(page: Page, one: int, other: int) -> bool:
    """Whether two blocks are marked up alike in one element, and the second has no link."""
    first, second = page.blocks[one], page.blocks[other]
    here, there = first.element, second.element
    if second.linked or first.names != second.names:
        return False
    while here != there:
        if (page.tags[here], page.names[here]) != (page.tags[there], page.names[there]):
            return False
        here, there = page.parents[here], page.parents[there]
    return True


def _drop_top_lines(page: Page, kept: list[bool], alike: NDArray[np.float64]) -> None:
    """Drops the headline, and short lines with a date or hour, above the first paragraph."""
    for i, block in enumerate(page.blocks):
        if kept[i]:
            if page.tags[block.element] == "h1" or alike[i] >= _SAME_TITLE:
                kept[i] = False
            elif len(block.text) > _MAX_DATE_LINE:
                return
            else:
                kept[i] = _DATE.search(block.text) is None and _SEPARATOR.search(block.text) is None


def _is_inner_heading(page: Page, kept: list[bool], i: int) -> bool:
    """Whether a block is a heading with text of the same element right after it."""
    element = page.blocks[i].element
    if page.tags[element] not in HEADINGS or i + 1 >= len(kept) or not kept[i + 1]:
        return False
    following = page.blocks[i + 1].element
    return page.parents[element] in {following, page.parents[following]}
