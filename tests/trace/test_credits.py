from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arna.terms import Outlet
from arna.trace.credit_words import LANGUAGES, compile_cues, fold_letters
from arna.trace.credits import Credit, CreditFinder


def make_outlet(outlet: str, name: str, domain: str = "", **names: str) -> Outlet:
    aliases = {lang: tuple(text.split("|")) for lang, text in names.items()}
    return Outlet(outlet, name, "x", "XX", "agency", ("ru",), (domain or f"{outlet}.example",), aliases)


OUTLETS = [
    make_outlet("tass", "TASS", "tass.ru", ru="ТАСС"),
    make_outlet("ukrinform", "Ukrinform", "ukrinform.ua", uk="Укрінформ", ru="Укринформ"),
    make_outlet("kazinform", "Kazinform", "inform.kz", kk="ҚазАқпарат|Казинформ"),
    make_outlet("reuters", "Reuters", "reuters.com"),
    make_outlet("interfax", "Interfax", "interfax.ru", ru="Интерфакс"),
    make_outlet("interfax-ukraine", "Interfax-Ukraine", ru="Интерфакс-Украина"),
    make_outlet("ria", "RIA Novosti", "ria.ru", ru="РИА Новости|РИА"),
    make_outlet("tengrinews", "Tengrinews.kz", "tengrinews.kz"),
    make_outlet("24-kg", "24.kg", "24.kg"),
    make_outlet("kun-uz", "Kun.uz", "kun.uz"),
    make_outlet("khabar", "Khabar", ru="Хабар", kk="Хабар"),
    make_outlet("khovar", "Khovar", tg="Ховар"),
    make_outlet("azattyq", "Azattyq", kk="Азаттық", ru="Радио Азаттык"),
    make_outlet("azattyk", "Azattyk", ky="Азаттык"),
    make_outlet("ukrainska-pravda", "Ukrainska Pravda", uk="Українська правда", ru="Украинская правда"),
    make_outlet("rain", "TV Rain", ru="Телеканал Дождь"),
    make_outlet("insider", "The Insider"),
    make_outlet("vb", "Vecherniy Bishkek", ru="Вечерний Бишкек|Вечерняя Астана"),
]
FINDER = CreditFinder(OUTLETS)


def find(text: str, lang: str) -> list[Credit]:
    return FINDER.find_credits(text, [(0, len(text))], lang)


