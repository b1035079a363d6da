"""axe-core on every page, light and dark, wide and narrow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.browsing import AXE, PHONE

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.browsing import Site, Window

pytestmark = pytest.mark.skipif(
    not AXE.exists(), reason="axe-core is not there: sh tests/browser/get_ready.sh fetches it where there is npm"
)

COLOURS = ("color-contrast", "link-in-text-block")
"""Rules that dark colours can break; all others see no colour."""


def find_faults(page: Page, *rules: str) -> list[str]:
    """What axe-core finds wrong, a line each."""
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = {"type": "rule", "values": list(rules)}
    found = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{fault['id']} × {len(fault['nodes'])}: {fault['nodes'][0]['html'][:120]}" for fault in found["violations"]
    ]


def test_axe_finds_no_fault_on_any_page(open_window: Callable[..., Window], site: Site, pages: dict[str, str]) -> None:
    window, faults = open_window(site), {}
    source = AXE.read_text(encoding="utf-8")
    for name, path in pages.items():
        window.go(path)
        for fold in window.page.locator("main details").all()[:12]:  # what is folded is looked at, too
            fold.evaluate("fold => { fold.open = true }")
        window.page.evaluate(source)
        for width in (1280, PHONE):
            window.page.set_viewport_size({"width": width, "height": 800})
            for scheme, rules in (("light", ()), ("dark", COLOURS)):
                window.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                if found := find_faults(window.page, *rules):
                    faults[f"{name}, {width}, {scheme}"] = found
    assert not faults, "\n".join(f"{where}: {'; '.join(found)}" for where, found in faults.items())


def test_axe_sees_what_is_wrong(open_window: Callable[..., Window], site: Site) -> None:
    """The proof that the test above can fail."""
    window = open_window(site)
    window.go("/")
    window.page.evaluate(AXE.read_text(encoding="utf-8"))
    window.page.evaluate(
        "() => { document.documentElement.removeAttribute('lang'); document.querySelector('.find label').remove(); }"
    )
    assert any(fault.startswith("html-has-lang") for fault in find_faults(window.page))
