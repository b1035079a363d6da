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
_KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2), "say": None,
             "say_number": (1, 2)}  # fmt: skip
GLOSSARY = {
    "kk": """
Сөздік – бір ұғымға бір сөз:
void – ақтаңдақ; void map – ақтаңдақтар картасы; cell – ұяшық
coverage, covered – қамту, қамтылған; share – үлес; range – аралық
origin – шығу тегі; unknown – белгісіз
own words (мақаланың, БАҚ-тың) – өз мәтіні
own reporting (бақылау нысанының) – төл ақпарат
own share – төл ақпарат үлесі
subject – «… туралы» (жалғаусыз); topic – тақырып; title – атау
rest on, reliance – сүйену; source – дереккөз
credit – аталған дереккөз; link – сілтеме; copy – көшірме
translation – аударма; doubt – күмән; margin – айырма
direction – бағыт; confidence – сенімділік
outlet – БАҚ; article – мақала; story – хабар; family – шежіре
passage – үзінді; span – бөлік; sentence – сөйлем; name – жалқы есім
health (of collection) – жинақ толықтығы; short day – толық емес күн
request – сұрау; trouble – кедергі
held – қорда бар; run – өңдеу; space – кеңістік
judgement – шешім; accept, reject, undo – қабылдау, қабылдамау, қайтарып алу
""",
    "ru": """
Слова одной мысли, по одному на понятие:
void — пробел; void map — карта пробелов; cell — ячейка; covered — освещено
topic — тема; subject — предмет наблюдения; space — пространство; run — расчёт
origin — происхождение; own share (of the subject) — своя доля
own reporting — свои сообщения; own words (of an article) — собственный текст
to rest with an origin — восходить к; to rest on others, reliance — заимствовать, заимствование
copy — копия; translation — перевод; credit — указание источника; link — ссылка; source — источник
direction — направление; confidence — уверенность; margin — отрыв; doubt — под вопросом
family — семейство; story — сообщение; passage — отрывок; span — фрагмент; sentence — предложение
outlet — издание; registered — в реестре; kind — тип; who decides — управление
health — полнота сбора; short day — неполный день; collected, held — собрано, хранится
request — запрос; trouble — помеха
rests on others or unknown (1 − own) — чужое и неизвестное; own reporting N % in a cell — своё N %
share — доля; interval, range — интервал; judgement — решение; flow — потоки
Название, пришедшее из данных, стоит в именительном падеже: после двоеточия, в скобках или при родовом слове.
""",
    "uk": """
Слова одного поняття, по одному на кожне:
void — прогалина; void map — карта прогалин; cell — клітинка; covered — висвітлено
topic — тема; subject — предмет; space — простір; run — обробка; share — частка
origin — походження; unknown — невідоме
own words (статті, медіа) — власні слова; own reporting (предмета) — власні повідомлення
rest on, reliance — спиратися на; source — джерело; credit — згадка джерела; link — посилання
copy — копія; translation — переклад; doubt — сумнів; margin — відрив
direction — напрям; confidence — упевненість
outlet — медіа; article — стаття; story — новина; family — родина
passage — уривок; span — фрагмент; sentence — речення; name — власна назва
health — повнота збору; short day — неповний день; request — запит; trouble — перешкода; held — у просторі
judgement — оцінка; accept, reject, undo — підтвердити, відхилити, скасувати
Назва, що походить із даних, стоїть у називному відмінку: після двокрапки, у дужках або при родовому слові.
""",
}
"""One word for each notion of Arna, at the head of each catalogue."""


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
    for message in catalog:
        message.user_comments = []  # what is worth a comment stands in the glossary
    return catalog


def render_po(catalog: Catalog) -> bytes:
    """The text of a catalogue; without names and times, which git knows."""
    catalog.mime_headers  # noqa: B018  # fills in the rule of plurals
    name = catalog.locale.english_name if catalog.locale else "?"
    lines = [f"Words of the observatory in {name}.", *GLOSSARY.get(str(catalog.locale), "").splitlines()]
    catalog.header_comment = "\n".join(f"# {line}".rstrip() for line in lines)
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
