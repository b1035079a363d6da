"""Pages of small outlets: nameless elements, columns, and much around the text that looks like it."""

from __future__ import annotations

import pytest

from arna.read.extract import extract_body, list_block_texts, parse_page
from arna.read.furniture import Furniture
from arna.read.labels import COMMENTS, NONE, RELATED, TOOLS, read_label

STORIES = {
    "kk": (
        "Ауылда жаңа мектеп ашылды",
        "Сарысу ауданындағы ауылда үш жүз орындық жаңа мектеп ашылды. Құрылысы екі жылға созылды.",
        "Мектепте екі спорт залы, кітапхана және шеберхана бар. Балалар енді екі ауысыммен оқымайды.",
        "Аудан әкімдігі көктемде мектептің жанына саябақ салуды жоспарлап отыр, қаржысы бөлінді.",
    ),
    "ru": (
        "В посёлке заработала новая котельная",
        "Новая котельная заработала в посёлке под Костанаем в понедельник. Она греет сорок домов и больницу.",
        "Старую топили углём с 1978 года, и каждую зиму она останавливалась. Теперь дома отапливает газ.",
        "Стоимость работ составила двести миллионов тенге, их оплатили из областного бюджета в два приёма.",
    ),
    "uz": (
        "Tumanda yangi ko‘prik ochildi",
        "Chiroqchi tumanida Qashqadaryo ustidan yangi ko‘prik ochildi. Uning uzunligi bir yuz yigirma metr.",
        "Ilgari qishloq aholisi shaharga yetish uchun ellik kilometr aylanib o‘tardi. Endi yo‘l o‘n daqiqa.",
        "Ko‘prikni mahalliy quruvchilar o‘n to‘rt oyda bitirdi, loyiha qiymati sakkiz milliard so‘m bo‘ldi.",
    ),
    "tk": (
        "Obada täze suw howdany guruldy",
        "Mary welaýatynyň obasynda täze suw howdany ulanylmaga berildi. Ol iki ýüz gektar ýeri suwarýar.",
        "Öň daýhanlar tomsuna suwa garaşyp, hepdeläp nobata durýardylar. Indi suw her gün ýetirilýär.",
        "Howdanyň daşynda baglar oturdyldy, ýaza çenli ýene müň düýp nahal ekmek meýilleşdirilýär.",
    ),
    "ky": (
        "Айылда жаңы бала бакча ачылды",
        "Нарын облусундагы айылда жүз балага ылайыкталган бала бакча ачылды. Аны эки жыл курушту.",
        "Буга чейин ата-энелер балдарын коңшу айылга ташычу, жол кышында көп жабылчу. Эми ал жанында.",
        "Имараттын жылытуусу электр менен иштейт, чатырына күн панелдерин орнотуу пландалууда.",
    ),
    "tg": (
        "Дар деҳа дармонгоҳи нав кушода шуд",
        "Дар деҳаи кӯҳистони ноҳияи Айнӣ дармонгоҳи нав ба кор даромад. Он ба ду ҳазор нафар хизмат мерасонад.",
        "Пештар беморон то шаҳр се соат роҳ мерафтанд, зимистон бошад роҳ баста мешуд. Акнун духтур наздик аст.",
        "Биноро сокинони деҳа ба таври ҳашар сохтанд, таҷҳизотро вазорати тандурустӣ харидорӣ намуд.",
    ),
    "uk": (
        "У селі відкрили відновлену школу",
        "У селі на Харківщині відкрили відновлену після обстрілу школу. До неї повернулися двісті учнів.",
        "Будівельники замінили дах і вікна, а в підвалі облаштували укриття на триста місць з класами.",
        "Роботи тривали півтора року, частину грошей дали громади з-за кордону, решту виділила область.",
    ),
    "en": (
        "Village gets its ferry back",
        "The ferry across the Dnipro estuary is running again after three years. It carries sixty people.",
        "Villagers had been driving ninety kilometres round to reach the market. The crossing takes ten minutes.",
        "The boat was rebuilt in a yard in Mykolaiv, and the district paid two thirds of what the work cost.",
    ),
}
TEASERS = {
    "kk": (
        (
            "Өзенде су деңгейі көтерілді",
            "Жайықта су деңгейі бір тәулікте жиырма сантиметрге көтерілді, тұрғындарға ескерту…",
        ),
        ("Қалада кітап жәрмеңкесі өтті", "Жәрмеңкеге елу баспа қатысты, оқырмандар екі мыңнан астам кітап сатып алды…"),
        (
            "Театр жаңа маусымын ашты",
            "Облыстық театр жаңа маусымын классикалық пьесамен ашты, билет бір күнде сатылып…",
        ),
    ),
    "ru": (
        (
            "На реке поднялась вода",
            "Уровень воды в реке за сутки поднялся на двадцать сантиметров, жителей предупредили…",
        ),
        (
            "В городе прошла книжная ярмарка",
            "В ярмарке приняли участие пятьдесят издательств, читатели купили две тысячи книг…",
        ),
        (
            "Театр открыл новый сезон",
            "Областной театр открыл сезон классической пьесой, билеты раскупили за один день…",
        ),
    ),
}
COMMENTED = {
    "kk": (
        "Пікірлер",
        (
            "Өте жақсы жаңалық, балаларға қуаныш болды. Рақмет құрылысшыларға.",
            "Біздің ауылға қашан салады екен? Көптен сұрап жүрміз.",
        ),
    ),
    "ru": (
        "Комментарии (2)",
        (
            "Наконец-то дождались, прошлой зимой сидели в куртках дома.",
            "А когда то же самое сделают у нас? Пишем уже третий год подряд.",
        ),
    ),
    "uz": (
        "Izohlar",
        (
            "Juda yaxshi xabar, quruvchilarga katta rahmat aytamiz.",
            "Bizning qishloqqa qachon navbat keladi, uch yildan beri kutamiz.",
        ),
    ),
    "tk": (
        "Teswirler:",
        (
            "Gaty gowy habar, gurluşykçylara köp sag bolsun aýdýarys.",
            "Biziň obamyza haçan gelip ýeter, köpden bäri garaşýarys.",
        ),
    ),
    "ky": (
        "Комментарийлер",
        (
            "Абдан жакшы жаңылык экен, куруучуларга чоң рахмат айтабыз.",
            "Биздин айылга качан курулат, көптөн бери күтүп жүрөбүз.",
        ),
    ),
    "tg": (
        "Шарҳҳо",
        (
            "Хабари хеле хуб аст, ба бинокорон ташаккури зиёд мегӯем.",
            "Ба деҳаи мо кай навбат мерасад, се сол боз интизор ҳастем.",
        ),
    ),
    "uk": (
        "Коментарі",
        (
            "Дуже гарна новина, дякуємо будівельникам за працю й терпіння.",
            "А коли до нас дійде черга? Чекаємо вже третій рік поспіль.",
        ),
    ),
    "en": (
        "Comments",
        (
            "Very good news at last, many thanks to the builders from us.",
            "And when will it be our turn? We have been asking for three years.",
        ),
    ),
}