CREDITED = [
    ("kk-Cyrl", "Кездесу өтті, деп хабарлайды ТАСС.", "tass", "деп хабарлайды ТАСС", "verb"),
    ("kk-Cyrl", "ТАСС-тың мәліметінше, кездесу өтті.", "tass", "ТАСС-тың мәліметінше", "preposition"),
    ("kk-Cyrl", "Укринформның хабарлауынша, жол ашық.", "ukrinform", "Укринформның хабарлауынша", "preposition"),
    ("kk-Cyrl", "Бұл туралы «Хабар» агенттігі хабарлады.", "khabar", "«Хабар» агенттігі хабарлады", "verb"),
    ("kk-Cyrl", "Reuters-ке сілтеме жасап жазды.", "reuters", "Reuters-ке сілтеме жасап", "preposition"),
    ("kk-Cyrl", "Елші Укринформға берген сұхбатында айтты.", "ukrinform", "Укринформға берген сұхбатында", "interview"),
    ("kk-Cyrl", "Рейтер АҚШ-тың келісімге қол қойғанын хабарлады.", "reuters", "Рейтер", "verb"),
    ("kk-Latn", "Kezdesu ótti, dep habarlaıdy Ukrinform.", "ukrinform", "dep habarlaıdy Ukrinform", "verb"),
    ("ru-Cyrl", "Встреча прошла, сообщает ТАСС.", "tass", "сообщает ТАСС", "verb"),
    ("ru-Cyrl", "Пишут со ссылкой на Укринформ.", "ukrinform", "со ссылкой на Укринформ", "preposition"),
    ("ru-Cyrl", "Передаёт корреспондент Укринформа.", "ukrinform", "Передаёт корреспондент Укринформа", "verb"),
    ("ru-Cyrl", "Как сообщили в агентстве «Интерфакс», рейс задержан.", "interfax", "«Интерфакс»", "verb"),
    ("ru-Cyrl", "По данным «Интерфакс-Украины», рейс задержан.", "interfax-ukraine", "По данным", "preposition"),
    ("ru-Cyrl", "Он рассказал об этом «Украинской правде».", "ukrainska-pravda", "рассказал", "interview"),
    ("ru-Cyrl", "Телеканал «Дождь» сообщил, что мост открыт.", "rain", "Телеканал «Дождь» сообщил", "verb"),
    ("ru-Cyrl", "По данным «Вечернего Бишкека», рейс задержан.", "vb", "По данным", "preposition"),
    ("ru-Cyrl", "Как сообщили в «Вечернем Бишкеке», рейс задержан.", "vb", "«Вечернем Бишкеке»", "verb"),
    ("ru-Cyrl", "Пишут со ссылкой на «Вечернюю Астану».", "vb", "«Вечернюю Астану»", "preposition"),
    ("uz-Latn", "TASS xabariga koʻra, uchrashuv boʻldi.", "tass", "TASS xabariga koʻra", "preposition"),
    ("uz-Latn", "«Ukrinform» agentligining xabar berishicha, yoʻl ochiq.", "ukrinform", "berishicha", "preposition"),
    ("uz-Latn", "Kun.uz xabar berdi.", "kun-uz", "Kun.uz xabar berdi", "verb"),
    ("uz-Cyrl", "ТАСС хабарига кўра, учрашув бўлди.", "tass", "ТАСС хабарига кўра", "preposition"),
    ("tk-Latn", "TASSyň habaryna görä, duşuşyk boldy.", "tass", "TASSyň habaryna görä", "preposition"),
    ("tk-Latn", "Ýol açyk diýip, Ukrinform habar berýär.", "ukrinform", "Ukrinform habar berýär", "verb"),
    ("ky-Cyrl", "Укринформдун билдиришинче, жол ачык.", "ukrinform", "Укринформдун билдиришинче", "preposition"),
    ("ky-Cyrl", "Бул тууралуу 24.kg кабарлайт.", "24-kg", "24.kg кабарлайт", "verb"),
    ("tg-Cyrl", "Ба иттилои Ховар, роҳ кушода аст.", "khovar", "Ба иттилои Ховар", "preposition"),
    ("tg-Cyrl", "Ховар хабар медиҳад.", "khovar", "Ховар хабар медиҳад", "verb"),
    ("uk-Cyrl", "Зустріч відбулася, повідомляє Укрінформ.", "ukrinform", "повідомляє Укрінформ", "verb"),
    ("uk-Cyrl", "Як Укрінформу повідомили в уряді, шлях відкрито.", "ukrinform", "Укрінформу", "interview"),
    ("en-Latn", "Exports fell, Ukrinform reports.", "ukrinform", "Ukrinform reports", "verb"),
    ("en-Latn", "Exports fell, according to Interfax-Ukraine.", "interfax-ukraine", "according to", "preposition"),
    ("en-Latn", "The minister told Reuters that exports fell.", "reuters", "told Reuters", "interview"),
    ("ru-Cyrl", "ТАСС со слов спасателей передаёт, что рейс задержан.", "tass", "ТАСС со слов", "verb"),
    ("ru-Cyrl", "По подсчётам Reuters, экспорт упал.", "reuters", "По подсчётам Reuters", "preposition"),
    ("ru-Cyrl", "Корреспондент ТАСС Анна Петрова сообщает, что рейс задержан.", "tass", "сообщает", "verb"),
    ("uk-Cyrl", "Reuters, на яке посилаються медіа, стверджує протилежне.", "reuters", "Reuters", "verb"),
    ("en-Latn", "Reuters, which spoke to two officials, said exports fell.", "reuters", "Reuters, which", "verb"),
    ("en-Latn", "By Interfax-Ukraine's estimate, exports fell.", "interfax-ukraine", "By Interfax", "preposition"),
    ("kk-Cyrl", "ТАСС тілшісі оқиға орнынан хабарлайды.", "tass", "ТАСС тілшісі оқиға орнынан", "verb"),
    (
        "kk-Cyrl",
        "Reuters агенттігінің екі дереккөзге сүйеніп жазуынша, жол ашық.",
        "reuters",
        "екі дереккөзге",
        "preposition",
    ),
    ("ky-Cyrl", "Өкмөттүн чечимин Reuters агенттигине эки булак тастыктады.", "reuters", "агенттигине", "interview"),
    (
        "uz-Latn",
        "Reuters agentligining ikki manbaga tayanib yozishicha, yoʻl ochiq.",
        "reuters",
        "yozishicha",
        "preposition",
    ),
    ("tk-Latn", "Ukrinform duşuşygyň ertir boljakdygyny düýn agşam habar berdi.", "ukrinform", "Ukrinform", "verb"),
    ("tg-Cyrl", "Қарори ҳукуматро ба Reuters ду манбаъ тасдиқ карданд.", "reuters", "Reuters", "interview"),
    ("tg-Cyrl", "Ин хабарро Ховар бо истинод ба вазорат расонд.", "khovar", "Ховар бо истинод", "verb"),
    ("en-Latn", "As Reuters put it, exports are running dry.", "reuters", "Reuters put it", "verb"),
    ("kk-Cyrl", "Жол жабық, деп еске салды Reuters.", "reuters", "деп еске салды Reuters", "verb"),
    ("ky-Cyrl", "Reuters белгилегендей, жол ачык.", "reuters", "Reuters белгилегендей", "preposition"),
    ("kk-Cyrl", "Reuters құттықтау хатының келгенін хабарлады.", "reuters", "Reuters құттықтау", "verb"),
    ("uz-Latn", "Yoʻl yopiq, deb eslatdi Reuters.", "reuters", "deb eslatdi Reuters", "verb"),
    ("ru-Cyrl", "АСТАНА, 23 сентября — ТАСС. Встреча прошла.", "tass", "ТАСС", "agency-line"),
    ("kk-Cyrl", "АСТАНА. ҚазАқпарат – Кездесу өтті.", "kazinform", "ҚазАқпарат", "agency-line"),
    ("en-Latn", "KYIV, Ukraine, Sept 23 (Reuters) - Exports fell.", "reuters", "Reuters", "agency-line"),
    ("ru-Cyrl", "Экспорт упал (ТАСС).", "tass", "ТАСС", "agency-line"),
    ("kk-Cyrl", "Дереккөз: Tengrinews.kz", "tengrinews", "Дереккөз: Tengrinews.kz", "source-line"),
    ("uk-Cyrl", "Джерело: ukrinform.ua", "ukrinform", "Джерело: ukrinform.ua", "source-line"),
    ("tk-Latn", "Çeşme: TASS", "tass", "Çeşme: TASS", "source-line"),
]


