"""A phone, the dark, paper, no script, no motion: every page holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.browsing import PHONE, STICKING_OUT, TONGUES
from tests.browser.test_path import ECONOMY_KAZAKH

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.browsing import Site, Window

# Text that a box cuts off, unless the box scrolls or says that it goes on.
CUT = """() => [...document.querySelectorAll("main *, header *, footer *")].filter(e => {
  const style = getComputedStyle(e);
  if (style.clipPath !== "none" || e.clientWidth <= 1) return false;  // for those who listen
  if (e.closest("svg, .hidden, details:not([open]) > :not(summary), select, .skip")) return false;
  if (!["hidden", "clip"].includes(style.overflowX) && !["hidden", "clip"].includes(style.overflowY)) return false;
  return e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1;
}).map(e => e.tagName + "." + e.className + ": " + e.innerText.slice(0, 40)).slice(0, 5)"""

# Words that lie over other words.
OVER = """() => {
  const boxes = [];
  const walk = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode;
    const holder = node.parentElement;
    if (!node.data.trim() || holder.closest("svg, .hidden, thead, option, details:not([open]) > :not(summary)") || holder.matches("details:not([open])") || !holder.checkVisibility()) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) if (box.width > 1 && box.height > 1) boxes.push([box, node.data.trim().slice(0, 25)]);
  }
  boxes.sort((a, b) => a[0].top - b[0].top);
  const found = [];
  for (let i = 0; i < boxes.length && found.length < 3; i++) {
    for (let j = i + 1; j < boxes.length && boxes[j][0].top < boxes[i][0].bottom; j++) {
      const [a, b] = [boxes[i][0], boxes[j][0]];
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const tall = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (wide > 2 && tall > 0.4 * Math.min(a.height, b.height)) { found.push(boxes[i][1] + " over " + boxes[j][1]); break; }
    }
  }
  return found;
}"""

# Targets under 24 by 24 pixels; links in running text may be as small as the text.
SMALL = """() => [...document.querySelectorAll("a, button, input, select, summary")].filter(e => {
  if (e.closest("svg, .skip, details:not([open]) > :not(summary)") || e.type === "hidden" || !e.checkVisibility()) return false;
  if (e.tagName === "INPUT" && e.closest("label") && e.closest("label").getBoundingClientRect().height >= 24) return false;
  const inText = getComputedStyle(e).display === "inline";
  const box = e.getBoundingClientRect();
  return !inText && box.width > 0 && (box.height < 24 || box.width < 24);
}).map(e => e.tagName + "." + e.className + " " + e.innerText.slice(0, 30) + " " + Math.round(e.getBoundingClientRect().width) + "x" + Math.round(e.getBoundingClientRect().height)).slice(0, 6)"""

LUMINANCE = """() => {
  const probe = document.createElement("canvas").getContext("2d");
  const read = name => { probe.fillStyle = getComputedStyle(document.body)[name]; probe.fillRect(0, 0, 1, 1); return [...probe.getImageData(0, 0, 1, 1).data].slice(0, 3).reduce((a, b) => a + b) / 765; };
  return [read("backgroundColor"), read("color")];
}"""


def test_a_phone_scrolls_down_only_and_nothing_is_cut(
    open_window: Callable[..., Window], site: Site, pages: dict[str, str]
) -> None:
    window = open_window(site, width=PHONE, height=740, is_mobile=True, has_touch=True)
    faults = {}
    for name, path in pages.items():
        for code in (
            TONGUES if name in {"map", "a cell", "outlet", "article with translation", "health", "flow"} else ("en",)
        ):
            window.go(f"{path}{'&' if '?' in path else '?'}ui={code}")
            found = [fault for looking in (STICKING_OUT, CUT, SMALL, OVER) for fault in window.page.evaluate(looking)]
            if found:
                faults[f"{name}, {code}"] = found
    assert not faults, "\n".join(f"{where}: {'; '.join(found)}" for where, found in faults.items())


def test_filters_and_folds_opened_on_a_phone_hold_too(
    open_window: Callable[..., Window], site: Site, pages: dict[str, str]
) -> None:
    window = open_window(site, width=PHONE, height=740, is_mobile=True, has_touch=True)
    faults = {}
    for name in ("map", "flow", "article with copy", "article with doubt", "health"):
        window.go(pages[name])
        window.page.evaluate("() => document.querySelectorAll('details').forEach(fold => { fold.open = true })")
        if found := window.page.evaluate(STICKING_OUT) + window.page.evaluate(CUT):
            faults[name] = found
    assert faults == {}


def test_the_path_by_touch(open_window: Callable[..., Window], site: Site) -> None:
    window = open_window(site, width=PHONE, height=740, is_mobile=True, has_touch=True)
    window.go("/")
    window.page.get_by_role("link", name="October 2025").tap()
    window.page.wait_for_url("**/?since=*")
    window.page.locator(ECONOMY_KAZAKH).tap()
    window.page.wait_for_url("**/articles/**")
    window.page.locator(".list .topic a").first.tap()
    window.page.wait_for_url("**/article/*/")
    assert window.page.locator(".opened").is_visible()


def test_wide_screens_do_not_scroll_sideways(
    open_window: Callable[..., Window], site: Site, pages: dict[str, str]
) -> None:
    window, faults = open_window(site), {}
    for name, path in pages.items():
        window.go(path)
        for width in (1280, 768):
            window.page.set_viewport_size({"width": width, "height": 800})
            if found := window.page.evaluate(STICKING_OUT) + window.page.evaluate(OVER):
                faults[f"{name}, {width}"] = found
    assert faults == {}


def test_dark_is_dark_and_light_is_light(open_window: Callable[..., Window], site: Site, pages: dict[str, str]) -> None:
    window = open_window(site)
    for path in pages.values():
        window.go(path)
        for scheme in ("light", "dark"):
            window.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            ground, ink = window.page.evaluate(LUMINANCE)
            assert (ground > 0.85 and ink < 0.3) if scheme == "light" else (ground < 0.2 and ink > 0.7), (scheme, path)


def test_all_works_without_script(open_window: Callable[..., Window], site: Site, pages: dict[str, str]) -> None:
    plain, full = open_window(site, java_script_enabled=False), open_window(site)
    for name in (
        "map",
        "a cell",
        "families",
        "family",
        "outlets",
        "outlet",
        "flow",
        "hits",
        "health",
        "article with translation",
    ):
        plain.go(pages[name])
        full.go(pages[name])
        assert plain.texts("body") == full.texts("body"), name
    plain.go("/")
    plain.page.locator(".filters > summary").click()
    plain.page.get_by_role("checkbox", name="Economy and trade").check()
    plain.page.get_by_role("button", name="Show", exact=True).click()
    assert "topic=economy" in plain.path()
    plain.page.locator(ECONOMY_KAZAKH).click()
    plain.page.locator(".articles thead").get_by_role("link", name="Title").click()
    plain.page.locator(".list .topic a").first.click()
    assert plain.path().startswith("/article/")
    plain.page.get_by_role("button", name="Українська").click()
    assert plain.page.locator("html").get_attribute("lang") == "uk"
    plain.page.get_by_role("searchbox").first.fill("сауда")
    plain.page.keyboard.press("Enter")
    plain.page.wait_for_url("**/search/**")
    assert plain.page.locator(".hit mark").count() > 0


def test_nothing_moves_for_who_wants_no_motion(
    open_window: Callable[..., Window], site: Site, pages: dict[str, str]
) -> None:
    window = open_window(site, reduced_motion="reduce")
    moving = """() => [...document.querySelectorAll("*")].filter(e => {
      const style = getComputedStyle(e);
      return style.transitionDuration.split(",").some(d => parseFloat(d) > 0.01) || (style.animationName !== "none" && parseFloat(style.animationDuration) > 0.01);
    }).map(e => e.outerHTML.slice(0, 80)).concat(getComputedStyle(document.documentElement).scrollBehavior === "smooth" ? ["scrolling"] : [])"""
    for path in pages.values():
        window.go(path)
        assert window.page.evaluate(moving) == [], path


@pytest.mark.parametrize(
    "page", ["map", "a cell", "article with translation", "family", "outlet", "flow", "health", "method"]
)
def test_paper_holds_what_the_screen_does(
    open_window: Callable[..., Window], site: Site, pages: dict[str, str], page: str
) -> None:
    window = open_window(site, width=794, height=1123, color_scheme="dark")  # A4; a printer does not print the dark
    window.go(pages[page])
    on_screen = window.page.locator("main h1, main h2").all_inner_texts()
    window.page.emulate_media(media="print", color_scheme="light")
    # Chromium makes a page up to half as large to fit it on paper; past a quarter it is hard to read
    assert window.page.evaluate("() => document.documentElement.scrollWidth") <= 794 * 4 / 3
    assert [text for text in window.page.locator("main h1, main h2").all_inner_texts() if text] == on_screen
    assert window.page.locator(".cite").first.is_visible() or page == "method"
    for selector in (".top nav", ".find", ".tongues", ".filters"):
        assert not any(one.is_visible() for one in window.page.locator(selector).all()), selector
    printed = window.page.pdf(format="A4")
    assert printed.startswith(b"%PDF")
    ground, ink = window.page.evaluate(LUMINANCE)
    assert ground > 0.85
    assert ink < 0.3
