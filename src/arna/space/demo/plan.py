"""Who carries which event: each origin's habits as a table, and the press following it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from arna.space.demo.articles import COPY, Article, Paragraph
from arna.space.demo.press import NO_CREDIT, Credit
from arna.space.demo.texts import LANGUAGES, Text
from arna.terms import base_language

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from arna.space.demo.press import Press
    from arna.space.demo.texts import Event
    from arna.terms import Outlet

_Choice = TypeVar("_Choice", str, int)

_CITIES = {"kz": "kz", "ua": "ua", "uz": "uz", "tm": "tm", "ru": "kz"}
"""Where an outlet's agency lines are written, by its country; Russian agencies write from Astana here."""

FIRST, LAST = "first", "last"


@dataclass(frozen=True)
class Reprints:
    """So many reprints by a group of outlets, of the language's first version or of the reprint made last."""

    group: str
    count: int
    of: str = FIRST


@dataclass(frozen=True)
class Step:
    """A language an event appears in.

    Attributes:
        lang: the language.
        by: the group that translates it where the event's own outlet does not write that language.
        reprints: who reprints it.
        every: in every which event of that origin this happens.
    """

    lang: str
    by: str
    reprints: tuple[Reprints, ...] = ()
    every: int = 1


HABITS: dict[str, tuple[Step, ...]] = {
    "russia-state": (
        Step(
            "ru",
            "ru-portals",
            (
                Reprints("ru-portals", 1),
                Reprints("ru-papers", 2, LAST),
                Reprints("ru-state", 1),
                Reprints("ru-papers", 1),
                Reprints("ru-abroad", 1),
            ),
        ),
        Step("kk", "kk-portals", (Reprints("kk-papers", 3),)),
        Step("uz", "uz-portals", (Reprints("uz-papers", 2),)),
        Step("tk", "tk-portals", (Reprints("tk-papers", 1),)),
        Step("en", "en-kz", (Reprints("en-kz", 1),), every=3),
    ),
    "ukraine": (
        Step("uk", "uk-portals", (Reprints("uk-papers", 4),)),
        Step("en", "en-portals", (Reprints("en-abroad", 1), Reprints("en-kz", 1))),
        Step("ru", "ru-free", (Reprints("ru-free", 1), Reprints("ru-portals", 1)), every=2),
        Step("kk", "kk-portals", (Reprints("kk-papers", 1),), every=4),
    ),
    "kazakhstan": (
        Step("kk", "kk-portals", (Reprints("kk-portals", 1), Reprints("kk-papers", 2))),
        Step("ru", "ru-portals", (Reprints("ru-portals", 1), Reprints("ru-papers", 2, LAST))),
        Step("en", "en-kz", (), every=2),
        Step("uz", "uz-portals", (Reprints("uz-papers", 1),), every=2),
        Step("uk", "uk-portals", (Reprints("uk-papers", 1),), every=2),
    ),
    "central-asia": (
        Step("uz", "uz-portals", (Reprints("uz-papers", 2),)),
        Step("tk", "tk-portals", (Reprints("tk-papers", 2),)),
        Step("ru", "ru-abroad", (Reprints("ru-abroad", 2),)),
        Step("kk", "kk-portals", (Reprints("kk-papers", 1),)),
    ),
    "international": (
        Step("en", "en-portals", (Reprints("en-abroad", 1), Reprints("en-kz", 1))),
        Step("uk", "uk-portals", (Reprints("uk-papers", 1),)),
        Step("ru", "ru-free", (Reprints("ru-portals", 1),)),
        Step("kk", "kk-portals", (Reprints("kk-papers", 1),)),
    ),
    "russia-independent": (
        Step("ru", "ru-free", (Reprints("ru-free", 1), Reprints("ru-portals", 1))),
        Step("en", "en-abroad", ()),
        Step("uk", "uk-portals", (Reprints("uk-papers", 1),)),
        Step("kk", "kk-portals", (Reprints("kk-papers", 1),)),
    ),
}
"""What becomes of an event, by the origin that reported it: the Russian agency is translated for everyone, Ukrainian
reporting hardly leaves Ukrainian and English."""