@pytest.mark.parametrize(("lang", "text", "outlet", "words", "form"), CREDITED)
def test_a_written_credit_names_its_outlet_and_its_words(lang, text, outlet, words, form):
    [credit] = find(text, lang)
    assert (credit.outlet, credit.form) == (outlet, form)
    said = text[credit.begin : credit.end]
    assert words in said or said in words or said.startswith(words)
    assert credit.name in said


UNCREDITED = [
    ("ru-Cyrl", "ТАСС открыл новый офис в Астане."),
    ("ru-Cyrl", "Корреспондент ТАСС был задержан, сообщает полиция."),
    ("ru-Cyrl", "Глава «Интерфакса» сообщил о своём уходе."),
    ("ru-Cyrl", "ТАСС не сообщал об этом."),
    ("ru-Cyrl", "Об этом сообщает пресс-служба министерства."),
    ("ru-Cyrl", "Фото: ТАСС"),
    ("ru-Cyrl", "Фото предоставлено агентством ТАСС"),
    ("kk-Cyrl", "Хабар келген соң жұрт тарады."),
    ("kk-Cyrl", "Хабарға қарағанда, жол ашық."),
    ("kk-Cyrl", "Елші келді деп хабарлады ТАСС директоры."),
    ("kk-Cyrl", "ТАСС бұл туралы хабарлаған жоқ."),
    ("kk-Cyrl", "Азаттық үшін күрес ұзаққа созылды."),
    ("kk-Cyrl", "Бұл туралы министрліктің баспасөз қызметі хабарлады."),
    ("uz-Latn", "TASS muxbiri chegarada ushlandi."),
    ("uz-Latn", "Bu haqda vazirlik matbuot xizmati xabar berdi."),
    ("tk-Latn", "Surat: TASS"),
    ("ky-Cyrl", "Азаттык үчүн күрөш көпкө созулду."),
    ("tg-Cyrl", "Дар Ховар борон борид."),
    ("uk-Cyrl", "Кореспондента Укрінформу затримали."),
    ("en-Latn", "Protesters gathered outside the Reuters building."),
    ("en-Latn", "Reuters did not report the meeting."),
    ("en-Latn", "TASS said it would open an office in Astana."),
    ("en-Latn", "He said Reuters would be wrong to leave."),
    ("en-Latn", "Reuters ran out of paper, the mayor told reporters."),
    ("kk-Cyrl", "Reuters кеңсесіне зымыран түскенін полиция хабарлады."),
    ("kk-Cyrl", "Интерфакс агенттігі биыл отыз жылдығын атап өтеді."),
    ("kk-Cyrl", "Министрлік ТАСС агенттігінің сауалына жауап берген жоқ."),
    ("ky-Cyrl", "Министрлик 24.kg жазган маалыматты төгүндөдү."),
    ("uz-Latn", "TASS va Reuters oʻrtasida bitim imzolandi."),
    ("ru-Cyrl", "example.kz сообщил о росте прибыли."),
    ("ru-Cyrl", "ТАСС рассказало о своём юбилее."),
    ("en-Latn", "The court told Reuters to pay a fine."),
    ("en-Latn", "Reuters announced a new director."),
    ("kk-Cyrl", "Министр «Хабар» арнасына алғыс айтты."),
    ("tg-Cyrl", "Суд Ховарро огоҳ кард."),
    ("ky-Cyrl", "Сот 24.kg сайтын эскертти."),
    ("en-Latn", "The insider added that he told Business Insider."),
]


