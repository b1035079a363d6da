"""Reasons in the reader's words: why a day was short, why a document became no article, what was found in an article.

Tables keep short words of Arna's own; what nobody has put into words here is shown as it is.
"""

from __future__ import annotations

from django.utils.translation import gettext

from arna.terms import troubles


def tell_trouble(reason: str | None) -> str:
    """Why little or nothing came, from ``health.reason`` or :func:`arna.terms.troubles.name_trouble`."""
    said = {
        troubles.BLOCKED: gettext("blocked"),
        troubles.ROBOTS: gettext("forbidden by robots.txt"),
        troubles.GONE: gettext("address gone"),
        troubles.UNREACHABLE: gettext("unreachable"),
        troubles.SERVER: gettext("server errors"),
        troubles.FEED: gettext("no readable feed"),
        troubles.TOO_LARGE: gettext("too large"),
        troubles.OFF_LIST: gettext("leads to another site"),
        troubles.REDIRECTS: gettext("redirects in a circle"),
        troubles.PRIVATE: gettext("not a public address"),
        troubles.DAMAGED: gettext("damaged feed"),
        troubles.OTHER: gettext("broken answers"),
        troubles.LAYOUT: gettext("layout changed"),
        troubles.SILENT: gettext("nothing new listed"),
        troubles.IDLE: gettext("not collected"),
    }
    return said.get(reason or "", reason or "")


def tell_outcome(reason: str) -> str:
    """Why a document became no article, from the code that ``outcomes.reason`` begins with."""
    said = {
        "duplicate": gettext("a duplicate"),
        "too-short": gettext("too short"),
        "no-article-text": gettext("no article in the page"),
        "empty-page": gettext("an empty page"),
        "empty-text": gettext("an empty text"),
        "not-html": gettext("not a web page"),
        "http-status": gettext("the server gave no page"),
        "too-large": gettext("too large"),
        "broken": gettext("broken"),
    }
    return said.get(reason, reason)


def tell_leaning(kind: str) -> str:
    """What articles of a list have: reliances of one kind."""
    said = {
        "copy": gettext("with copied words"),
        "translation": gettext("with translated sentences"),
        "doubt": gettext("with doubtful translations"),
        "credit": gettext("with credits"),
        "link": gettext("with links"),
    }
    return said.get(kind, kind)
