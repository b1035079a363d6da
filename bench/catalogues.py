"""Brings the observatory's message catalogues in step with its code and templates, and compiles them.

`python -m bench.catalogues` after a string has changed or a translation was written. Translators edit
`src/arna/observatory/locale/<language>/LC_MESSAGES/django.po`; what stands in `django.mo` beside it is made from it.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1] / "src" / "arna"
LOCALE = ROOT / "observatory" / "locale"
LANGUAGES = ("uk", "ru", "kk")
_METHODS = [
    ("observatory/**.py", "python"),
    ("air/**.py", "python"),
    ("observatory/templates/**.j2", "jinja2"),
    ("air/templates/charts.html.j2", "jinja2"),
]
_KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "say": None, "say_number": (1, 2)}


def extract() -> Catalog:
    """All messages, each with the files it stands in."""
    template = Catalog(project="Arna", charset="utf-8")
    options = {path: {"trimmed": "true"} for path, method in _METHODS if method == "jinja2"}
    for name, _, message, comments, context in extract_from_dir(
        str(ROOT), _METHODS, options, _KEYWORDS, comment_tags=("Translators:",)
    ):
        template.add(message, None, [(name.replace("\\", "/"), 0)], auto_comments=comments, context=context)
    return template


def read(language: str) -> Catalog:
    """A language's catalogue as it lies there, or an empty one."""
    path = LOCALE / language / "LC_MESSAGES" / "django.po"
    if not path.exists():
        return Catalog(locale=language, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update(language: str) -> Catalog:
    """A language's catalogue with exactly the messages there are now; those that were dropped are gone."""
    catalog, template = read(language), extract()
    catalog.update(template, no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    catalog.fuzzy = False
    return catalog


def render_po(catalog: Catalog) -> bytes:
    """The text of a catalogue; without names and times, which git knows."""
    catalog.mime_headers  # noqa: B018  # fills in the rule of plurals
    catalog.header_comment = f"# Words of the observatory in {catalog.locale.english_name if catalog.locale else '?'}."
    stream = BytesIO()
    write_po(stream, catalog, width=0, sort_output=True, include_lineno=False, omit_header=False)
    lines = stream.getvalue().decode().split("\n")
    dropped = ("Report-Msgid", "POT-Creation", "PO-Revision", "Last-Translator", "Language-Team", "Generated-By")
    return "\n".join(line for line in lines if not line.startswith(tuple(f'"{name}' for name in dropped))).encode()


def render_mo(catalog: Catalog) -> bytes:
    """A catalogue as gettext reads it."""
    stream = BytesIO()
    written = read_po(BytesIO(render_po(catalog)), locale=str(catalog.locale))
    written.creation_date = written.revision_date = datetime(2000, 1, 1, tzinfo=UTC)  # the same words, the same bytes
    write_mo(stream, written)
    return stream.getvalue()


def main() -> int:
    for language in LANGUAGES:
        folder = LOCALE / language / "LC_MESSAGES"
        folder.mkdir(parents=True, exist_ok=True)
        catalog = update(language)
        (folder / "django.po").write_bytes(render_po(catalog))
        (folder / "django.mo").write_bytes(render_mo(catalog))
        missing = [message.id for message in catalog if message.id and not _is_told(message.string)]
        print(f"{language}: {len(catalog)} messages, {len(missing)} not translated")
    return 0


def _is_told(string: object) -> bool:
    return all(string) if isinstance(string, (tuple, list)) else bool(string)


if __name__ == "__main__":
    sys.exit(main())