def lay(lang: str, before: str = "", after: str = "", between: str = "", aside: str = "") -> str:
    title, *paragraphs = STORIES[lang]
    body = "".join(f"<p>{text}</p>{between if i == 0 else ''}" for i, text in enumerate(paragraphs))
    return (
        f"<html><head><title>{title}</title></head><body><div><a href='/'>1</a> <a href='/2'>2</a></div>"
        f"<div><h1>{title}</h1>{before}{body}{after}</div>{aside}</body></html>"
    )


def text_of(html: str, furniture: Furniture | None = None) -> list[str]:
    found = extract_body(parse_page(html), furniture)
    assert found is not None
    return found.text.split("\n")


def other_pages(shared: str) -> list[list[str]]:
    """Nine pages of an outlet with nothing in common, but for ``shared`` on the first three."""
    pages = [[f"Абзац о событии {letter * 9}, какого нет больше нигде. " * 3] for letter in "абвгдежзи"]
    return [page + [shared] * (number < 3) for number, page in enumerate(pages)]


def story(lang: str) -> list[str]:
    return list(STORIES[lang][1:])


@pytest.mark.parametrize("lang", sorted(STORIES))
def test_plain_page_gives_every_paragraph(lang: str) -> None:
    assert text_of(lay(lang)) == story(lang)


