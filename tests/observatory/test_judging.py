"""An analyst accepts, rejects and takes back; nothing else changes anything."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from arna.store import Lake
from arna.store.judgements import JudgementBook
from tests.observatory.test_states import article, make_space, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from django.test import Client


@pytest.fixture
def judged(planted: tuple[Path, dict[str, Any]], tmp_path: Path) -> Path:
    """A copy of the planted space that may be judged in."""
    folder = tmp_path / "space"
    shutil.copytree(planted[0], folder)
    return folder


def tickets(html: str) -> list[str]:
    return re.findall(r'name="ticket" value="(\w+)"', html)


def test_a_judgement_is_kept_with_name_and_time_and_can_be_undone(
    judged: Path, ids: dict[str, Any], open_space: Callable[[Path], Client]
) -> None:
    client, page = open_space(judged), f"/article/{ids['article']}/"
    ticket = tickets(client.get(page).content.decode())[2]
    response = client.post(f"{page}judgement", {"ticket": ticket, "verdict": "rejected", "by": "  Айгүл \n С. "})
    assert response.status_code == 302
    assert response.headers["Location"] == f"{page}#j-{ticket}"
    book = JudgementBook(judged)
    [kept] = book.read()[0]
    assert (kept.verdict, kept.by) == ("rejected", "Айгүл С.")
    row = Lake(judged / "lake").query(
        f"SELECT * FROM reliances WHERE article_id = '{kept.article_id}' AND \"begin\" = {kept.begin}"
        f" AND kind = '{kept.kind}'", ["reliances"]).to_pylist()[0]  # fmt: skip
    assert (kept.source_article_id, kept.end, kept.score) == (row["source_article_id"], row["end"], row["score"])
    html = client.get(page).content.decode()
    assert "Rejected by Айгүл С." in html
    assert f'id="j-{ticket}"' in html
    assert 'value="Айгүл С."' in html  # the name is at hand for the next one
    client.post(f"{page}judgement", {"ticket": ticket, "verdict": "withdrawn", "by": "Айгүл С."})
    assert book.current() == {}
    assert len(book.history(ids["article"])) == 2
    assert "Rejected by" not in client.get(page).content.decode()


def test_every_sentence_pair_and_span_can_be_judged(client: Client, ids: dict[str, Any]) -> None:
    rows = client.get(f"/article/{ids['article']}/rows.json").json()
    html = client.get(f"/article/{ids['article']}/").content.decode()
    assert len(set(tickets(html))) == len(rows) > 5


def test_a_doubt_can_be_accepted_as_a_translation(judged: Path, open_space: Callable[[Path], Client]) -> None:
    rows = Lake(judged / "lake").query(
        "SELECT * FROM reliances WHERE kind = 'translation' AND source_article_id IS NULL LIMIT 1", ["reliances"]
    )
    [row] = rows.to_pylist()
    client, page = open_space(judged), f"/article/{row['article_id']}/"
    html = client.get(page).content.decode()
    assert "May be a translation of" in html
    for ticket in tickets(html):
        client.post(f"{page}judgement", {"ticket": ticket, "verdict": "accepted", "by": "А"})
    kept = [judgement for judgement in JudgementBook(judged).read()[0] if judgement.kind == "translation"]
    assert kept
    assert all(judgement.source_article_id and judgement.source_end for judgement in kept)


def test_what_was_rejected_can_be_undone_after_the_row_is_gone(
    judged: Path, ids: dict[str, Any], open_space: Callable[[Path], Client]
) -> None:
    from arna.store import LakeWriter

    client, page = open_space(judged), f"/article/{ids['article']}/"
    ticket = tickets(client.get(page).content.decode())[0]
    client.post(f"{page}judgement", {"ticket": ticket, "verdict": "rejected", "by": "А"})
    with LakeWriter(judged / "lake") as lake:
        lake.delete("reliances", "article_id", [ids["article"]])
    assert ticket in tickets(client.get(page).content.decode())
    client.post(f"{page}judgement", {"ticket": ticket, "verdict": "withdrawn", "by": "Б"})
    assert JudgementBook(judged).current() == {}


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"verdict": "accepted", "by": ""}, 400),
        ({"verdict": "accepted", "by": "   "}, 400),
        ({"verdict": "accepted", "by": "a\u202eb"}, 400),
        ({"verdict": "deleted", "by": "А"}, 400),
        ({"verdict": "accepted", "by": "А", "ticket": "0" * 16}, 404),
    ],
)
def test_a_senseless_judgement_is_refused_and_nothing_kept(
    judged: Path, ids: dict[str, Any], open_space: Callable[[Path], Client], form: dict[str, str], status: int
) -> None:
    client, page = open_space(judged), f"/article/{ids['article']}/"
    ticket = tickets(client.get(page).content.decode())[0]
    assert client.post(f"{page}judgement", {"ticket": ticket} | form).status_code == status
    assert JudgementBook(judged).read() == ([], [])


def test_a_form_from_elsewhere_is_refused(
    judged: Path, ids: dict[str, Any], open_space: Callable[[Path], Client]
) -> None:
    from django.test import Client

    open_space(judged)
    client, page = Client(enforce_csrf_checks=True), f"/article/{ids['article']}/"
    ticket = tickets(client.get(page).content.decode())[0]
    assert client.post(f"{page}judgement", {"ticket": ticket, "verdict": "accepted", "by": "А"}).status_code == 403
    assert JudgementBook(judged).read() == ([], [])


def test_looking_changes_nothing(judged: Path, ids: dict[str, Any], open_space: Callable[[Path], Client]) -> None:
    def list_files() -> dict[Path, int]:
        return {path: path.stat().st_mtime_ns for path in judged.rglob("*")}

    client, before = open_space(judged), list_files()
    for path in ("/", "/articles/", f"/article/{ids['article']}/", f"/article/{ids['article']}/judgement", "/language",
                 "/search/?q=а", "/families/", "/outlets/", "/flow/", "/health/", "/method/"):  # fmt: skip
        client.get(path)
    assert list_files() == before


def test_what_a_person_accepted_is_said_in_words_wherever_its_direction_is_told(
    tmp_path: Path, open_space: Callable[[Path], Client]
) -> None:
    folder = make_space(tmp_path / "space")
    write(folder, "documents", {"id": "a"}, {"id": "b"})
    write(folder, "articles", article("a"), article("b", outlet="anor24"))
    write(folder, "reliances", {"article_id": "b", "begin": 0, "end": 14, "kind": "copy", "source_article_id": "a",
                                "source_outlet": "barvinform", "source_begin": 0, "source_end": 14, "score": 1.0,
                                "direction": "judged", "direction_confidence": 1.0, "detail": "{}"})  # fmt: skip
    write(folder, "families", {"family": "a:0", "article_id": "a", "n": 0, "root": True},
          {"family": "a:0", "article_id": "b", "n": 0, "root": False})  # fmt: skip
    client = open_space(folder)
    for page in ("/article/b/", "/family/a/"):
        words = re.sub(r"<[^>]+>", "", client.get(page).content.decode())
        assert "accepted by a person" in words, page
        assert "judged" not in words, page
