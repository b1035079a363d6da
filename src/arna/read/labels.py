"""Short lines that say what follows them, or what they are, in the eight languages: "Comments", "Читайте также: …".

Such labels are set phrases that hardly change from outlet to outlet, so a line is looked up, not matched: its first
one to three words are sought among the phrases of each kind.
"""

from __future__ import annotations

import re
from typing import Final

NONE: Final = 0
OTHER: Final = 1
"""A heading that is no label known here."""
RELATED: Final = 2
COMMENTS: Final = 3
TOOLS: Final = 4
"""Of sharing, printing, subscribing, tags and counters."""

_PHRASES: Final[dict[int, str]] = {
    RELATED: """
        related|read also|also read|read more|read next|more news|more stories|more from|more on|see also|recommended
        you may also|you might also|most read|most popular|most viewed|popular|trending|latest news|on this topic
        other news|top stories|similar news|up next
        читайте также|читать также|смотрите также|по теме|на эту тему|материалы по теме|новости по теме|статьи по теме
        ещё по теме|еще по теме|похожие|другие новости|другие материалы|популярное|популярные|самое читаемое
        самые читаемые|последние новости|новости партнёров|новости партнеров|рекомендуем|вам может|лента новостей
        читайте ещё|читайте еще|читайте по теме|читайте в тему|главные новости
        читайте також|читати також|дивіться також|за темою|по темі|на цю тему|матеріали за темою|новини за темою|схожі
        інші новини|популярне|популярні|найпопулярніше|останні новини|новини партнерів|рекомендуємо|вас може
        читайте ще|більше новин|головні новини
        тағы оқыңыз|тағы да оқыңыз|сондай-ақ оқыңыз|оқи отырыңыз|осы тақырып|осы тақырыпта|тақырыпқа байланысты
        тақырып бойынша|ұқсас|басқа жаңалықтар|өзге жаңалықтар|соңғы жаңалықтар|көп оқылғандар|көп оқылған|ең көп
        танымал|ұсынамыз|маңызды жаңалықтар
        shu mavzuda|shu mavzu|mavzuga oid|mavzu boyicha|oxshash|boshqa yangiliklar|songgi yangiliklar|kop oqilgan
        eng kop|shuningdek oqing|yana oqing|mashhur|tavsiya etamiz|ommabop
        шу мавзуда|мавзуга оид|мавзу бўйича|ўхшаш|бошқа янгиликлар|сўнгги янгиликлар|кўп ўқилган|энг кўп
        шунингдек ўқинг|яна ўқинг|тавсия этамиз
        şu mowzukda|şu mowzuk|şu tema|meňzeş|beýleki habarlar|beýleki täzelikler|soňky habarlar|soňky täzelikler
        köp okalanlar|köp okalan|iň köp|şeýle hem|ýene okaň|ýene-de okaň|degişli habarlar|okamagy maslahat
        ушул темада|ушул тема|тема боюнча|окшош|башка жаңылыктар|акыркы жаңылыктар|көп окулган|эң көп|дагы окуңуз
        окуй отуруңуз|сунуштайбыз
        дар ҳамин мавзӯъ|дар ин мавзӯъ|хабарҳои дигар|хабарҳои охирин|навтарин хабарҳо|хабарҳои монанд|инчунин хонед
        ҳамчунин хонед|боз хонед|бештар хондашуда|серхонанда|маводи дигар|тавсия мешавад
    """,
    COMMENTS: """
        comment|comments|no comments|leave a comment|leave a reply|post a comment|add a comment|responses|discussion
        join the conversation|reader comments|readers comments|view comments
        комментарии|комментарий|комментариев|обсуждение|отзывы|оставить комментарий|добавить комментарий
        мнения читателей|нет комментариев|комментарии читателей
        коментарі|коментар|коментарів|обговорення|відгуки|залишити коментар|додати коментар|думки читачів
        пікірлер|пікір|пікір қалдыру|пікір қосу|пікір жазу|талқылау|оқырман пікірі|оқырмандар пікірі
        izohlar|izoh|sharhlar|fikrlar|izoh qoldirish|izoh qoldiring|fikr bildirish|muhokama
        изоҳлар|изоҳ|шарҳлар|фикрлар|изоҳ қолдириш|фикр билдириш|муҳокама
        teswirler|teswir|pikirler|teswir ýazmak|teswir goşmak|teswir galdyrmak
        комментарийлер|пикирлер|пикир|пикир калтыруу|пикир жазуу|талкуу
        шарҳҳо|шарҳ|назарҳо|андешаҳо|тафсирҳо|изҳори назар|шарҳ гузоштан|муҳокима
    """,
    TOOLS: """
        share|share this|tags|tag|topics|keywords|views|subscribe|newsletter|advertisement|print|follow us|written by
        поделиться|поделитесь|теги|тег|метки|ключевые слова|просмотров|просмотры|прочитано|подписаться|реклама
        распечатать|версия для печати|подписывайтесь
        поділитися|поширити|теґи|мітки|ключові слова|переглядів|перегляди|підписатися|роздрукувати|підписуйтесь
        бөлісу|бөлісіңіз|тегтер|тегі|қаралды|қаралым|жазылу|жарнама|басып шығару|кілт сөздер
        ulashish|ulashing|teglar|korildi|korishlar|obuna boling|reklama|chop etish|kalit sozlar
        улашиш|улашинг|теглар|кўрилди|кўришлар|обуна бўлинг|чоп этиш
        paýlaş|paýlaşmak|paýlaşyň|bellikler|görlen|görlen sany|okalan|mahabat|çap et|çap etmek|açar sözler
        бөлүшүү|бөлүшүңүз|тегдер|көрүлдү|окулду|жарнак|басып чыгаруу
        мубодила|ирсол|барчаспҳо|калидвожаҳо|дида шуд|хонда шуд|таблиғ|чоп кардан
    """,
}
_KINDS: Final[dict[str, int]] = {
    phrase.strip(): kind
    for kind, phrases in _PHRASES.items()
    for line in phrases.strip().split("\n")
    for phrase in line.split("|")
}
_STARTS: Final = frozenset(phrase[:2] for phrase in _KINDS)
_WORD: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_APOSTROPHES: Final = dict.fromkeys(map(ord, "'’‘ʻʼ`"))
MAX_LABEL: Final = 60
"""Characters; the label itself is shorter, a line may go on after it."""
_MAX_PLAIN: Final = 3  # words a label may have after its phrase when no colon parts them


def read_label(start: str) -> int:
    """The kind of label a line is or begins with, ``NONE`` for lines that are not labels.

    Args:
        start: the first ``MAX_LABEL`` characters of the line.

    A line is a label when a phrase is nearly all of it, or when a colon follows the phrase: a sentence of the
    story that begins with such words is not one.
    """
    if start[:2].lower() not in _STARTS and start[:2].isalpha():
        return NONE
    before, colon, _ = start.partition(":")
    words = _WORD.findall(before.lower().translate(_APOSTROPHES))
    for length in (3, 2, 1):
        kind = _KINDS.get(" ".join(words[:length]), NONE) if len(words) >= length else NONE
        if kind and (colon or len(start) < MAX_LABEL) and len(words) - length <= _MAX_PLAIN and start[-1] != ".":
            return kind
    return NONE
