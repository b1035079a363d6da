"""The registry of real outlets: whole, of one mind with itself, and found under its names as credits write them."""

from __future__ import annotations

import re
from collections import Counter
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from arna.space import load_space
from arna.space.load import _CHECKABLE, _OUTLET, _OWNERSHIP, CONTROLS, KINDS
from arna.trace.credits import CreditFinder
from tests.space import inflect

if TYPE_CHECKING:
    from collections.abc import Callable

    from arna.terms import Outlet

GUIDE = (Path(__file__).parents[2] / "docs/registry.md").read_text("utf-8")
FOLDER = Path(str(resources.files("arna.space"))) / "templates/kazakhstan"
OUTLETS = load_space(FOLDER).outlets
FINDER = CreditFinder(OUTLETS)
CREDIT_LANGUAGES = ("kk", "ru", "uz", "tk", "ky", "tg", "uk", "en")
LANGUAGES = {*CREDIT_LANGUAGES, "de", "fr", "es", "pl", "ja", "ar", "pt", "tr", "zh"}
COUNTRIES = {"KZ", "KG", "UZ", "TJ", "TM", "RU", "UA", "US", "GB", "DE", "FR", "TR", "CN", "QA", "LV", "NL", "AT"}
ELSEWHERE = {
    "feeds.bbci.co.uk": "bbc",  # the broadcaster's host for feeds and pictures
    "feeds.content.dowjones.io": "wsj",  # the publisher's
}
"""Hosts of feeds that are deliberately none of the outlet's own domains."""


def list_addresses(outlet: Outlet) -> list[str]:
    return [*([outlet.home] if outlet.home else []), *outlet.feeds, *outlet.sitemaps]


def is_whole(outlet: Outlet) -> bool:
    """Whether an outlet has everything: where to collect it, its names, who owns it and where that is written."""
    spoken = {language for language in outlet.languages if language in CREDIT_LANGUAGES}
    return bool(
        outlet.home
        and (outlet.feeds or outlet.sitemaps)
        and spoken <= set(outlet.names)
        and outlet.control
        and outlet.ownership
    )


def test_a_newcomer_gets_a_registry_of_many_outlets() -> None:
    assert len(OUTLETS) >= 130
    assert sum(outlet.country == "KZ" for outlet in OUTLETS) >= 60
    assert sum(bool(outlet.region) for outlet in OUTLETS) >= 25


def test_eighty_outlets_have_everything() -> None:
    whole = [outlet.id for outlet in OUTLETS if is_whole(outlet)]
    assert len(whole) >= 80, sorted({outlet.id for outlet in OUTLETS} - set(whole))


def test_every_outlet_can_be_collected_and_says_who_decides_over_it() -> None:
    lacking = [outlet.id for outlet in OUTLETS if not (outlet.home and outlet.control in (*CONTROLS, ""))]
    assert not lacking
    silent = [outlet.id for outlet in OUTLETS if not outlet.control]
    assert not silent


def test_every_outlet_has_names_in_the_languages_it_publishes_in() -> None:
    for outlet in OUTLETS:
        spoken = {language for language in outlet.languages if language in CREDIT_LANGUAGES}
        assert spoken <= set(outlet.names), outlet.id
        assert set(outlet.languages) <= LANGUAGES, outlet.id


def test_addresses_stand_on_the_outlets_own_hosts() -> None:
    """A feed on another's host would collect another's articles under this outlet's name."""
    for outlet in OUTLETS:
        for address in list_addresses(outlet):
            host = (urlsplit(address).hostname or "").removeprefix("www.")
            own = any(host == domain or host.endswith(f".{domain}") for domain in outlet.domains)
            assert own or ELSEWHERE.get(host) == outlet.id, (outlet.id, address)


def test_addresses_are_safe_or_marked() -> None:
    plain = {
        outlet.id for outlet in OUTLETS for address in list_addresses(outlet) if not address.startswith("https://")
    }
    unsure = {outlet.id for outlet in OUTLETS if "feeds" in outlet.unverified}
    assert plain <= unsure


def test_no_address_is_listed_twice() -> None:
    counts = Counter(address for outlet in OUTLETS for address in (*outlet.feeds, *outlet.sitemaps))
    assert [address for address, count in counts.items() if count > 1] == []