@pytest.mark.parametrize("lang", sorted(TEASERS))
@pytest.mark.parametrize(
    "form",
    [
        "<p><a href='/x'>{0}</a><br>{1}</p>",
        "<div><div><a href='/x'>{0}</a></div><div>{1}</div></div>",
        "<li><a href='/x'>{0}</a> <span>{1}</span></li>",
        "<h3><a href='/x'>{0}</a></h3><p>{1}</p>",
    ],
)
def test_teasers_of_other_stories_are_not_text(lang: str, form: str) -> None:
    label = {"kk": "Осы тақырып бойынша", "ru": "Материалы по теме"}[lang]
    items = "".join(form.format(*teaser) for teaser in TEASERS[lang])
    items = f"<ul>{items}</ul>" if form.startswith("<li") else items
    assert text_of(lay(lang, after=f"<h3>{label}</h3>{items}")) == story(lang)


@pytest.mark.parametrize("lang", sorted(COMMENTED))
@pytest.mark.parametrize("form", ["<div><div>Aset 12.10.2025</div><div>{}</div></div>", "<p class='c'>{}</p>"])
def test_comments_under_their_heading_are_not_text(lang: str, form: str) -> None:
    label, comments = COMMENTED[lang]
    drawn = f"<h3>{label}</h3>" + "".join(form.format(comment) for comment in comments)
    assert text_of(lay(lang, aside=f"<div id='right'>{drawn}</div>")) == story(lang)


@pytest.mark.parametrize(
    ("lang", "lines"),
    [
        ("ru", "<div>25.09.2025 14:02</div><div>Просмотров: 318</div>"),
        ("kk", "<div>2025 жылғы 25 қыркүйек, 14:02</div><div>Қаралды: 318</div>"),
        ("en", "<p>25 September 2025 | News desk</p>"),
        ("uz", "<p><a href='/'>Bosh sahifa</a> » Jamiyat</p><div>25-sentabr, 14:02</div>"),
    ],
)
def test_lines_between_title_and_story_are_not_text(lang: str, lines: str) -> None:
    assert text_of(lay(lang, before=lines)) == story(lang)


@pytest.mark.parametrize(
    ("lang", "lines"),
    [
        ("ru", "<div>Отдел новостей</div><div><span>Скопировать ссылку</span> | <span>Распечатать</span></div>"),
        ("kk", "<div><i>Ақпарат қызметі</i></div><div>Бөлісу: Telegram | WhatsApp | Поштамен жіберу</div>"),
        ("uk", "<div>Відділ новин</div><div>Теги: громада, освіта</div>"),
        ("tk", "<div>Habarlar bölümi</div><div>Paýlaşmak</div><div>Çap etmek</div>"),
    ],
)
def test_desk_and_buttons_after_the_story_are_not_text(lang: str, lines: str) -> None:
    assert text_of(lay(lang, after=lines)) == story(lang)


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("ru", "<div>Читайте также: <a href='/x'>На реке за сутки поднялась вода</a></div>"),
        ("kk", "<ul><li>Тағы оқыңыз: <a href='/x'>Өзенде су деңгейі тағы көтерілді</a></li></ul>"),
        ("uk", "<p>Читайте також: <a href='/x'>На річці за добу піднялася вода</a></p>"),
        ("en", "<blockquote><a href='/x'>River rises by a hand in one night</a></blockquote>"),
    ],
)
def test_pointer_to_another_story_between_paragraphs_is_not_text(lang: str, line: str) -> None:
    assert text_of(lay(lang, between=line)) == story(lang)


@pytest.mark.parametrize(
    ("lang", "credit"),
    [
        ("tk", "Bu barada Roswestinform habar berýär."),
        ("kk", "Бұл туралы Қазақпарат хабарлады."),
        ("ru", "На эту тему вышла и публикация другого издания."),
    ],
)
def test_closing_sentence_several_stories_share_stays(lang: str, credit: str) -> None:
    html = lay(lang, after=f"<p>{credit}</p>")
    others = other_pages(credit)
    known = Furniture.learn([*others, list_block_texts(parse_page(html))])
    assert text_of(html, known) == [*story(lang), credit]


