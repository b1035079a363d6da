"""The Jinja environment of the pages: the report's filters and macros, messages from the catalogues."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext, ngettext, npgettext, pgettext
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from arna.air import report_words, voice
from arna.observatory.assets import address_of


def make_environment(**options: Any) -> Environment:
    """An environment whose templates may include those of the report."""
    options |= {
        "loader": ChoiceLoader([PackageLoader("arna.observatory"), PackageLoader("arna.air")]),
        "autoescape": True,
        "undefined": StrictUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
        "extensions": ["jinja2.ext.i18n"],
        "auto_reload": False,
    }
    environment = Environment(**options)  # noqa: S701  # it is on
    environment.install_gettext_callables(  # type: ignore[attr-defined]  # by the extension
        gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.filters |= report_words.FILTERS
    environment.globals |= {
        "say": voice.say,
        "say_number": voice.say_number,
        "show_interval": report_words.show_interval,
        "show_days": report_words.show_days,
        "safe_url": report_words.safe_url,
        "asset": address_of,
    }
    return environment
