"""A judgement in the browser: kept with name and time, beats the machine at the next run, and can be undone."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from arna.store import Lake
from tests.browser.browsing import Window, serve
from tests.cli.commanding import STRANGER, WIRE, arna, make_article, write_jsonl, write_space

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.browser.browsing import Site


GIVEN = [
    make_article(1, "visnyk", WIRE, "2026-03-02T09:00:00Z"),
    make_article(2, "dala", WIRE, "2026-03-02T12:00:00Z"),
    make_article(3, "dala", STRANGER, "2026-03-04T09:00:00Z"),
]
COPIES = "SELECT * FROM reliances WHERE kind = 'copy' AND source_outlet = 'visnyk'"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A space of three articles, one of which copies another and says nothing of it."""
    folder = write_space(tmp_path_factory.mktemp("judged") / "space")
    assert arna("import", "-s", folder, write_jsonl(folder.parent / "given.jsonl", GIVEN)).code == 0
    assert arna("run", "-s", folder, "--workers", 1).code == 0
    return folder


@pytest.fixture
def judged(small: Path, tmp_path: Path) -> Iterator[Site]:
    """A copy of it that may be judged in."""
    shutil.copytree(small, tmp_path / "space")
    with serve(tmp_path / "space") as served:
        yield served


def look(site: Site, names: tuple[str, ...] = ("reliances", "origins")) -> dict[str, Any]:
    """What the machine holds of it all."""
    lake = Lake(site.folder / "lake")
    return {name: sorted(map(str, lake.read(name).to_pylist())) for name in names}


def run(site: Site) -> None:
    assert arna("run", "-s", site.folder, "--workers", 1).code == 0


def judge(window: Window, verdict: str, name: str) -> None:
    copy = window.page.locator("li.copy .judge").first
    copy.locator("summary").click()
    if name:
        copy.get_by_label("Your name").fill(name)
    copy.get_by_role("button", name=verdict).click()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_copy_is_rejected_and_taken_back(judged: Site, open_window: Callable[..., Window], javascript: bool) -> None:
    [row] = Lake(judged.folder / "lake").query(COPIES, ["reliances"]).to_pylist()
    page = f"/article/{row['article_id']}/"
    before = look(judged)
    window = open_window(judged, java_script_enabled=javascript)
    window.go(page)
    shares = window.texts(".shares p")
    assert "Ukraine" in shares[0]

    judge(window, "Reject", "Айгүл Сейітқызы")
    assert window.path() == page
    assert re.search(r"#j-\w+$", window.page.url)  # back where it was made
    [verdict] = window.texts(".verdict")
    assert re.search(r"Rejected by Айгүл Сейітқызы, \d+ \w{3} 20\d\d, \d\d:\d\d UTC", verdict)
    assert look(judged) == before  # only the next run changes numbers
    run(judged)
    window.go(page)
    assert "Ukraine" not in window.texts(".shares p")[0]
    assert window.page.locator("li.copy").count() == 0
    assert look(judged) != before
    assert Lake(judged.folder / "lake").query(COPIES, ["reliances"]).num_rows == 0
    [history] = window.texts(".judged > li")
    assert history.startswith("rejected")
    assert "Айгүл Сейітқызы" in history

    window.page.locator(".judged form").get_by_role("button", name="Undo").click()  # the name is at hand
    assert [line.split(":")[0] for line in window.texts(".judged > li")] in (
        ["undone", "rejected"],
        ["rejected", "undone"],
    )
    run(judged)
    window.go(page)
    assert window.texts(".shares p") == shares
    assert look(judged) == before
    window.check_quiet(judged)


def test_an_accepted_copy_is_said_and_changed_by_another_person(
    judged: Site, open_window: Callable[..., Window]
) -> None:
    [row] = Lake(judged.folder / "lake").query(COPIES, ["reliances"]).to_pylist()
    first, second = open_window(judged), open_window(judged)
    first.go(f"/article/{row['article_id']}/")
    judge(first, "Accept", "Оксана")
    second.go(f"/article/{row['article_id']}/")
    assert "Accepted by Оксана" in second.texts(".verdict")[0]
    second.page.locator("li.copy .judge summary").click()
    assert second.page.locator("li.copy .judge").get_by_label("Your name").input_value() == ""  # nobody else's name
    second.page.keyboard.press("Escape")
    judge_again = second.page.locator("li.copy .judge")
    judge_again.get_by_label("Your name").fill("Дана")
    judge_again.get_by_role("button", name="Reject").click()
    first.page.reload()
    assert "Rejected by Дана" in first.texts(".verdict")[0]
    assert len(first.texts(".judged > li")) == 2
    first.check_quiet(judged)


def test_without_a_name_nothing_is_sent(judged: Site, open_window: Callable[..., Window]) -> None:
    [row] = Lake(judged.folder / "lake").query(COPIES, ["reliances"]).to_pylist()
    window = open_window(judged)
    window.go(f"/article/{row['article_id']}/")
    judge(window, "Reject", "")
    assert window.page.locator(".verdict").count() == 0
    assert not (judged.folder / "judgements.jsonl").exists()
