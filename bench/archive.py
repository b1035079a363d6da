"""Our WARC files in other hands: what cdxj-indexer and warcio make of a collection of the whole hostile web.

    python -m bench archive

Two rounds a day apart, so that there are revisits of both kinds. cdxj-indexer must list every response and revisit, and
a record read at the offset it gives must be that address and kind; what stands in the files is found here without a
reader of WARC, member by member with zlib. ``warcio check`` must find every digest right.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import zlib
from collections import Counter
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.collect.rounds import collect, let_pass, warcs_of
from tests.collect.web import HostileWeb, write_space
from warcio.archiveiterator import ArchiveIterator

if TYPE_CHECKING:
    from collections.abc import Iterator

Record = tuple[int, int, str, str]
"""Offset, length, kind and address of a record."""

INDEXED = {"response", "revisit"}
CHECK = """
import sys
sys.modules["brotli"] = None  # warcio 1.8 breaks on brotli 1.2, which lets nobody set attributes of a decompressor
from warcio.cli import main
main(["check", sys.argv[1]])
"""


def run() -> dict[str, float]:
    """Shares of records that are indexed and read back right, and of files whose digests all are."""
    with HostileWeb() as web, tempfile.TemporaryDirectory(prefix="arna-archive-") as name:
        folder = write_space(Path(name) / "space", web)
        collect(folder)
        let_pass(folder)
        web.publish("rss-plain", "/news/late")
        collect(folder)
        files = warcs_of(folder)
        kinds: Counter[str] = Counter()
        indexed = wrong = checked = 0
        for path in files:
            records = {at: (size, kind, url) for at, size, kind, url in read_members(path)}
            kinds.update(kind for _, kind, _ in records.values())
            wanted = {at: record for at, record in records.items() if record[1] in INDEXED}
            lines = list(_index(path))
            wrong += len(lines) - sum(_is_right(path, line, wanted) for line in lines)
            indexed += len({int(line["offset"]) for line in lines} & set(wanted))
            checked += _check(path)
    total = sum(kinds[kind] for kind in INDEXED)
    print(
        f"{len(files)} files with {dict(kinds)}: cdxj-indexer {version('cdxj-indexer')} lists {indexed} of {total} "
        f"responses and revisits, {wrong} of them wrong; warcio {version('warcio')} check passes {checked} files"
    )
    assert kinds["response"] > 200
    assert kinds["revisit"] > 20
    return {
        "indexed": indexed / total, "right": 1 - wrong / total, "checked": checked / len(files), "records": total,
        "revisits": kinds["revisit"],
    }  # fmt: skip


def read_members(path: Path) -> Iterator[Record]:
    """Records of a file, each of which is a gzip member."""
    data, at = path.read_bytes(), 0
    while at < len(data):
        member = zlib.decompressobj(31)
        text = member.decompress(data[at:])
        assert member.eof, f"{path.name}: cut at {at}"
        size = len(data) - at - len(member.unused_data)
        lines = text.partition(b"\r\n\r\n")[0].decode().split("\r\n")
        fields = dict(line.split(": ", 1) for line in lines[1:])
        yield at, size, fields["WARC-Type"], fields.get("WARC-Target-URI", "")
        at += size


def _index(path: Path) -> Iterator[dict[str, Any]]:
    command = [str(Path(sys.executable).with_name("cdxj-indexer")), str(path)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    for line in answer.stdout.splitlines():
        yield json.loads(line.split(" ", 2)[2])


def _is_right(path: Path, line: dict[str, Any], wanted: dict[int, tuple[int, str, str]]) -> bool:
    """Whether a line of the index leads to the record it tells of."""
    found = wanted.get(int(line["offset"]))
    if found is None or found[0] != int(line["length"]) or line["filename"] != path.name:
        return False
    with path.open("rb") as stream:
        stream.seek(int(line["offset"]))
        record = next(iter(ArchiveIterator(stream)))
        kind, url = record.rec_type, record.rec_headers.get_header("WARC-Target-URI")
    is_revisit = line.get("mime") == "warc/revisit"
    return (kind, url) == found[1:] and url == line["url"] and is_revisit == (kind == "revisit")


def _check(path: Path) -> int:
    answer = subprocess.run([sys.executable, "-c", CHECK, str(path)], check=False, capture_output=True, text=True)
    if answer.returncode or answer.stderr:
        print(answer.stdout[-2000:], answer.stderr[-2000:])
    return int(answer.returncode == 0)