def test_sentence_shown_as_a_teaser_elsewhere_stays_in_its_story_and_goes_from_others() -> None:
    first = STORIES["ru"][1]
    others = other_pages(first)
    known = Furniture.learn(others)
    assert known.is_furniture(first)
    assert not known.is_constant(first)
    teaser = f"<div><a href='/x'>{STORIES['ru'][0]}</a></div><div>{first}</div>"
    assert text_of(lay("uk", after=f"<div>{teaser}</div>"), known) == story("uk")


def test_second_sentence_shown_as_a_teaser_elsewhere_stays_in_its_story() -> None:
    html = lay("ru")
    shared = STORIES["ru"][2]
    others = other_pages(shared)
    known = Furniture.learn([*others, list_block_texts(parse_page(html))])
    assert known.is_furniture(shared)
    assert text_of(html, known) == story("ru")


def test_box_on_most_pages_goes_from_between_the_paragraphs() -> None:
    box = "Подписывайтесь на наш канал, мы рассказываем о главном первыми."
    known = Furniture.learn([[*page, box] for page in other_pages(box)[3:]])
    assert known.is_constant(box)
    assert text_of(lay("ru", between=f"<p>{box}</p>"), known) == story("ru")


def test_headline_the_head_does_not_state_is_not_text() -> None:
    html = lay("uk").replace(f"<title>{STORIES['uk'][0]}</title>", "<title>Степ</title>")
    assert text_of(html) == story("uk")


def test_list_and_heading_of_the_story_stay() -> None:
    points = "<ul><li>сорок жилых домов</li><li>районная больница</li><li>школа и детский сад</li></ul>"
    found = text_of(lay("ru", between=f"<h2>Что подключили</h2>{points}"))
    assert found[1:5] == ["Что подключили", "сорок жилых домов", "районная больница", "школа и детский сад"]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Комментарии (5)", COMMENTS),
        ("Пікірлер:", COMMENTS),
        ("So‘nggi yangiliklar", RELATED),
        ("Soʻnggi yangiliklar", RELATED),
        ("Читайте также: Вода в реке поднялась", RELATED),
        ("Тегтер: ауыл, мектеп", TOOLS),
        ("Похожие на нас люди живут и там, за рекой, у самого леса.", NONE),
        ("Президент прибыл в Астану", NONE),
        ("»", NONE),
    ],
)
def test_label_is_told_from_a_sentence(line: str, kind: int) -> None:
    assert read_label(line) == kind


NOTICES = {
    "kk": "Қостанай қаласында ертең таңертеңнен бастап жылу желілері жөнделеді, сондықтан орталықтағы төрт көшеде ыстық су болмайды.",
    "ru": "В Костанае завтра с утра начнут ремонт тепловых сетей, поэтому на четырёх улицах в центре не будет горячей воды.",
    "uz": "Namanganda ertaga ertalabdan issiqlik tarmoqlari taʼmirlanadi, shu sababli markazdagi toʻrtta koʻchada issiq suv boʻlmaydi.",
    "tk": "Maryda ertir irden ýyladyş ulgamlary bejeriler, şonuň üçin merkezdäki dört köçede gyzgyn suw bolmaz.",
    "uk": "У Полтаві завтра зранку почнуть ремонт теплових мереж, тому на чотирьох вулицях у центрі не буде гарячої води.",
    "en": "Repairs to the heating network in Kostanay begin tomorrow morning, so four streets in the centre will have no hot water.",
}


@pytest.mark.parametrize("lang", NOTICES)
def test_a_notice_of_one_paragraph_is_an_article(lang: str):
    text = NOTICES[lang]
    page = (
        f"<html><head><title>Notice</title></head><body><nav><a href='/'>Home</a></nav>"
        f"<article><h1>Notice 1</h1><p>{text}</p></article></body></html>"
    )
    body = extract_body(parse_page(page))
    assert body is not None
    assert body.text == text
