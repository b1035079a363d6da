"""Channels from import to origins: a forwarded post rests on whom it is forwarded from."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.cli.commanding import WIRE, arna, count, write_space

if TYPE_CHECKING:
    from pathlib import Path

PAGE = """<!DOCTYPE html><html><body><div class="tgme_widget_message" data-post="dalanews/7">
<div class="tgme_widget_message_forwarded_from">Forwarded from <a class="tgme_widget_message_forwarded_from_name" href="https://t.me/visnyk_news/451">Вісник</a></div>
<div class="tgme_widget_message_text js-message_text">{}</div>
<a class="tgme_widget_message_date" href="https://t.me/dalanews/7"><time datetime="2026-03-02T08:00:00+00:00"></time></a></div></body></html>"""


def write_files(folder: Path) -> tuple[Path, Path]:
    message = {"id": 451, "type": "message", "date_unixtime": "1772452800", "text": WIRE}
    export = folder / "result.json"
    export.write_text(
        json.dumps(
            {"name": "Вісник", "type": "public_channel", "id": 15, "username": "visnyk_news", "messages": [message]},
            indent=1,
        ),
        "utf-8",
    )
    page = folder / "saved.html"
    page.write_text(PAGE.format(WIRE), "utf-8")
    return export, page


def test_a_forwarded_post_rests_on_the_channel_it_is_forwarded_from(tmp_path: Path):
    folder = write_space(tmp_path / "space")
    taken = arna("import", "-s", folder, *write_files(tmp_path), "--json")
    assert (taken.code, taken.value["documents"]) == (0, 2)
    assert arna("run", "-s", folder, "--workers", 1).code == 0
    post = arna("article", "-s", folder, "https://t.me/dalanews/7", "--json").value
    assert (post["outlet"], post["text"]) == ("t.me/dalanews", WIRE)
    assert {row["origin"] for row in post["origins"] if row["share"] > 0.5} == {"unknown"}
    registry = folder / "outlets" / "all.toml"
    text = registry.read_text("utf-8")
    registry.write_text(text.replace('["visnyk.example"]', '["visnyk.example"]\nchannels = ["Visnyk_News"]'), "utf-8")
    assert arna("run", "-s", folder, "--workers", 1).code == 0
    post = arna("article", "-s", folder, "https://t.me/dalanews/7", "--json").value
    told = {(row["kind"], row["source_outlet"], row["direction"]) for row in post["reliances"]}
    # the forwarded post has the earlier clock; the address above it says whose it is
    assert ("copy", "visnyk", "link") in told
    assert {row["origin"] for row in post["origins"] if row["share"] > 0.5} == {"ukraine"}
    assert count(folder, "documents", "outlet = 'visnyk'") == 1
