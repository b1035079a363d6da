"""Short lines that name where an article comes from: they look like furniture, and tracing rests on them."""

from __future__ import annotations

import re
from typing import Final

_MAX_LENGTH: Final = 160  # characters; longer blocks are judged as text
_CREDIT: Final = re.compile(
    r"(?:источник|по материалам|дереккөз|ақпарат көзі|derekköz|manba|манба|çeşme|чешме|булак|булагы|сарчашма|манбаъ|"
    r"джерел|за матеріалами|source)\w*\s*[:—–-]",
    re.IGNORECASE,
)
_SENTENCE: Final = re.compile(
    r"(?:об этом|как сообща|сообщает|передаёт|передает|про це|як повідомля|повідомляє|бұл туралы|bu haqda|бу ҳақда|"
    r"bu barada|бул тууралуу|бул жөнүндө|дар ин бора|ин хабарро|this was reported|this is reported|reported by)\b",
    re.IGNORECASE,
)
_DATELINE: Final = re.compile(r"[^\W\d_]{3,}(?:[-\s][^\W\d_]{2,})?[,.].{0,60}[—–-]")


def is_source_line(text: str) -> bool:
    """Whether a block is a credit ("Дереккөз: …", "Источник: …") or a dateline ("АСТАНА, 23 сентября — …").

    Credits are known in the eight languages read; a dateline by its form: a place in capitals, a comma or a full
    stop, then a dash.
    """
    if len(text) > _MAX_LENGTH:
        return False
    if _CREDIT.match(text):
        return True
    return text[:3].isupper() and _DATELINE.match(text) is not None


def is_credit(text: str) -> bool:
    """Whether a block names a source, in a line of its own or a short sentence ("Bu barada … habar berýär.").

    An outlet that takes most of its news from one agency shows such a sentence on most of its pages.
    """
    return is_source_line(text) or (len(text) <= _MAX_LENGTH and _SENTENCE.match(text) is not None)
