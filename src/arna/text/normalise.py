"""Clean text for keeping, and fold words for comparing."""

from __future__ import annotations

import re
import unicodedata

# Every Unicode space separator but U+0020, and the tab.
_ODD_SPACE = re.compile("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_ODD_BREAK = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# Controls, soft hyphen, zero-width and bidirectional controls, interlinear and shorthand controls, tags, and
# lone surrogates, which no UTF-8 file can hold. U+0600-0605 and their like are of category Cf too, but print.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_SPACES = re.compile("  +")
_BREAKS = re.compile(" *\n[ \n]*")

_APOSTROPHES = dict.fromkeys(map(ord, "`´ʹʻʼʽˈ‘’‛′＇՚ꞌ"), "'")
# Dotted and dotless i have four upper and lower forms whose pairing depends on the language; one letter stands
# for all of them, so that "QAZAQSTANNIŃ", "Qazaqstannıń" and "İstanbul", "ISTANBUL" meet.
_FOLDED = str.maketrans(_APOSTROPHES | {"ё": "е", "ı": "i"})


def clean(text: str) -> str:
    r"""Text as Arna keeps it: NFC, printable, single spaces, paragraphs parted by one ``\n``.

    Control, zero-width and bidirectional control characters and lone surrogates go; every space becomes
    U+0020 and a run of them one; every kind of line break becomes ``\n``, at most one in a row; no line begins
    or ends with a space. Cleaning twice gives the same text.
    """
    text = _ODD_BREAK.sub("\n", text)
    text = _INVISIBLE.sub("", text)
    text = unicodedata.normalize("NFC", text)
    text = _ODD_SPACE.sub(" ", text)
    text = _SPACES.sub(" ", text)
    return _BREAKS.sub("\n", text).strip(" \n")


def fold(text: str) -> str:
    """Text as words are compared: lower case, NFC, one apostrophe, ``ё`` as ``е``, one letter i.

    Every apostrophe-like letter or sign becomes U+0027, so "Oʻzbekiston", "O‘zbekiston" and "O'zbekiston" are
    equal; dotted and dotless i fall together in every case. The length may change. Folding twice gives the
    same.
    """
    lowered = text.replace("İ", "i").lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", lowered).translate(_FOLDED))