@pytest.mark.parametrize(("lang", "text"), UNCREDITED)
def test_an_outlet_that_is_the_topic_is_not_credited(lang, text):
    assert find(text, lang) == []


@pytest.mark.parametrize(
    ("lang", "text", "name"),
    [
        ("ru-Cyrl", "Об этом сообщает портал «Дала жаңалықтары».", "Дала жаңалықтары"),
        ("kk-Cyrl", "«Дала жаңалықтары» порталының хабарлауынша, жол ашық.", "Дала жаңалықтары"),
        ("en-Latn", "The newspaper Steppe Herald reported the news.", "Steppe Herald"),
        ("ru-Cyrl", "По данным example.kz, дорога открыта.", "example.kz"),
    ],
)
def test_an_unregistered_outlet_is_kept_as_written(lang, text, name):
    [credit] = find(text, lang)
    assert (credit.outlet, credit.name) == (None, name)
    assert credit.score < 0.7


def test_another_outlet_of_a_longer_name_is_not_the_registered_one():
    [credit] = find("Об этом сообщает «Интерфакс-Запад».", "ru-Cyrl") or [None]
    assert credit is None or credit.outlet is None


def test_two_outlets_joined_by_and_are_both_credited():
    assert [c.outlet for c in find("ТАСС и РИА Новости сообщают о встрече.", "ru-Cyrl")] == ["tass", "ria"]
    assert [c.outlet for c in find("РИА Новости мен ТАСС хабарлағандай, жол ашық.", "kk-Cyrl")] == ["ria", "tass"]


def test_one_name_in_two_languages_goes_to_the_outlet_of_the_articles_language():
    assert find("Азаттықтың хабарлауынша, жол ашық.", "kk-Cyrl")[0].outlet == "azattyq"
    assert find("Азаттыктын маалыматына караганда, жол ачык.", "ky-Cyrl")[0].outlet == "azattyk"


def test_russian_words_of_attribution_are_read_in_a_kazakh_article():
    [credit] = find("Жол ашық. Об этом сообщает ТАСС.", "kk-Cyrl")
    assert credit.outlet == "tass"


def test_only_the_opening_and_lines_of_their_own_speak_for_the_whole_article():
    parts = ["Дорогу открыли, сообщает ТАСС.", "Рейс задержан.", "Мост закрыт, пишет Reuters.", "\nИсточник: 24.kg"]
    text, passages = "", []
    for part in parts:
        passages.append((len(text), len(text) + len(part)))
        text += part + " "
    found = {credit.outlet: credit.whole for credit in FINDER.find_credits(text, passages, "ru-Cyrl")}
    assert found == {"tass": True, "reuters": False, "24-kg": True}


def test_a_credit_never_reaches_over_a_line():
    text = "Об этом сообщает\nТАСС открыл новый офис в Астане."
    assert find(text, "ru-Cyrl") == []


@given(st.text(max_size=200), st.sampled_from([f"{lang}-Cyrl" for lang in LANGUAGES] + ["und"]))
def test_offsets_fit_any_text(text, lang):
    text = f"İ{text} сообщает ТАСС."
    assert len(fold_letters(text)) == len(text)
    for credit in FINDER.find_credits(text, [], lang):
        assert 0 <= credit.begin < credit.end <= len(text)
        assert credit.name in text[credit.begin : credit.end]
        assert 0 < credit.score <= 1


@given(
    st.sampled_from(OUTLETS),
    st.sampled_from(["сообщает {}.", "according to {}.", "деп хабарлайды {}.", "ба иттилои {}."]),
    st.text("абвгд xyz", max_size=30),
)
def test_a_credit_is_found_whatever_stands_before_the_sentence(outlet, words, before):
    text = f"{before}. {words.format(outlet.name)}"
    assert [credit.outlet for credit in find(text, "ru-Cyrl")] == [outlet.id]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_its_patterns(language):
    cues = compile_cues(language)
    assert cues.left.pattern
    assert cues.right.pattern


def test_no_outlets_no_registered_credit():
    assert CreditFinder([]).find_credits("Об этом сообщает ТАСС.", [], "ru-Cyrl") == []
