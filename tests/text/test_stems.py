"""All forms of a word have one stem, in every alphabet of its language; other words have another."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arna.text.scripts import kazakh_spellings, kazakh_to_latin, turkmen_to_cyrillic, uzbek_to_cyrillic
from arna.text.stems import LANGUAGES, fold_word, guess_languages, list_words, stem_word

# A sentence, and words a user may type that stand in it in another form.
SENTENCES = [
    ("kk", "Министрліктердің өкілдері шекарадағы кептелісті жоюға келісті.", "министрлік өкіл шекара кептеліс келісу"),
    ("kk", "Қазақстанның астығы порттар арқылы Еуропа елдеріне жөнелтіледі.", "қазақстан астық порт елдер"),
    ("kk-Latn", "Ükimet şarualarğa jetkiliktı kömek körsetude, degen halyqaralyq ūiymdardyñ ökilderi.",
     "шаруа көмек ұйым өкілдің"),
    ("kk-Latn", "Qazaqstannıñ astığı porttar arqılı Ewropa elderine jönetiledi.", "Қазақстан астық порт ел"),
    ("uz", "Oʻzbekistonning vazirliklari chegaradagi navbatlarni kamaytirishga kelishib oldi.",
     "o'zbekiston vazirlik chegara navbat o‘zbekistonda vazirligi"),
    ("uz", "G‘allakorlarning hosili o`tgan yildagidan koʼp boʻldi.", "gʻallakor hosil yil bo'lgan"),
    ("uz-Cyrl", "Ўзбекистоннинг шаҳарларида ғалла нархи ошди.", "oʻzbekiston shahar g'allaning narx"),
    ("tk", "Türkmenistanyň döwlet gurluşyk kärhanalarynyň ýolbaşçylary täze köprüleri açdylar.",
     "türkmenistan kärhana köpri"),
    ("tk", "Ukrainanyň prezidenti serhetdäki şäherlere bardy.", "ukraina prezident serhet şäherler barýar"),
    ("ky", "Кыргызстандын өкмөтү чек арадагы айылдарга жардам көрсөттү.", "кыргызстан өкмөт айыл жардамдын"),
    ("ky", "Министрлик долбоорлорун быйыл баштайт.", "министрликтин долбоор баштоо баштады"),
    ("tg", "Вазоратҳои Тоҷикистон дар бораи созишномаҳои нав хабар доданд.", "вазорат созишнома хабарҳо дод"),
    ("uk", "Українські порти відправили пшеницю до африканських країн.", "український порт пшениця країна"),
    ("uk", "Міністр говорив у Києві про дороги, школи та торік підписані договори.", "дорозі шкіл договір говорити"),
    ("ru", "Украинские порты отправили пшеницу в африканские страны.", "украинский порт пшеница страна"),
    ("ru", "Ещё в прошлые дни рынки ждали решения министров.", "день рынок решение министр"),
    ("en", "Ministries agreed to reopen the border crossings.", "ministry agree border crossing"),
]  # fmt: skip


@pytest.mark.parametrize(("lang", "sentence", "asked"), SENTENCES)
def test_what_is_typed_is_found_in_another_form(lang: str, sentence: str, asked: str):
    held = {stem_word(sentence[begin:end], lang) for begin, end in list_words(sentence)}
    assert {word: stem_word(word, lang) in held for word in asked.split()} == dict.fromkeys(asked.split(), True)


# Words that look alike and are not.
APART = {
    "kk": "көл қол, тау той, жол жыл, сөз сан, қала қалам, бала балық, сот сату, мектеп мекен, шекара шекер, теңіз тең",
    "uz": "oʻt ot, yoʻl yil, soʻz son, uy oy, qoʻl qul, bozor boʻz, odam odat, dengiz deng, yer yoʻr, gul gʻul",
    "tk": "göl gol, ýol ýyl, söz san, öý aý, oba ogul, topar top, şäher şan, bilen belent, ýurt ýürek, sebit sebäp",
    "ky": "көл кол, жол жыл, сөз сан, үй ай, тоо той, деңиз дем, оюн ой, эл ал, шаар шар, айыл ай",
    "tg": "калон кал, забон заб, нома ном, хона хондан, роҳ руҳ, кор кард, сол сил, шаҳр шаҳд, деҳа даҳ, баъд бад",
    "uk": "море міра, рік рак, місто місце, країна край, мова мити, дорога дарунок, війна вівця, село сало, порт парта",
    "ru": "море мера, город гордый, страна сторона, месяц место, война воин, село сила, порт парта, дело для",
    "en": "port part, state start, city cite, war wear, trade tread",
}


# Names and words of the news, whose endings are easily taken for others (депутат-и, not депут-ати).
NAMES = {
    "kk": "Қазақстан Қазақстанның Қазақстанға Қазақстанда, Ресей Ресейдің Ресейге Ресейден, Украина Украинаның "
    "Украинаға Украинадан, Алматы Алматының Алматыға Алматыда, Астана Астананың Астанаға Астанада, Киев "
    "Киевтің Киевте Киевке, Одесса Одессаның Одессада, Тоқаев Тоқаевтың Тоқаевқа, Зеленский Зеленскийдің "
    "Зеленскийге, үкімет үкіметтің үкіметі, сауда сауданың саудада саудасы, көмек көмектің көмегі көмегін "
    "көмекке, келіссөздер келіссөз келіссөздің, бейбітшілік бейбітшілігі бейбітшілікке, сайлау сайлаудың "
    "сайлауға сайлауы, теңге теңгенің теңгеге, компания компаниялар компанияның компаниясы",
    "uz": "Oʻzbekiston Oʻzbekistonning Oʻzbekistonda, Rossiya Rossiyaning Rossiyaga, Ukraina Ukrainaning "
    "Ukrainada, Toshkent Toshkentda Toshkentning, Kiyev Kiyevda, hukumat hukumati hukumatining, savdo "
    "savdoni savdosi, yordam yordami yordamga, muzokara muzokaralar muzokarasi, saylov saylovlar "
    "saylovda, shartnoma shartnomani shartnomasi, Mirziyoyev Mirziyoyevning",
    "tk": "Türkmenistan Türkmenistanyň Türkmenistanda, Ukraina Ukrainanyň Ukrainada, Russiýa Russiýanyň, "
    "Aşgabat Aşgabadyň Aşgabatda, hökümet hökümetiň hökümeti, söwda söwdany söwdasy, kömek kömegi "
    "kömegiň, gepleşik gepleşikler gepleşikleri, Gazagystan Gazagystanyň",
    "ky": "Кыргызстан Кыргызстандын Кыргызстанда, Украина Украинанын Украинага, Бишкек Бишкектин Бишкекте, "
    "өкмөт өкмөттүн өкмөтү, соода сооданын соодасы, жардам жардамдын жардамы, сүйлөшүү сүйлөшүүлөр "
    "сүйлөшүүсү",
    "tg": "Тоҷикистон Тоҷикистони Тоҷикистонро, Украина Украинаи Украинаро, ҳукумат ҳукумати ҳукуматҳо, савдо "
    "савдои савдоро, кумак кумаки кумакҳо, содирот содироти содиротро",
    "uk": "депутат депутати депутатів, Київ Києва Києві, Львів Львова Львові, Харків Харкова, Миколаїв "
    "Миколаєва, Запоріжжя Запоріжжі, Одеса Одеси Одесою, Україна України Україну Україною, канал каналом "
    "канали, режим режиму, Крим Криму Кримом, проблема проблем проблеми, світ світу світі, вплив впливу, "
    "військо військ війська, посол посла послом, торгівля торгівлі, Зеленський Зеленського Зеленським",
    "ru": "депутат депутата депутаты, Киев Киева Киеве, Львов Львова, Харьков Харькова, Одесса Одессы, Украина "
    "Украины Украину Украиной, канал каналы каналов, Крым Крыма Крыму, проблема проблем, совет совета "
    "советов, комитет комитета, бюджет бюджета, посол посла послы, музей музея музеи, случай случая "
    "случаев, цена цены цен, остров острова, самолёт самолета, власть власти властей, Токаев Токаева "
    "Токаеву",
}


@pytest.mark.parametrize(("lang", "groups"), NAMES.items())
def test_names_and_words_of_the_news_meet_their_forms(lang: str, groups: str):
    parted = [group for group in groups.split(", ") if len({stem_word(word, lang) for word in group.split()}) > 1]
    assert parted == []


@pytest.mark.parametrize(("lang", "pairs"), APART.items())
def test_other_words_have_other_stems(lang: str, pairs: str):
    met = [pair for pair in pairs.split(", ") if len({stem_word(word, lang) for word in pair.split()}) == 1]
    assert met == []


@pytest.mark.parametrize("spelling", [name for name in kazakh_spellings() if not name.startswith("ascii")])
def test_kazakh_meets_in_every_spelling(spelling: str):
    text = "Қазақстанның министрліктері шекарадағы айтылған мәселелерді шешуге келісіп, халықтың үніне құлақ асты"
    for word in text.replace(",", "").split():
        assert stem_word(kazakh_to_latin(word, spelling), "kk-Latn") == stem_word(word, "kk-Cyrl")


@pytest.mark.parametrize(
    ("lang", "other", "text"),
    [("uz", uzbek_to_cyrillic, "Oʻzbekiston yoʻllari eshik yetdi etdi sirk militsiya aksiya gʻallani yozdi jamiyat elchi"),
     ("tk", turkmen_to_cyrillic, "Türkmenistanyň ýollary ýazýar ýedi ýüregi çagalar şäher gyş ňäme žurnal")],
)  # fmt: skip
def test_both_alphabets_meet(lang: str, other: object, text: str):
    for word in text.split():
        assert stem_word(other(word), lang) == stem_word(word, lang), word  # type: ignore[operator]


@pytest.mark.parametrize("sign", "'`´ʹʻʼʽ‘’ˈ")
def test_every_apostrophe_is_one(sign: str):
    word = f"o{sign}zbekistonliklarning"
    assert list_words(f"({word}),") == [(1, 1 + len(word))]
    assert stem_word(word, "uz") == stem_word("oʻzbekistonlik", "uz")
    assert stem_word(f"п{sign}ятниця", "uk") == stem_word("пʼятницю", "uk")


def test_words_stand_where_they_stand():
    text = "«Қазақ-украин» 2025-жылы, e\u0301té; 5,3%… oʻn’ 🌾ғалла"
    assert [text[begin:end] for begin, end in list_words(text)] == [
        "Қазақ", "украин", "2025", "жылы", "e\u0301té", "5", "3", "oʻn", "ғалла"
    ]  # fmt: skip


def test_case_and_unseen_signs_do_not_matter():
    assert fold_word("ҚАЗАҚ\u00adСТАН") == fold_word("қазақстан")
    assert stem_word("ЁЛКИ", "ru") == stem_word("елка", "ru")
    assert stem_word("ISTANBUL", "tk") == stem_word("istanbul", "tk")


def test_figures_stay_and_unknown_languages_are_folded_alone():
    assert stem_word("2025", "kk") == "2025"
    assert stem_word("Ан-124", "uk") == "ан-124"
    assert stem_word("Şehirlerin", "tr") == "şehirlerin"


def test_languages_are_told_by_letters():
    assert set(guess_languages("шекара")) == set(LANGUAGES) - {"en", "tk"}
    assert set(guess_languages("chegara")) == {"en", "kk", "tk", "uz"}
    assert guess_languages("国境") == ()


@given(st.text(min_size=1, max_size=40), st.sampled_from([*LANGUAGES, "kk-Latn", "und", ""]))
def test_any_text_has_a_stem(word: str, lang: str):
    stem = stem_word(word, lang)
    assert isinstance(stem, str)
    assert (stem == "") <= (fold_word(word) == "")
    spans = list_words(word)
    assert all(0 <= begin < end <= len(word) for begin, end in spans)
    assert all(one[1] <= two[0] for one, two in pairwise(spans))
