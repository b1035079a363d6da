"""The WARC files inside a WACZ are imported, and a zip's tricks do no harm."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest
from collecting import PAGES, import_whole, raw_record, write_warc

from arna.collect import read_payloads, wacz
from arna.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>\xd0\xb6</p>"


def write_wacz(path: Path, members: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("datapackage.json", "{}")
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_every_warc_file_inside_is_kept_and_read(tmp_path: Path) -> None:
    first = write_warc(tmp_path / "a.warc.gz", extras=True).read_bytes()
    second = raw_record(PAGE, url="https://dala.example/second")
    path = write_wacz(tmp_path / "crawl.wacz", {"archive/data.warc.gz": first, "archive/more.warc": second})
    found = import_whole(path, tmp_path / "warc")
    assert found.urls == [*PAGES, "https://dala.example/second"]
    assert (found.problems, found.done[-1]) == ([], path.stat().st_size)
    payloads = read_payloads(found.documents, tmp_path / "warc")
    assert payloads["payload"][0].as_py().decode() == next(iter(PAGES.values()))
    assert payloads["problem"].null_count == 5
    assert import_whole(path, tmp_path / "warc") == found


def test_names_inside_never_become_paths(tmp_path: Path) -> None:
    names = ["archive/../../../evil.warc", "/archive/abs.warc", "archive/\n\x00\u202etric.warc", "archive\\win.warc"]
    members = {name: raw_record(PAGE, url=f"https://dala.example/{n}") for n, name in enumerate(names)}
    (tmp_path / "in").mkdir()
    path = write_wacz(tmp_path / "in" / "x.wacz", members)
    found = import_whole(path, tmp_path / "in" / "warc")
    assert len(found.urls) >= 3
    kept = sorted(p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file())
    assert kept[0].startswith("in/warc/x-")
    assert all(name.startswith("in/warc/x-") for name in kept[:-1])
    assert kept[-1] == "in/x.wacz"


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wacz, "EXPANDED", 1 << 20)
    members = {"archive/bomb.warc": b"\0" * (30 << 20), "archive/good.warc": raw_record(PAGE)}
    path = write_wacz(tmp_path / "b.wacz", members, zipfile.ZIP_DEFLATED)
    found = import_whole(path, tmp_path / "warc")
    assert found.urls == ["https://dala.example/raw"]
    assert "member 1 (archive/bomb.warc): expands more than 100 to 1" in found.problems[0]
    assert sum(p.stat().st_size for p in (tmp_path / "warc").iterdir()) < 1 << 20


def test_a_damaged_member_does_not_take_the_others_along(tmp_path: Path) -> None:
    members = {f"archive/{n}.warc": raw_record(PAGE, url=f"https://dala.example/{n}") * 3 for n in range(3)}
    members["archive/junk.warc"] = b"junk"
    path = write_wacz(tmp_path / "d.wacz", members)
    content = bytearray(path.read_bytes())
    place = content.find(b"https://dala.example/1")
    content[place + 8] ^= 1
    path.write_bytes(content)
    found = import_whole(path, tmp_path / "warc")
    assert {"https://dala.example/0", "https://dala.example/2"} <= set(found.urls)
    assert ["member 2 " in found.problems[0], "member 4 " in found.problems[1]] == [True, True]
    assert found.outcomes.num_rows == 2
    assert import_whole(path, tmp_path / "warc") == found


def test_zips_that_are_no_wacz_are_refused(tmp_path: Path) -> None:
    write_wacz(tmp_path / "none.wacz", {"pages/pages.jsonl": b"{}"})
    (tmp_path / "cut.wacz").write_bytes(write_wacz(tmp_path / "x.wacz", {"archive/a.warc": PAGE}).read_bytes()[:90])
    for name in ("none.wacz", "cut.wacz"):
        with pytest.raises(InputError, match=name):
            import_whole(tmp_path / name, tmp_path / "warc")
