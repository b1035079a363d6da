"""Bytes of a page to text: which encoding, when the page says nothing or the wrong thing."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from arna.text.letters import rate_letters

# Labels that mean another encoding than they say (WHATWG Encoding Standard, "Names and labels").
_LABELS = {
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso-8859-9": "cp1254",
    "latin5": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "x-cp1251": "cp1251",
    "win-1251": "cp1251",
    "windows1251": "cp1251",
    "win1251": "cp1251",
    "x-mac-cyrillic": "mac-cyrillic",
    "utf8": "utf-8",
    "unicode": "utf-8",
    "koi8": "koi8-r",
    "koi": "koi8-r",
    "strk1048-2002": "kz1048",
    "windows-874": "cp874",
}
# What a page may declare. Python's registry also holds what is not text (base64, rot13, zlib): it is not asked.
_WIDE_NAMES = "gb18030 big5 cp949 cp932 euc-jp iso2022-jp johab hz"
_NARROW_NAMES = (
    "cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 iso8859-2 iso8859-3 iso8859-4 iso8859-5 "
    "iso8859-6 iso8859-7 iso8859-8 iso8859-10 iso8859-13 iso8859-14 iso8859-15 iso8859-16 koi8-r koi8-u koi8-t "
    "kz1048 ptcp154 cp866 cp855 mac-cyrillic cp874"
)
# The first of equals wins, so the commonest stand first.
_GUESSED_NAMES = "cp1251 cp1254 cp1252 cp1250 koi8-u kz1048 ptcp154 koi8-t cp866 iso8859-5 mac-cyrillic"
_VARIANT_NAMES = "cp1251 kz1048 ptcp154 koi8-r koi8-u"


def _codecs(names: str) -> tuple[str, ...]:
    return tuple(codecs.lookup(name).name for name in names.split())


_WIDE = frozenset(_codecs(_WIDE_NAMES))
_TEXT_CODECS = _WIDE | frozenset(_codecs(_NARROW_NAMES))
_GUESSES = _codecs(_GUESSED_NAMES)
_VARIANTS = frozenset(_codecs(_VARIANT_NAMES))
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META_CHARSET = re.compile(
    rb"""<(?:meta[^>]{0,300}?charset|\?xml[^>]{0,100}?encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,30})""",
    re.IGNORECASE,
)
_UTF16_LE = re.compile(rb"(?:\s\0){0,64}<\0[!?a-zA-Z]\0")
_UTF16_BE = re.compile(rb"(?:\0\s){0,64}\0<\0[!?a-zA-Z]")
_HEAD = 16_384  # bytes searched for <meta charset>; the standard asks for 1,024, real heads put scripts before it
_MARKUP = re.compile(rb"<(script|style)\b.*?</\1\s*>|<[^>]*>", re.IGNORECASE | re.DOTALL)
_WORD = re.compile(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*")
_SAMPLE_BYTES = 200_000
_SAMPLE_WORDS = 400
# Share of broken characters up to which text is still called UTF-8. Text in a one-byte encoding breaks above .9,
# UTF-8 with a cut or one foreign block below .05 (both seen on re-encoded pages of the eight languages).
_BROKEN_UTF8 = 0.15
_BROKEN_WIDE = 0.02  # declared Chinese, Japanese or Korean: text in another encoding breaks above .2
# A guess beats what the page declares only from this lead on, in score per letter. Right declarations lose by
# less than .1 to a neighbour encoding; wrong ones by .5 and more (same pages).
_LEAD = 0.25
# Encodings that differ in the few letters Russian lacks: Kazakh bytes under a Russian label lead by .2 and more.
_VARIANT_LEAD = 0.06
# Mac Cyrillic has the small letters of cp1251 but one and quotes for its capitals, so a short text fits both: a title
# in cp1251 that begins most words with a capital leads by .03 when read as Mac.
_MAC, _RARE = codecs.lookup("mac-cyrillic").name, 0.1


class Decoded(NamedTuple):
    """Text of a page and the encoding it was read with (a Python codec name)."""

    text: str
    encoding: str


def decode_page(payload: bytes, declared: str | None = None) -> Decoded:
    """Decode a page's bytes.

    The cascade, first that holds:

    1. a byte order mark;
    2. valid UTF-8 (with up to a few broken characters): bytes of other encodings do not form it by chance, so it
       beats any declaration;
    3. the encoding ``declared`` in the HTTP header, then the one in ``<meta>``, unless its letters make no words;
    4. the one-byte encoding whose letters look most like text in Cyrillic or Latin (see ``arna.text.letters``).

    Args:
        payload: the page as fetched, content encoding (gzip) already removed.
        declared: charset of the Content-Type header, in any spelling, or None.

    Returns:
        Text, with U+FFFD for what could not be read, and the codec's name. Never raises.
    """
    for mark, name in _BOMS:
        if payload.startswith(mark):
            return Decoded(payload[len(mark) :].decode(name, "replace"), name)
    utf16 = _utf16_without_mark(payload)
    if utf16:
        return Decoded(payload.decode(utf16, "replace"), utf16)
    if payload.isascii() and b"\x1b" not in payload:
        return Decoded(payload.decode("ascii"), "ascii")
    text = _as_utf8(payload)
    if text is not None:
        return Decoded(text, "utf-8")
    name = _choose(payload, _declarations(payload, declared))
    return Decoded(payload.decode(name, "replace"), name)


def _utf16_without_mark(payload: bytes) -> str | None:
    """UTF-16 shows where markup begins: every other byte is zero."""
    if _UTF16_LE.match(payload):
        return "utf-16-le"
    return "utf-16-be" if _UTF16_BE.match(payload) else None


def _as_utf8(payload: bytes) -> str | None:
    try:
        return payload.decode("utf-8")
    except UnicodeDecodeError:
        text = payload.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    foreign = len(text) - len(text.encode("ascii", "ignore"))
    return text if broken <= _BROKEN_UTF8 * foreign else None


def _declarations(payload: bytes, declared: str | None) -> list[str]:
    names = [declared] if declared else []
    found = _META_CHARSET.search(payload[:_HEAD])
    if found:
        names.append(found.group(1).decode("ascii"))
    return [codec for codec in map(_codec_of, names) if codec]


def _codec_of(label: str) -> str | None:
    """Python's name of a declared charset, or None when it is not one of text."""
    name = label.strip(" \t\"';,").lower()
    try:
        codec = codecs.lookup(_LABELS.get(name, name)).name
    except (LookupError, ValueError):
        return None
    return codec if codec in _TEXT_CODECS else None


def _choose(payload: bytes, declared: list[str]) -> str:
    words = _sample_words(payload)
    wide = [name for name in declared if name in _WIDE]
    if wide and words.decode(wide[0], "replace").count("\ufffd") <= _BROKEN_WIDE * len(words):
        return wide[0]
    names = [name for name in dict.fromkeys((*declared, *_GUESSES)) if name not in _WIDE]
    rates = {name: rate_letters(words.decode(name, "replace")) for name in names}
    best = max(rates, key=lambda name: rates[name] - (_RARE if name == _MAC else 0.0))
    for name in declared:
        if name in rates and rates[name] >= rates[best] - (_VARIANT_LEAD if name in _VARIANTS else _LEAD):
            return name
    return best


def _sample_words(payload: bytes) -> bytes:
    """Words with letters outside ASCII, from the visible text if it has any."""
    head = payload[:_SAMPLE_BYTES]
    words = _WORD.findall(_MARKUP.sub(b" ", head)) or _WORD.findall(head) or _WORD.findall(payload)
    return b" ".join(words[:_SAMPLE_WORDS])