_TRANSLATION_CREDITS = ("line", "sentence", "none", "dateline")
_REPRINT_CREDITS = ("none", "line", "none", "dateline", "none", "sentence")
_KEEP = (99, 99, 3, 99, 2)


class Groups:
    """Groups of outlets that take turns, by name."""

    def __init__(self, outlets: Sequence[Outlet]) -> None:
        self._outlets = outlets

    def __getitem__(self, name: str) -> tuple[str, ...]:
        """Ids of a group's outlets, in the registry's order.

        Raises:
            KeyError: no outlet is in that group.
        """
        found = self._named.get(name) or self._members(name)
        if not found:
            raise KeyError(name)
        return found

    @cached_property
    def _named(self) -> dict[str, tuple[str, ...]]:
        return {
            "ru-state": ("stolitsa-efir", "lad-inform", *self._pick("ru", ("ru",), {"newspaper"})),
            "ru-free": ("suhodol", "tihiy-telegraf"),
            "ru-abroad": self._pick("ru", ("kg", "tj", "uz"), {"newspaper"}),
            "ru-writers": ("stepnoy-perekrestok", "almaly-express", "sunqar-5", "dala-zhanalyqtary"),
            "ru-portals": ("stepnoy-perekrestok", "almaly-express", "sunqar-5", "dala-zhanalyqtary"),
            "ru-papers": self._pick("ru", ("kz",), {"newspaper"}),
            "uk-papers": self._pick("uk", ("ua",), {"newspaper", "radio"}),
            "en-writers": ("saxaul-post", "halley-marsh-report", "lindenplatz-brief"),
            "en-portals": ("dnipro-ledger", "dunaiskyi-baken"),
            "en-kz": ("saxaul-post",),
            "en-abroad": ("halley-marsh-report", "lindenplatz-brief", "danube-freight-review"),
            "en-papers": ("lindenplatz-brief", "halley-marsh-report", "saxaul-post", "dnipro-ledger"),
            "uk-writers": ("dunaiskyi-baken", "dniprovi-visti", "lymanska-hvylia"),
            "uk-portals": ("dunaiskyi-baken", "dniprovi-visti", "lymanska-hvylia"),
        }

    def _members(self, name: str) -> tuple[str, ...]:
        lang, _, kind = name.partition("-")
        kinds = {"papers": {"newspaper"}}.get(kind, {"portal", "tv"})
        return self._pick(lang, ("kz", "uz", "tm"), kinds)

    def _pick(self, lang: str, countries: tuple[str, ...], kinds: set[str]) -> tuple[str, ...]:
        return tuple(
            outlet.id
            for outlet in self._outlets
            if LANGUAGES[lang] in outlet.languages and outlet.country in countries and outlet.kind in kinds
        )


