"""A space that was imported and run once, for tests that only read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.commanding import ARTICLES, arna, make_page, make_record, write_jsonl, write_space, write_warc

if TYPE_CHECKING:
    from pathlib import Path

PAGE = (
    "Караганда заключила с Николаевом договор о поставках муки и подсолнечного масла на следующий год.\n"
    "Первый вагон пришёл на прошлой неделе, его разгружали двое суток из-за сильного мороза и ветра.\n"
    "Теперь стороны спорят о тарифе: экспорт через порты Грузии выходит дороже, чем рассчитывали зимой."
)


@pytest.fixture(scope="session")
def space(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five given articles and two pages, one of which holds no article."""
    folder = write_space(tmp_path_factory.mktemp("cli") / "my space")
    given = write_jsonl(folder.parent / "given.jsonl", list(ARTICLES))
    pages = write_warc(
        folder.parent / "pages.warc.gz",
        make_record("https://www.dala.example/mill?utm_source=feed", make_page(PAGE)),
        make_record("https://dala.example/gone", b"<html><body>404</body></html>", status=404),
    )
    assert arna("import", "-s", folder, given, pages).code == 0
    assert arna("run", "-s", folder, "--workers", 1).code == 0
    return folder
