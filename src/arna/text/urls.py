"""URLs in one form: what two addresses of one page have in common."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

# Parameters that say where a reader came from, never which page is shown (names as the senders document them).
_TRACKING_NAMES = (
    "fbclid gclid gclsrc dclid gbraid wbraid yclid ysclid ymclid _openstat msclkid twclid ttclid igshid igsh "
    "mc_cid mc_eid mkt_tok vero_id wickedid oly_anon_id oly_enc_id _hsenc _hsmi __twitter_impression "
    "cmpid at_medium at_campaign tg_rhash srsltid"
)
_TRACKING = frozenset(_TRACKING_NAMES.split())
_TRACKING_STARTS = ("utm_", "utm-", "mtm_", "pk_", "hsa_")
_DEFAULT_PORT = {"http": 80, "https": 443}
_PERCENT = re.compile(r"%([0-9a-fA-F]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_KEPT_AS_IS = "!#$%&'()*+,/:;=?@[]~|"
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?|[0-9a-f:.]+")  # a name, or an address of version 6
_BLANK = re.compile(r"[\t\r\n]+")
_MAX_LENGTH = 2000  # longer addresses are data: URIs in disguise or traps; browsers and servers cut there too

# Telegram's own pages under the same host (core.telegram.org/api/links).
_TELEGRAM_NAMES = (
    "joinchat addstickers addemoji addtheme addlist share proxy socks login confirmphone setlanguage invoice contact "
    "boost giftcode auction call"
)
_TELEGRAM_PAGES = frozenset(_TELEGRAM_NAMES.split())
_CHANNEL = re.compile(
    r"(?:https?://)?(?:www\.)?(?:t|telegram)\.me/(?:s/)?(c/[1-9]\d{0,15}|[a-z][a-z0-9_]{3,31})(?=[/?#]|$)",
    re.IGNORECASE,
)


def channel_of(address: str) -> str:
    """Name of the Telegram channel an address leads to, or ``c/`` and its number; empty for every other address.

    ``t.me/dalanews``, ``https://t.me/s/dalanews?before=7`` and ``https://t.me/dalanews/12`` are ``dalanews``.
    """
    found = _CHANNEL.match(address.strip())
    return found[1] if found and found[1].lower() not in _TELEGRAM_PAGES else ""


def normalise_url(url: str) -> str | None:
    """The one form of an absolute web address, or None when it is not one.

    Scheme and host are lower-case, the host in its ASCII form (``xn--``), the default port, user name, fragment
    and parameters that only track readers (``utm_*``, ``fbclid``, ``yclid``, ``gclid`` …) removed, an empty path
    is ``/``, and letters outside ASCII are percent-encoded, so that a Cyrillic slug has one spelling. Order of
    parameters and a closing slash are kept: servers may tell them apart. Idempotent; never raises.
    """
    try:
        parts = urlsplit(_BLANK.sub("", url).strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORT or not host:
        return None
    name = _ascii_host(host)
    if name is None:
        return None
    name = f"[{name}]" if ":" in name else name
    place = name if port is None or port == _DEFAULT_PORT[scheme] else f"{name}:{port}"
    path = _encode(parts.path) or "/"
    whole = urlunsplit(SplitResult(scheme, place, path, _encode(_drop_tracking(parts.query)), ""))
    return whole if len(whole) <= _MAX_LENGTH else None


def host_of(url: str) -> str:
    """Host name of a URL, lower-case, without ``www.``; empty when there is none."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return host.rstrip(".").removeprefix("www.")


def _ascii_host(host: str) -> str | None:
    name = host.rstrip(".")
    if not name.isascii():
        try:
            name = name.encode("idna").decode("ascii").lower()
        except UnicodeError:
            return None
    return name if _HOST.fullmatch(name) else None


def _drop_tracking(query: str) -> str:
    if not query:
        return ""
    kept = [pair for pair in query.replace("&amp;", "&").split("&") if pair and not _tracks(pair)]
    return "&".join(kept)


def _tracks(pair: str) -> bool:
    name = pair.partition("=")[0].lower()
    return name in _TRACKING or name.startswith(_TRACKING_STARTS)


def _encode(part: str) -> str:
    """Percent-encode what is not ASCII, and spell the encoding one way: capital hex, no encoded plain letters."""
    if part.isascii() and part.isalnum():
        return part
    encoded = quote(part, safe=_KEPT_AS_IS, errors="replace")
    encoded = re.sub(r"%(?![0-9a-fA-F]{2})", "%25", encoded)
    return _PERCENT.sub(_spell, encoded)


def _spell(match: re.Match[str]) -> str:
    letter = chr(int(match.group(1), 16))
    return letter if letter in _UNRESERVED else f"%{match.group(1).upper()}"