class Coverage:
    """One event, carried by the press: its versions by language, and who took part."""

    def __init__(self, press: Press, event: Event, number: int, root: str) -> None:
        self.press = press
        self.event = event
        self.number = number
        self.root = press.space.outlets_by_id[root]
        self.groups = Groups(press.space.outlets)
        self.versions: dict[str, Article] = {}
        self.busy = {root}
        self._count = number

    def run(self) -> None:
        """Publish the event's versions, their reprints, and the other tellings of it."""
        steps = {step.lang: step for step in HABITS[self.root.origin]}
        first = base_language(self.root.languages[0])
        needed = {lang for variant, lang in self.event.variants if variant != "rewrite"}
        for lang in dict.fromkeys((first, *steps, *sorted(needed))):
            step = steps.get(lang) or Step(lang, f"{lang}-portals")
            if lang in self.event.base and (lang == first or lang in needed or self.number % step.every == 0):
                self.versions[lang] = self._open(step, first)
                self._add_shared(self.versions[lang], "first")
                self._reprint_all(step)
        for (variant, lang), text in self.event.variants.items():
            if variant == "rewrite":
                self._rewrite(lang, text)
            elif variant == "independent":
                self._report_independently(lang, text)
            else:
                self._edit(variant, lang, text)

    def _facts(self, case: str, variant: str = "base") -> dict[str, Any]:
        return {"case": case, "variant": variant, "story": self.event.id}

    def _turn(self, forms: Sequence[_Choice]) -> _Choice:
        self._count += 1
        return forms[self._count % len(forms)]

    def _own_line(self) -> Credit:
        if self.root.kind != "agency" or self.event.id in self.press.texts.cases["equal"]:
            return NO_CREDIT
        return Credit("dateline", self.root.id, _CITIES.get(self.root.country, "int"))

    def _open(self, step: Step, first: str) -> Article:
        lang, text, press = step.lang, self.event.base[step.lang], self.press
        if lang == first:
            at = press.morning(self.event.day)
            return press.write(self.root.id, lang, text, at, credit=self._own_line(), **self._facts("original"))
        source = self.versions[first]
        if LANGUAGES[lang] in self.root.languages:
            at = source.published_at + press.hours(0.5, 3)
            return press.render(source, self.root.id, lang, text, at, credit=self._own_line(), **self._facts("service"))
        at = source.published_at + press.hours(2, 7)
        outlet = press.take_turn(self.groups[step.by], at, self.busy)
        credit = Credit(self._turn(_TRANSLATION_CREDITS), self.root.id, _CITIES.get(self.root.country, "int"))
        return press.render(source, outlet, lang, text, at, credit=credit, **self._facts("translation"))

    def _add_shared(self, article: Article, place: str) -> Article:
        for shared in self.press.texts.cases["shared"]:
            if (shared["story"], shared["lang"]) == (self.event.id, article.lang):
                case = shared["case"] if place == "second" else article.case
                article = self.press.amend(article, Paragraph(shared[place]), mark=shared["case"], case=case)
                self.versions[article.lang] = article if place == "first" else self.versions[article.lang]
        return article

    def _reprint_all(self, step: Step) -> None:
        version, cases = self.versions[step.lang], self.press.texts.cases
        if (self.event.id, step.lang) == (cases["wire"]["story"], cases["wire"]["lang"]):
            self._carry_wire(version)
            return
        if step.lang == "ru" and self.event.id in cases["equal"]:
            self._share_the_minute(version, cases["equal"][self.event.id])
            return
        last = version
        for reprints in step.reprints:
            for _ in range(reprints.count):
                source = version if reprints.of == FIRST else last
                made = self._reprint(source, self.groups[reprints.group], chain=source is not version)
                last = made if reprints.of == FIRST else last

    def _reprint(self, source: Article, group: Sequence[str], *, chain: bool) -> Article:
        press = self.press
        at = source.published_at + press.hours(1, 14)
        outlet = press.take_turn(group, at, self.busy)
        named = source.credits[0] if source.credits else source.outlet
        form = self._turn(_REPRINT_CREDITS)
        keep = self._turn(_KEEP)
        case = "chain" if chain else "reprint-trimmed" if keep < len(source.paragraphs) else "reprint-verbatim"
        country = press.space.outlets_by_id[named].country
        credit = Credit(form, named, _CITIES.get(country, "int")) if form != "none" else NO_CREDIT
        return press.reprint(source, outlet, at, keep=keep, credit=credit, **self._facts(case))

    def _carry_wire(self, version: Article) -> None:
        press = self.press
        spare = {*self.groups["ru-papers"][-2:], self.groups["ru-portals"][0]}  # for the edited and the own reports
        reserved = {self.root.id, *self.groups["ru-free"], *spare}
        carriers = [
            outlet.id
            for outlet in press.space.outlets
            if LANGUAGES["ru"] in outlet.languages and outlet.country != "ua" and outlet.id not in reserved
        ]
        for place, outlet in enumerate(carriers):
            at = version.published_at + press.hours(0.5, 30)
            form = ("dateline", "dateline", "none", "line", "dateline")[place % 5]
            credit = Credit(form, self.root.id, _CITIES[self.root.country]) if form != "none" else NO_CREDIT
            keep = (99, 99, 99, 3, 2)[(place // 2) % 5]
            press.reprint(version, outlet, at, keep=keep, credit=credit, **self._facts("wire"))
            self.busy.add(outlet)

    def _share_the_minute(self, version: Article, twin: str) -> None:
        press = self.press
        other = press.reprint(version, twin, version.published_at, **self._facts("equal-time"))
        doubtful = [
            replace(paragraph, trails=tuple(replace(trail, clear=False) for trail in paragraph.trails))
            for paragraph in other.paragraphs
        ]
        mirrored = [
            replace(
                paragraph,
                trails=tuple(
                    replace(
                        trail,
                        source=other.url,
                        begin=trail.source_begin,
                        end=trail.source_end,
                        source_begin=trail.begin,
                        source_end=trail.end,
                    )
                    for trail in pair.trails
                ),
            )
            for paragraph, pair in zip(version.paragraphs, doubtful, strict=True)
        ]
        press.articles[other.url] = replace(other, paragraphs=tuple(doubtful))
        press.articles[version.url] = replace(version, paragraphs=tuple(mirrored), case="equal-time")

    def _take_writer(self, lang: str, at: datetime) -> str:
        free = [name for name in self.groups[f"{lang}-writers"] if name not in self.busy]
        return self.press.take_turn(free or self.groups[f"{lang}-papers"], at, self.busy)

    def _edit(self, variant: str, lang: str, text: Text) -> None:
        source = self.versions[lang]
        at = source.published_at + self.press.hours(3, 20)
        outlet = self.press.take_turn(self.groups[f"{lang}-papers"], at, self.busy)
        credit = Credit(self._turn(("none", "line")), source.outlet)
        case = {"edit10": "edited-10", "edit30": "edited-30"}[variant]
        self.press.render(source, outlet, lang, text, at, kind=COPY, credit=credit, **self._facts(case, variant))

    def _rewrite(self, lang: str, text: Text) -> None:
        at = max(version.published_at for version in self.versions.values()) + self.press.hours(2, 16)
        outlet = self._take_writer(lang, at)
        name = self.press.name_of(self.root.id, lang)
        paragraphs = tuple(paragraph.replace("{agency}", name) for paragraph in text.paragraphs)
        self.press.write(
            outlet, lang, Text(text.title, paragraphs), at, credits=(self.root.id,),
            **self._facts("rewrite", "rewrite"),
        )  # fmt: skip

    def _report_independently(self, lang: str, text: Text) -> None:
        at = self.versions[lang].published_at + self.press.hours(1, 9)
        outlet = self._take_writer(lang, at)
        only_links = self.press.texts.cases["link_only"]["stories"]
        linked = self.event.id in only_links or f"{self.event.id} {lang}" in only_links
        case = "link-only" if linked else "independent"
        made = self.press.write(outlet, lang, text, at, **self._facts(case, "independent"))
        self._add_shared(made, "second")
        if linked:
            self.press.amend(self.press.articles[made.url], self.press.link_to(lang, self.versions[lang]))


def carry_events(press: Press) -> dict[str, Mapping[str, Article]]:
    """Let the press carry every event; gives each event's versions by language."""
    versions: dict[str, Mapping[str, Article]] = {}
    roots, turns = press.texts.cases["roots"], press.texts.cases["turns"]["others"]
    for number, event in enumerate(press.texts.events):
        coverage = Coverage(press, event, number, roots.get(event.id) or turns[number % len(turns)])
        coverage.run()
        versions[event.id] = coverage.versions
    return versions