def test_countries_are_codes_of_countries() -> None:
    assert {outlet.country for outlet in OUTLETS} <= COUNTRIES


def test_sources_of_ownership_are_web_pages() -> None:
    for outlet in OUTLETS:
        for owner in outlet.ownership:
            assert owner.source.startswith("https://"), outlet.id
            assert urlsplit(owner.source).path, outlet.id


def test_a_wikidata_id_means_one_outlet() -> None:
    counts = Counter(outlet.wikidata for outlet in OUTLETS if outlet.wikidata)
    assert counts
    assert counts.most_common(1)[0][1] == 1


def test_what_is_marked_unverified_is_there() -> None:
    """A mark on an empty field would say that something unchecked is shown where nothing is."""
    for outlet in OUTLETS:
        for name in outlet.unverified:
            assert getattr(outlet, name), (outlet.id, name)


def test_exile_outlets_are_based_elsewhere_than_they_report_on() -> None:
    for outlet in OUTLETS:
        if outlet.control == "exile":
            assert outlet.country not in {"RU", "KZ", "TM", "UZ", "TJ", "KG"}, outlet.id


def test_every_file_of_a_country_holds_that_country() -> None:
    """An editor looks for an outlet under its country; those in exile stand with the country they report on."""
    ids = {
        path.stem: re.findall(r'(?m)^id = "(.+)"', path.read_text("utf-8")) for path in FOLDER.glob("outlets/*.toml")
    }
    by_id = {outlet.id: outlet for outlet in OUTLETS}
    for stem, members in ids.items():
        country = stem.partition("-")[0].upper()
        if country == "INTERNATIONAL":
            continue
        strangers = [one for one in members if by_id[one].country != country and by_id[one].control != "exile"]
        assert not strangers, stem


SENTENCES: dict[str, list[tuple[str, str]]] = {
    "kk-Cyrl": [
        ("nom", "Кездесу кейінге қалдырылды, деп хабарлайды {}."),
        ("gen", "{} хабарлауынша, кездесу кейінге қалдырылды."),
        ("dat", "Бұл туралы {} сілтеме жасап жазды."),
    ],
    "ru-Cyrl": [
        ("nom", "Встречу перенесли, сообщает {}."),
        ("acc", "Встречу перенесли, пишут со ссылкой на {}."),
        ("gen", "По данным {}, встречу перенесли."),
        ("prep", "Как сообщили в {}, встречу перенесли."),
        ("dat", "Министр рассказал об этом {}."),
    ],
    "uk-Cyrl": [
        ("nom", "Зустріч перенесли, повідомляє {}."),
        ("acc", "Зустріч перенесли, пишуть з посиланням на {}."),
        ("gen", "За даними {}, зустріч перенесли."),
    ],
    "uz-Latn": [
        ("nom", "{} xabar berishicha, uchrashuv qoldirildi."),
        ("dat", "{} koʻra, uchrashuv qoldirildi."),
    ],
    "uz-Cyrl": [
        ("nom", "{} хабар беришича, учрашув қолдирилди."),
        ("dat", "{} кўра, учрашув қолдирилди."),
    ],
    "tk-Latn": [
        ("nom", "Duşuşygyň yza süýşürilendigini {} habar berýär."),
        ("gen", "{} habaryna görä, duşuşyk yza süýşürildi."),
    ],
    "ky-Cyrl": [
        ("nom", "Бул тууралуу {} кабарлайт."),
        ("gen", "{} билдиришинче, жолугушуу жылдырылды."),
    ],
    "tg-Cyrl": [
        ("nom", "Ба иттилои {}, мулоқот ба таъхир афтод."),
        ("nom", "{} хабар медиҳад, ки мулоқот ба таъхир афтод."),
    ],
    "en-Latn": [
        ("nom", "The meeting was put off, {} reports."),
        ("nom", "According to {}, the meeting was put off."),
        ("nom", "The minister told {} that the meeting was put off."),
    ],
}
FORMS: dict[str, Callable[[str, str], str]] = {
    "kk-Cyrl": inflect.suffix_kazakh,
    "ru-Cyrl": inflect.decline_russian,
    "uk-Cyrl": inflect.decline_ukrainian,
    "uz-Latn": inflect.suffix_uzbek,
    "uz-Cyrl": inflect.suffix_uzbek,
    "tk-Latn": inflect.suffix_turkmen,
    "ky-Cyrl": inflect.suffix_kyrgyz,
    "tg-Cyrl": inflect.keep,
    "en-Latn": inflect.keep,
}


