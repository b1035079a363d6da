"""Translated sentences on the terminal: each beside the one it renders, and doubts as doubts."""

from __future__ import annotations

import json
from typing import Any

import pytest

from arna.cli import show

TEXT = "Одесса порты бір аптада 28 кеме қабылдады. Бидай 4 пайызға қымбаттады."
DETAIL = {"margin": 0.31, "numbers": [1, 0, 0], "dates": [0, 0, 0], "names": [1, 0, 0]}
SOURCE = {"title": "Порт Одессы", "url": "https://step.example/1", "lang": "ru-Cyrl", "published_at": "2026-03-02"}


def make_row(part: str, rendered: str, *, doubtful: bool = False) -> dict[str, Any]:
    begin = TEXT.index(part)
    perhaps = {"perhaps": "a1", "perhaps_begin": 0, "perhaps_end": 9} if doubtful else {}
    prefix = "perhaps" if doubtful else "source"
    return {
        "kind": "translation",
        "begin": begin,
        "end": begin + len(part),
        "source_article_id": None if doubtful else "a1",
        "source_outlet": None if doubtful else "step",
        "source_begin": None if doubtful else 0,
        "source_end": None if doubtful else 9,
        "score": 0.93,
        "direction": "unclear" if doubtful else "credit",
        "direction_confidence": 0.5 if doubtful else 0.95,
        "detail": json.dumps(DETAIL | perhaps),
        f"{prefix}_text": rendered,
        f"{prefix}_outlet": "step",
        **{f"{prefix}_{key}": value for key, value in SOURCE.items()},
    }


def print_rows(rows: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]) -> list[str]:
    head = {"title": "Порт", "outlet": "dala", "published_at": "2026-03-02", "published_from": "meta", "id": "k1"}
    more = {"lang": "kk-Cyrl", "url": "https://dala.example/1", "origins": [], "text": TEXT, "reliances": rows}
    show.print_article(head | more)
    return capsys.readouterr().out.splitlines()


PAIRS = (
    ("Одесса порты бір аптада 28 кеме қабылдады", "Порт Одессы за неделю принял 28 судов"),
    ("Бидай 4 пайызға қымбаттады", "Пшеница подорожала на 4 процента"),
)


def test_sentences_of_one_source_are_under_one_head_side_by_side(capsys: pytest.CaptureFixture[str]) -> None:
    lines = print_rows([make_row(*pair) for pair in PAIRS], capsys)
    heads = [line for line in lines if line.startswith("translation")]
    assert heads == ["translation 0–69 rests on step (ru-Cyrl), 2 sentences (direction: credit, 0.95)"]
    for here, there in PAIRS:
        assert any(line.startswith(here) and there in line for line in lines)
    assert any("1 number and 1 name in both; margin 0.31" in line for line in lines)
    assert "  Порт Одессы · 2026-03-02 · https://step.example/1" in lines


def test_a_doubt_is_said_to_be_one(capsys: pytest.CaptureFixture[str]) -> None:
    lines = print_rows([make_row(*pair, doubtful=True) for pair in PAIRS], capsys)
    text = "\n".join(lines)
    assert (
        "perhaps a translation 0–69: may render step (ru-Cyrl), 2 sentences; a doubt, its words count as unknown"
        in text
    )
    assert "rests on step" not in text
    assert PAIRS[0][1] in text


def test_a_doubt_about_an_article_no_longer_held_is_told_by_its_id(capsys: pytest.CaptureFixture[str]) -> None:
    row = make_row(*PAIRS[0], doubtful=True)
    lines = print_rows([{key: value for key, value in row.items() if not key.startswith("perhaps")}], capsys)
    assert any("may render article a1, 1 sentence;" in line for line in lines)
