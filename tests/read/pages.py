"""Pages and a language identifier for the tests of reading: one short story in eight languages, as sites show it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from arna.engines.identify import Guess
from arna.read.stage import PAGES, ReadResult, read_pages
from arna.terms import Outlet, Space, Subject

if TYPE_CHECKING:
    from collections.abc import Sequence

FETCHED = datetime(2025, 10, 1, 12, tzinfo=UTC)
JSON = "application/x-arna-article+json"
OUTLET = Outlet("dala", "Dala Times", "kazakhstan", "KZ", "site", ("kk-Cyrl",), ("dala.example",))
SPACE = Space("test", "Test", ("kk-Cyrl",), Subject("ua", "Ukraine", {}, ()), (), (), (OUTLET,))
BODIES = {
    "kk-Cyrl": (
        (
            "Украина мен Қазақстан президенттері 2025 жылғы 23 қыркүйекте Нью-Йоркте кездесті. "
            "Олар екі ел арасындағы сауда мен көлік байланысын кеңейту туралы келісті."
        ),
        (
            "Былтыр тауар айналымы 410 миллион доллар болды, бұл бұрынғыдан әлдеқайда аз. "
            "Үкіметаралық комиссия жұмысын қайта бастайды, соңғы отырысы 2021 жылы өткен еді."
        ),
    ),
    "ru-Cyrl": (
        (
            "Президенты Украины и Казахстана встретились в Нью-Йорке 23 сентября 2025 года. "
            "Они договорились расширить торговлю и транспортное сообщение между странами."
        ),
        (
            "В прошлом году товарооборот составил 410 миллионов долларов, это намного меньше прежнего. "
            "Межправительственная комиссия возобновит работу, её последнее заседание прошло в 2021 году."
        ),
    ),
    "uz-Latn": (
        (
            "Ukraina va Qozogʻiston prezidentlari 2025-yil 23-sentabrda Nyu-Yorkda uchrashdi. "
            "Ular ikki mamlakat oʻrtasida savdo va transport aloqalarini kengaytirishga kelishib oldi."
        ),
        (
            "Oʻtgan yili tovar ayirboshlash 410 million dollarni tashkil etdi, bu avvalgidan ancha kam. "
            "Hukumatlararo komissiya ishini qayta boshlaydi, uning soʻnggi majlisi 2021-yilda boʻlgan edi."
        ),
    ),
    "tk-Latn": (
        (
            "Ukrainanyň we Gazagystanyň prezidentleri 2025-nji ýylyň 23-nji sentýabrynda Nýu-Ýorkda "
            "duşuşdy. "
            "Olar iki ýurduň arasynda söwdany we ulag gatnawyny giňeltmek barada ylalaşdy."
        ),
        (
            "Geçen ýyl haryt dolanyşygy 410 million dollara deň boldy, bu öňküsinden has az. "
            "Hökümetara topar işini täzeden başlar, onuň soňky mejlisi 2021-nji ýylda geçipdi."
        ),
    ),
    "ky-Cyrl": (
        (
            "Украина менен Казакстандын президенттери 2025-жылдын 23-сентябрында Нью-Йоркто жолугушту. "
            "Алар эки өлкөнүн ортосундагы соода менен транспорт байланышын кеңейтүүгө макулдашты."
        ),
        (
            "Былтыр товар жүгүртүү 410 миллион доллар болду, бул мурункудан алда канча аз. "
            "Өкмөттөр аралык комиссия ишин кайра баштайт, акыркы жыйыны 2021-жылы өткөн."
        ),
    ),
    "tg-Cyrl": (
        (
            "Президентҳои Украина ва Қазоқистон 23 сентябри соли 2025 дар Ню-Йорк вохӯрданд. "
            "Онҳо барои густариши савдо ва робитаҳои нақлиётии ду кишвар ба мувофиқа расиданд."
        ),
        (
            "Соли гузашта гардиши мол 410 миллион долларро ташкил дод, ки аз пештара хеле камтар аст. "
            "Комиссияи байниҳукуматӣ корашро аз нав оғоз мекунад, ҷаласаи охирини он соли 2021 буд."
        ),
    ),
    "uk-Cyrl": (
        (
            "Президенти України та Казахстану зустрілися в Нью-Йорку 23 вересня 2025 року. "
            "Вони домовилися розширити торгівлю й транспортне сполучення між країнами."
        ),
        (
            "Торік товарообіг становив 410 мільйонів доларів, це значно менше, ніж раніше. "
            "Міжурядова комісія відновить роботу, її останнє засідання відбулося 2021 року."
        ),
    ),
    "en-Latn": (
        (
            "The presidents of Ukraine and Kazakhstan met in New York on 23 September 2025. "
            "They agreed to widen trade and transport links between the two countries, the embassy said."
        ),
        (
            "Trade between them came to 410 million dollars last year, far less than it once was. "
            "The intergovernmental commission is to resume its work; its last meeting took place in 2021."
        ),
    ),
}


class ByScript:
    """Answers by script."""

    def __init__(self) -> None:
        self.calls = 0

    def identify(self, texts: Sequence[str]) -> list[Guess]:
        self.calls += 1
        return [Guess("ru-Cyrl" if any("а" <= c <= "я" for c in text) else "en-Latn", 0.99) for text in texts]


def page(payload: bytes | str | None, n: int = 1, **columns: Any) -> dict[str, Any]:
    row = {
        "id": f"doc{n:04}",
        "url": f"https://dala.example/news/{n}",
        "outlet": "dala",
        "fetched_at": FETCHED,
        "status": 200,
        "mime": "text/html",
        "charset": None,
        "payload": payload.encode() if isinstance(payload, str) else payload,
        "problem": None,
    }
    return row | columns


def article(n: int = 1, **given: Any) -> dict[str, Any]:
    whole = {
        "url": f"https://dala.example/{n}",
        "outlet": "dala",
        "title": "Elchi",
        "text": "Elchi keldi bugun.",
        "published_at": "2025-09-23",
    }
    return page(json.dumps(whole | given), n, mime=JSON)


def html(paragraphs: Sequence[str], head: str = "", around: str = "") -> str:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f'<!doctype html><html><head><meta charset="utf-8">{head}</head><body><nav><a href="/">Басты бет</a>'
        f'<a href="/s">Саясат</a></nav><main><article><h1>Президенттер Нью-Йоркте кездесті</h1>{text}</article></main>'
        f"{around}<footer>© 2025 Dala Times</footer></body></html>"
    )


def read(*rows: dict[str, Any]) -> ReadResult:
    return read_pages(pa.Table.from_pylist(list(rows), schema=PAGES), SPACE, ByScript())


def reasons(result: ReadResult) -> list[tuple[str, str]]:
    return [(row["outcome"], row["reason"]) for row in result.outcomes.to_pylist()]