def write_credits(outlet: Outlet, tag: str) -> list[str]:
    """Sentences that credit an outlet under each of its names in a language."""
    lang, _, script = tag.partition("-")
    sentences = []
    for name in outlet.names.get(lang, ()):
        if lang == "uz" and inflect.is_latin(name) != (script == "Latn"):
            continue
        sentences += [sentence.format(FORMS[tag](name, case)) for case, sentence in SENTENCES[tag]]
    return sentences


@pytest.mark.parametrize("tag", SENTENCES)
def test_outlets_are_found_under_every_name_in_the_cases_credits_use(tag: str) -> None:
    """A credit that is not read leaves a story without its source."""
    missed, written = [], 0
    for outlet in OUTLETS:
        for sentence in write_credits(outlet, tag):
            written += 1
            found = FINDER.find_credits(sentence, [(0, len(sentence))], tag)
            if [credit.outlet for credit in found] != [outlet.id]:
                missed.append((outlet.id, sentence, [(credit.outlet, credit.name) for credit in found]))
    assert written >= 15
    assert not missed, f"{len(missed)} of {written}: {missed}"


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("kk-Cyrl", "Айқын жоспар керек, деп хабарлайды министрлік."),
        ("kk-Cyrl", "Қазақ үні естілді, деп жазды ақын."),
        ("kk-Cyrl", "Түркістан облысының әкімдігі хабарлағандай, жол ашылды."),
        ("kk-Cyrl", "Сыр бойы тұрғындарының айтуынша, су көп."),
        ("kk-Cyrl", "Ақ жол партиясының мәліметінше, ұсыныс қабылданды."),
        ("ru-Cyrl", "Время показало, сообщает министерство, что план верен."),
        ("ru-Cyrl", "Как сообщили в городе Атырау, мост открыт."),
        ("ru-Cyrl", "По данным акимата Актобе, мост открыт."),
        ("ru-Cyrl", "Об этом говорится в платёжной ведомости."),
        ("ru-Cyrl", "Он привёл аргументы и факты, отметил депутат."),
        ("ru-Cyrl", "Лада сообщил о новой модели завод."),
        ("ru-Cyrl", "В диапазоне цен, по данным биржи, изменений нет."),
    ],
)
def test_everyday_words_and_places_credit_no_outlet(tag: str, text: str) -> None:
    """Names that are also words or cities stand in the registry with their kind, so that these stay free."""
    assert [credit.outlet for credit in FINDER.find_credits(text, [(0, len(text))], tag) if credit.outlet] == []


def test_the_guides_example_is_an_outlet_that_loads(tmp_path: Path) -> None:
    """Who copies the example must get no error from it."""
    [example] = re.findall(r"```toml\n(.+?)```", GUIDE, re.DOTALL)
    (tmp_path / "outlets").mkdir()
    (tmp_path / "outlets/kz.toml").write_text(example, encoding="utf-8")
    (tmp_path / "space.toml").write_text((FOLDER / "space.toml").read_text("utf-8"), encoding="utf-8")
    [outlet] = load_space(tmp_path).outlets
    assert is_whole(outlet)
    registered = next(one for one in OUTLETS if one.id == outlet.id)
    assert (outlet.feeds, outlet.ownership) == (registered.feeds, registered.ownership)


def test_the_guide_names_every_field_and_value() -> None:
    rows = {row.split("`")[1]: row for row in GUIDE.splitlines() if row.startswith("| `")}
    assert set(rows) == set(_OUTLET)
    assert set(_OWNERSHIP) <= set(re.findall(r"`(\w+)`", rows["ownership"]))
    for field, values in (("kind", KINDS), ("control", CONTROLS), ("unverified", _CHECKABLE)):
        assert set(re.findall(r"`([\w-]+)`", rows[field])) - {field} | ({field} & set(values)) == set(values), field
