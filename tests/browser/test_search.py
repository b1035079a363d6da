"""Any form of a word finds the others, in the browser, with the words marked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.browsing import serve
from tests.cli.commanding import arna, make_article, write_jsonl, write_space

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.browser.browsing import Site, Window

# Language, sentence, a form that does not stand in it, the form that does and is marked.
FORMS = [
    ("kk-Cyrl", "Елшілік келісімдердің мәтінін сәрсенбіде жариялады.", "келісім", "келісімдердің"),
    ("kk-Cyrl", "Мектептерге украин тілінің оқулықтары жеткізілді.", "мектебі", "Мектептерге"),
    ("uz-Latn", "Vazirlik shartnomalarning muddatini kelasi yilgacha uzaytirdi.", "shartnoma", "shartnomalarning"),
    ("uz-Latn", "Oʻqituvchilarimiz yangi kitoblardan foydalanmoqda.", "kitob", "kitoblardan"),
    ("tk-Latn", "Kärhanalaryň ählisi gözleg işlerini tamamlady.", "kärhana", "Kärhanalaryň"),
    ("tk-Latn", "Ýollardaky barlaglar şenbe güni gutardy.", "ýol", "Ýollardaky"),
    ("uk-Cyrl", "Порти Одещини відвантажили пшеницю для єгипетських покупців.", "пшениця", "пшеницю"),
    ("uk-Cyrl", "Дослідниці розповіли про мандрівки степами.", "мандрівка", "мандрівки"),
    ("ru-Cyrl", "Мельники Караганды попросили продлить льготные тарифы.", "тариф", "тарифы"),
    ("ru-Cyrl", "Переговорщики вернулись из столицы без подписанных бумаг.", "бумага", "бумаг"),
]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An article for each sentence, between others of its language."""
    folder = write_space(tmp_path_factory.mktemp("library") / "space")
    lines = [
        make_article(n, "dala", text, f"2026-03-{n + 1:02}T09:00:00Z", lang=lang, title=f"№ {n}")
        for n, (lang, text, _, _) in enumerate(FORMS)
    ]
    assert arna("import", "-s", folder, write_jsonl(folder.parent / "given.jsonl", lines)).code == 0
    assert arna("run", "-s", folder, "--workers", 1).code == 0
    with serve(folder) as served:
        yield served


@pytest.mark.parametrize(
    ("lang", "text", "asked", "marked"), FORMS, ids=[f"{lang}-{asked}" for lang, _, asked, _ in FORMS]
)
def test_another_form_is_found_and_marked(
    open_window: Callable[..., Window], library: Site, lang: str, text: str, asked: str, marked: str
) -> None:
    assert asked.lower() not in text.lower().replace(marked.lower(), "")
    window = open_window(library)
    window.go("/")
    window.page.get_by_role("searchbox").first.fill(asked)
    window.page.get_by_role("button", name="Search").first.click()
    assert [said.strip(".,") for said in window.texts(".hit mark")] == [marked]
    part = window.page.locator(".hit p").last
    assert part.get_attribute("lang") in {lang, lang.partition("-")[0]}
    assert text.split()[1] in part.inner_text()
    window.page.locator(".hit h2 a").click()
    assert marked in window.page.locator(".opened").inner_text()
    window.check_quiet(library)


def test_filters_of_search_live_in_the_address(window: Window, site: Site) -> None:
    window.go("/search/?q=сауда")
    every = site.rows(window.path())
    form = window.page.locator("form.tools")
    form.locator("select[name=lang]").select_option("kk-Cyrl")
    form.locator("input[name=since]").fill("2025-10-01")
    form.locator("input[name=until]").fill("2025-10-31")
    form.get_by_role("button", name="Search").click()
    assert {"lang=kk-Cyrl", "since=2025-10-01", "until=2025-10-31"} <= set(window.path().partition("?")[2].split("&"))
    some = site.rows(window.path())
    assert 0 < len(some) < len(every)
    assert {(row["lang"], row["published_at"][:7]) for row in some} == {("kk-Cyrl", "2025-10")}
    hits = window.page.locator(".hit h2 a").evaluate_all(
        "links => links.map(a => a.getAttribute('href').split('/')[2])"
    )
    assert hits == [row["id"] for row in some][: len(hits)]


def test_every_hit_has_its_words_marked(window: Window, site: Site) -> None:
    for words in ("сауда", "порт", "Україна", "savdo", "söwda"):
        window.go(f"/search/?q={words}")
        hits = window.page.locator(".hit")
        assert hits.count() > 0, words
        assert all(hit.locator("mark").count() for hit in hits.all()), words


@pytest.mark.parametrize(
    "query", ['"', "-", "a OR", "(", "*", "title:x", "ә" * 200, "   ", "\u202e", "😀", "AND", "-сауда", '"жоқ сөз']
)
def test_any_query_is_answered(window: Window, query: str) -> None:
    window.go("/search/")
    window.page.locator("form.tools input[name=q]").fill(query)
    window.page.locator("form.tools button").click()
    assert window.page.locator("h1").inner_text() == "Search"


def test_nothing_found_says_so(window: Window) -> None:
    window.go("/search/?q=ғғғғғ")
    assert "No article has all of these words" in window.page.locator("main").inner_text()
    answers: list[Any] = window.texts(".hit")
    assert answers == []
