"""Every page in every language: whole, quiet, light, and from nowhere else."""

from __future__ import annotations

import re
import subprocess
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from babel.messages.pofile import read_po
from bench.catalogues import LOCALE, extract, read

from arna.space import load_space
from tests.browser.browsing import TONGUES, VALIDATOR, squeeze, why_no_validator

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.browser.browsing import Site, Window

HEAVY = 150_000
MONTHS = {
    "en": "Oct",
    "uk": "жовт.",
    "ru": "окт.",
    "kk": "қаз.",
}


class Words(HTMLParser):
    """Texts of a page that are said in the language of the interface, by the language each stands in."""

    def __init__(self) -> None:
        super().__init__()
        self.langs: list[tuple[str, str]] = []
        self.said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"input", "meta", "link", "br"}:
            return
        self.langs.append((tag, dict(attrs).get("lang") or (self.langs[-1][1] if self.langs else "")))

    def handle_endtag(self, tag: str) -> None:
        while self.langs and self.langs.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and self.langs and self.langs[-1][1] == self.langs[0][1]:
            self.said.append(squeeze(data))


def in_tongue(path: str, code: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}ui={code}"


@pytest.fixture(scope="module")
def html(site: Site, pages: dict[str, str]) -> dict[tuple[str, str], str]:
    """All pages in all languages."""
    found = {}
    for name, path in pages.items():
        for code in TONGUES:
            if name == "not there":
                continue
            found[name, code] = site.text(in_tongue(path, code))
    return found


def test_every_page_says_its_language(html: dict[tuple[str, str], str]) -> None:
    for (name, code), text in html.items():
        assert f'<html lang="{code}">' in text, (name, code)


def test_what_the_catalogue_translates_is_nowhere_in_english(html: dict[tuple[str, str], str]) -> None:
    left = []
    for code in TONGUES[1:]:
        told = {str(m.id): str(m.string) for m in read(code) if isinstance(m.id, str) and m.id and m.string}
        english = {
            id_ for id_, said in told.items() if said != id_ and len(id_) > 3 and "%" not in id_ and "{" not in id_
        }
        for name in {name for name, _ in html}:
            words = Words()
            words.feed(html[name, code])
            left += [(name, code, text) for text in words.said if text in english]
    assert left == []


def test_the_subject_is_called_as_the_language_calls_it(html: dict[tuple[str, str], str], demo_space: Path) -> None:
    """``Ukraine`` stands in English nowhere but in the title the space gave itself."""
    space = load_space(demo_space)
    left = []
    for (name, code), text in html.items():
        words = Words()
        words.feed(text)
        if code != "en":
            left += [(name, code, said) for said in words.said if space.subject.title in said.replace(space.title, "")]
    assert left == []


def test_all_catalogues_are_complete() -> None:
    missing = {}
    for code in TONGUES[1:]:
        with (LOCALE / code / "LC_MESSAGES" / "django.po").open("rb") as file:
            catalog = read_po(file, locale=code)
        for message in extract():
            if not message.id:
                continue
            held = catalog.get(message.id, message.context)
            strings = () if held is None else held.string if isinstance(held.string, tuple) else (held.string,)
            if not strings or not all(strings) or (held and held.fuzzy):
                missing.setdefault(code, []).append(message.id)
    assert {code: len(ids) for code, ids in missing.items()} == {}, {code: ids[:3] for code, ids in missing.items()}


def test_days_and_numbers_have_the_form_of_the_language(html: dict[tuple[str, str], str]) -> None:
    for code in TONGUES:
        text = html["a cell", code]
        assert re.search(rf"\d+\u00a0{re.escape(MONTHS[code])}", text), code
    for code in TONGUES[1:]:
        foreign = re.search(
            r"\d\u00a0(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b",
            "".join(html[name, code] for name, _ in html if name != "method"),
        )
        assert foreign is None, (code, foreign)
        words = Words()
        words.feed(html["article with translation", code])
        # a score or a margin is written with a comma; versions and addresses are not numbers
        points = [
            text for text in words.said if re.search(r"(?<![\d.])\d\.\d{2}(?![\d.])", text) and "Arna" not in text
        ]
        assert points == [], code


def test_nothing_is_inline_and_the_policy_is_strict(
    site: Site, pages: dict[str, str], html: dict[tuple[str, str], str]
) -> None:
    for (name, code), text in html.items():
        assert not re.search(r"<style|<script(?![^>]* src=)|\son\w+=|\sstyle=", text), (name, code)
    for name, path in pages.items():
        if name == "not there":
            continue
        _, headers = site.fetch(path)
        policy = dict(part.strip().partition(" ")[::2] for part in headers["Content-Security-Policy"].split(";"))
        assert policy["default-src"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
        assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
        assert "unsafe" not in headers["Content-Security-Policy"]


def test_no_page_is_heavy_or_asks_elsewhere(
    open_window: Callable[..., Window], site: Site, pages: dict[str, str]
) -> None:
    """Weight is what goes over the line with an empty cache: the document and all that it loads."""
    window = open_window(site)
    session = window.context.new_cdp_session(window.page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    weights = {}
    for name, path in pages.items():
        sizes.clear()
        answer = window.go(path)
        assert answer.status == (404 if name == "not there" else 200), name
        window.page.wait_for_load_state("load")
        weights[name] = sum(sizes)
        assert len(sizes) > 1  # the page and its style at least
    assert {name: weight for name, weight in weights.items() if not 2_000 < weight < HEAVY} == {}
    window.faults = [fault for fault in window.faults if "404" not in fault]  # the page that is not there
    window.check_quiet(site)


def test_the_language_is_changed_by_a_click_and_kept(open_window: Callable[..., Window], site: Site) -> None:
    window = open_window(site)
    window.go("/flow/?lang=kk-Cyrl")
    for code, name in (("uk", "Українська"), ("kk", "Қазақша"), ("ru", "Русский"), ("en", "English")):
        window.page.get_by_role("button", name=name).click()
        assert window.path() == "/flow/?lang=kk-Cyrl"
        assert window.page.locator("html").get_attribute("lang") == code
        window.go("/outlets/")
        assert window.page.locator("html").get_attribute("lang") == code
        window.go("/flow/?lang=kk-Cyrl")
    window.check_quiet(site)


@pytest.mark.skipif(bool(why_no_validator()), reason=why_no_validator())
def test_every_page_is_valid_html(html: dict[tuple[str, str], str], site: Site, tmp_path: Path) -> None:
    for (name, code), text in html.items():
        (tmp_path / f"{name}.{code}.html").write_text(text, encoding="utf-8")
    command = ["java", "-Xss4m", "-jar", str(VALIDATOR), "--errors-only", "--format", "text", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    said = (done.stdout + done.stderr).replace(f"file:{tmp_path}/", "").strip().splitlines()
    assert done.returncode == 0, "\n".join([f"{len(said)} errors", *said[:20]])
    assert "No errors found" in said[-1]
