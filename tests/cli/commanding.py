"""What the tests of the command line share: real command lines, and a small space with a handful of articles."""

from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from arna.cli import main
from arna.store import Lake
from arna.terms import SCHEMAS

ROOT = Path(__file__).parents[2]

SPACE = """
id = "small"
title = "A small space"
languages = ["kk-Cyrl", "ru-Cyrl"]

[subject]
id = "ukraine"
title = "Ukraine"
own_origins = ["ukraine"]
[subject.stems]
kk = ["украин"]
ru = ["украин"]

[[origins]]
id = "ukraine"
title = "Ukraine"

[[origins]]
id = "kazakhstan"
title = "Kazakhstan"

[[topics]]
id = "economy"
title = "Economy and trade"
[topics.stems]
kk = ["экспорт", "астық"]
ru = ["экспорт", "зерн"]
"""

OUTLETS = """
[[outlet]]
id = "visnyk"
name = "Полтавский вестник"
origin = "ukraine"
country = "UA"
kind = "agency"
languages = ["uk", "ru"]
domains = ["visnyk.example"]
[outlet.names]
ru = ["Полтавский вестник"]

[[outlet]]
id = "dala"
name = "Дала шабарманы"
origin = "kazakhstan"
country = "KZ"
kind = "portal"
languages = ["kk", "ru"]
domains = ["dala.example"]
[outlet.names]
kk = ["Дала шабарманы"]
ru = ["Степной курьер"]
"""

WIRE = (
    "Украина за неделю отправила через порты Одессы двадцать восемь судов с пшеницей и кукурузой нового урожая. "
    "Докеры работали в три смены, потому что ноябрьские шторма дважды закрывали выход из гавани. "
    "Экспорт зерна сухопутными дорогами при этом почти не изменился, вагоны ждут на границе по четыре дня."
)
STRANGER = (
    "Мельники Карагандинской области попросили продлить льготный тариф на перевозку муки до конца весны. "
    "Без него украинская и местная мука на прилавке сравняются в цене, а рынок Афганистана придётся оставить соседям."
)
KAZAKH = "Қарағандыда украин астығының экспорты туралы дөңгелек үстел өтті. Оған елу шақты диірменші қатысты."

Article = dict[str, Any]


def make_article(number: int, outlet: str, text: str, at: str, **more: Any) -> Article:
    """An article as JSON lines hold it."""
    host = outlet if "." in outlet else f"{outlet}.example"
    return {
        "url": f"https://{host}/news/{number}",
        "outlet": outlet,
        "title": f"Заметка {number}",
        "text": text,
        "published_at": at,
    } | more


ARTICLES = (
    make_article(1, "visnyk", f"🌾🚢 {WIRE}", "2026-03-02T09:00:00Z", author="Редакция"),
    make_article(
        2, "dala", f"😀 Сообщает «Полтавский вестник».\n{WIRE}", "2026-03-02T12:00:00Z", links=["https://visnyk.example/news/1"]
    ),
    make_article(3, "orman.example", STRANGER, "2026-03-03T09:00:00Z", section="Қоғам"),
    make_article(4, "dala", f"{STRANGER}\nКорреспондент побывал на мельнице.", "2026-03-04T09:00:00Z"),
    make_article(5, "dala", KAZAKH, "2026-03-05"),
)  # fmt: skip


class Answer(NamedTuple):
    """What a command line came to."""

    code: int
    out: str
    err: str
    raw: bytes

    @property
    def value(self) -> Any:
        """Standard output as the one JSON value that it is; NaN is none."""
        return json.loads(self.out, parse_constant=lambda name: int(f"{name} is not JSON"))

    @property
    def error(self) -> str:
        """The one line on standard error."""
        [line] = self.err.splitlines()
        return line


def arna(*arguments: object) -> Answer:
    """Runs a command in this process, with its output as a program would get it."""
    before = sys.stdout, sys.stderr
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="\n") for _ in range(2))
    sys.stdout, sys.stderr = out, err
    try:
        code = main([str(argument) for argument in arguments])
    except SystemExit as stop:  # argparse's way to say that the usage is wrong
        code = int(str(stop.code))
    finally:
        sys.stdout, sys.stderr = before
    for stream in (out, err):
        stream.flush()
    raw, told = (stream.detach().getvalue() for stream in (out, err))  # type: ignore[attr-defined]
    return Answer(code, raw.decode("utf-8", "replace"), told.decode("utf-8", "replace"), raw)


def start(*arguments: object, **more: Any) -> subprocess.Popen[bytes]:
    """Starts a command in a process of its own."""
    command = [sys.executable, "-m", "arna", *map(str, arguments)]
    environment = os.environ | {"PYTHONWARNINGS": "error"}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, **more)


def write_space(folder: Path) -> Path:
    """A space without articles."""
    (folder / "outlets").mkdir(parents=True)
    (folder / "space.toml").write_text(SPACE, encoding="utf-8")
    (folder / "outlets" / "all.toml").write_text(OUTLETS, encoding="utf-8")
    return folder


def write_jsonl(path: Path, lines: tuple[Article | str, ...] | list[Article | str]) -> Path:
    """JSON lines; a string is a line as it stands."""
    texts = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines]
    path.write_text("\n".join(texts) + "\n", encoding="utf-8")
    return path


def make_page(text: str, *, title: str = "Заметка", at: str = "2026-03-06T08:00:00+05:00") -> bytes:
    """A small news page."""
    paragraphs = "".join(f"<p>{part}</p>" for part in text.split("\n"))
    return (
        f'<html><head><title>{title}</title><meta property="article:published_time" content="{at}"></head>'
        f"<body><nav><a href='/'>Главная</a></nav><article><h1>{title}</h1>{paragraphs}</article></body></html>"
    ).encode()


HTML = "Content-Type: text/html; charset=utf-8"


def make_record(url: str, body: bytes, *, headers: str = HTML, status: int = 200) -> bytes:
    """A WARC record of an answer, not packed."""
    block = f"HTTP/1.1 {status} X\r\n{headers}\r\n\r\n".encode() + body
    head = (
        f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Date: 2026-03-06T10:00:00Z\r\nWARC-Target-URI: {url}\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def write_warc(path: Path, *records: bytes) -> Path:
    """A WARC file, each record a gzip member of its own when the name ends so."""
    packed = path.suffix == ".gz"
    path.write_bytes(b"".join(gzip.compress(record, 6, mtime=0) if packed else record for record in records))
    return path


def count(folder: Path, table: str, where: str = "true") -> int:
    """Rows of a table, or of tables joined."""
    query = f"SELECT count(*) AS n FROM {table} WHERE {where}"
    return int(Lake(folder / "lake").query(query, [name for name in SCHEMAS if name in query])["n"][0].as_py())


def no_half_table(folder: Path) -> bool:
    """Whether every table can be read."""
    return all(arna("export", "-s", folder, name).code == 0 for name in ("documents", "articles", "outcomes", "voids"))


def end_at_once(_task: object) -> None:
    """What a worker does that is killed."""
    os._exit(9)
