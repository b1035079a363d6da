"""The whole path without a mouse: every stop is visible, and Enter opens it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.test_path import ECONOMY_KAZAKH, find_translated

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from tests.browser.browsing import Site, Window

FOCUSED = """() => {
  const at = document.activeElement;
  const box = at.getBoundingClientRect();
  const style = getComputedStyle(at);
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
  return {
    name: (at.getAttribute("aria-label") || at.innerText || at.value || at.tagName || "").trim().replace(/\\s+/g, " ").slice(0, 60),
    tag: at.tagName, href: at.getAttribute("href") || "", inside: Boolean(at.closest("main")),
    seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    ring: ring || (style.boxShadow !== "none"),
  };
}"""


def press_to(window: Window, wanted: Callable[[dict[str, Any]], bool], most: int = 400) -> list[dict[str, Any]]:
    """Presses Tab until a stop is the wanted one; all stops on the way must be seen."""
    stops: list[dict[str, Any]] = []
    for _ in range(most):
        window.page.keyboard.press("Tab")
        stop = window.page.evaluate(FOCUSED)
        for _ in range(20):  # the page may glide there
            if stop["seen"]:
                break
            window.page.wait_for_timeout(50)
            stop = window.page.evaluate(FOCUSED)
        assert stop["seen"], f"focus is where nobody sees it: {stop}"
        assert stop["ring"], f"no ring around {stop}"
        stops.append(stop)
        if wanted(stop):
            return stops
    raise AssertionError(f"not reached in {most} stops: {stops[-5:]}")


def test_the_first_stop_skips_to_the_content(window: Window, pages: dict[str, str]) -> None:
    for name, path in pages.items():
        if name == "not there":
            continue
        window.go(path)
        stops = press_to(window, lambda _: True)
        assert stops[0]["href"] == "#main", name
        window.page.keyboard.press("Enter")
        window.page.keyboard.press("Tab")
        assert window.page.evaluate(FOCUSED)["inside"] or name == "no article", name


def test_the_path_with_tab_and_enter_only(window: Window, site: Site, tables: dict[str, list[dict[str, Any]]]) -> None:
    window.go("/")
    press_to(window, lambda stop: stop["name"] == "October 2025")
    window.page.keyboard.press("Enter")
    window.page.wait_for_url("**/?since=*")
    cell = str(window.page.locator(ECONOMY_KAZAKH).get_attribute("href"))
    press_to(window, lambda stop: stop["href"] == cell)
    window.page.keyboard.press("Enter")
    window.page.wait_for_url("**/articles/**")
    chosen = find_translated(tables, [row["id"] for row in site.rows(window.path())])
    press_to(window, lambda stop: stop["href"] == f"/article/{chosen}/")
    window.page.keyboard.press("Enter")
    window.page.wait_for_url("**/article/*/")
    press_to(window, lambda stop: stop["tag"] == "SUMMARY" and stop["name"].startswith("Judge"))
    assert window.page.locator(".translation .pair blockquote").first.is_visible()
    window.page.keyboard.press("Enter")
    press_to(window, lambda stop: stop["tag"] == "INPUT")
    window.page.keyboard.type("Ә")
    stops = press_to(window, lambda stop: stop["name"] == "Reject")
    assert [stop["name"] for stop in stops] == ["Accept", "Reject"]


def test_the_timeline_and_the_strip_need_no_mouse(window: Window, pages: dict[str, str]) -> None:
    """Their links are said again as a list and as months; the picture itself can be scrolled and zoomed."""
    window.go(pages["family"])
    press_to(window, lambda stop: stop["name"] == "Timeline")
    wide = window.page.locator("svg.timeline").get_attribute("width")
    window.page.keyboard.press("+")
    assert float(str(window.page.locator("svg.timeline").get_attribute("width"))) == pytest.approx(
        1.25 * float(str(wide))
    )
    dots = set(window.page.locator("svg.timeline a").evaluate_all("links => links.map(a => a.getAttribute('href'))"))
    listed: set[str] = set()
    while True:
        listed |= set(
            window.page.locator(".family .topic a").evaluate_all("links => links.map(a => a.getAttribute('href'))")
        )
        following = window.page.locator("a[rel=next]")
        if not following.count():
            break
        following.click()
    assert dots <= listed


def test_search_from_the_head_of_any_page(window: Window) -> None:
    window.go("/health/")
    press_to(window, lambda stop: stop["tag"] == "INPUT")
    window.page.keyboard.type("келісім")
    window.page.keyboard.press("Enter")
    window.page.wait_for_url("**/search/?q=*")
    assert window.page.locator(".hit mark").count() > 0
