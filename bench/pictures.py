"""Makes the pictures of the observatory in docs/pictures anew, with headless Chromium, from the demo.

`python -m bench.pictures` builds the demo space in a temporary folder; `python -m bench.pictures SPACE` takes one that
is there. Chromium writes 24 bits a pixel; a page has few colours, so the pictures are stored with a palette of 256.
"""

from __future__ import annotations

import json
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path
from urllib.request import urlopen

import numpy as np

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
WIDTH = 1280
LIMIT = 250_000
"""Bytes of a picture at the most."""

_CELL = "topic=transport&lang=kk-Cyrl"


def main() -> int:
    chromium = next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), ""
    )
    if not chromium:
        print("No Chromium on the PATH; on Debian: apt-get install chromium")
        return 1
    with tempfile.TemporaryDirectory(prefix="arna-pictures-") as folder:
        space = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(folder) / "space"
        if not (space / "space.toml").exists():
            subprocess.run([sys.executable, "-m", "arna", "demo", str(space), "--no-serve"], check=True)
        serve = [sys.executable, "-m", "arna", "serve", "-s", str(space), "--port", "0", "--no-browser", "--json"]
        server = subprocess.Popen(serve, stdout=subprocess.PIPE, text=True)
        try:
            assert server.stdout is not None
            take_all(chromium, json.loads(server.stdout.readline())["address"].rstrip("/"), Path(folder))
        finally:
            server.terminate()
            server.wait(10)
    return 0


def take_all(chromium: str, address: str, folder: Path) -> None:
    """Take the six pictures."""
    PICTURES.mkdir(exist_ok=True)
    for name, (path, height) in choose_pages(address).items():
        raw = folder / f"{name}.png"
        subprocess.run(
            [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
             f"--user-data-dir={folder / 'profile'}", f"--window-size={WIDTH},{height}", "--lang=en",
             f"--screenshot={raw}", address + path],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
        small = write_palette(read_pixels(raw.read_bytes()))
        (PICTURES / f"{name}.png").write_bytes(small)
        print(f"{name}.png: {len(small):,} bytes{'' if len(small) < LIMIT else ', too many'}")


def choose_pages(address: str) -> dict[str, tuple[str, int]]:
    """Address and height of each page: a cell in Kazakh, an article of it that was translated, the largest family."""
    articles = _read(f"{address}/articles/rows.json?{_CELL}")
    article = min(articles, key=lambda row: (-row["translations"], -row["credits"], row["id"]))
    story = _read(f"{address}/families/rows.json")[0]["story"]
    return {
        "void-map": ("/?ui=en", 1460),
        "articles": (f"/articles/?{_CELL}&ui=en", 1080),
        "article": (f"/article/{article['id']}/?ui=en", 1180),
        "family": (f"/family/{story}/?ui=en", 1150),
        "flow": ("/flow/?ui=en", 1180),
        "health": ("/health/?ui=en", 1000),
    }


def _read(address: str) -> list[dict[str, object]]:
    with urlopen(address) as answer:  # noqa: S310  # our own server
        rows: list[dict[str, object]] = json.load(answer)
        return rows


def read_pixels(png: bytes) -> np.ndarray:
    """The pixels of a PNG of 8 bits a channel, as rows of red, green and blue."""
    at, packed, width, height, channels = 8, b"", 0, 0, 3
    while at < len(png):
        size, kind = struct.unpack(">I4s", png[at : at + 8])
        body = png[at + 8 : at + 8 + size]
        if kind == b"IHDR":
            width, height, _, colour = struct.unpack(">IIBB", body[:10])
            channels = {2: 3, 6: 4}[colour]
        elif kind == b"IDAT":
            packed += body
        at += size + 12
    lines = np.frombuffer(zlib.decompress(packed), np.uint8).reshape(height, width * channels + 1)
    found = np.zeros((height + 1, width, channels), np.uint8)
    for n, line in enumerate(lines):
        found[n + 1] = _unfilter(int(line[0]), line[1:].reshape(width, channels), found[n])
    return found[1:, :, :3]


def _unfilter(kind: int, line: np.ndarray, above: np.ndarray) -> np.ndarray:
    """A line of pixels without its filter (PNG specification, 9.2)."""
    if kind == 0:
        return line
    if kind == 1:
        return np.cumsum(line, axis=0, dtype=np.uint8)
    if kind == 2:
        return line + above
    found = np.zeros_like(line)
    left, corner = [0] * line.shape[1], [0] * line.shape[1]
    for n, (pixel, up) in enumerate(zip(line.tolist(), above.tolist(), strict=True)):
        if kind == 3:
            left = [(x + (a + b) // 2) & 255 for x, a, b in zip(pixel, left, up, strict=True)]
        else:
            left = [(x + _paeth(a, b, c)) & 255 for x, a, b, c in zip(pixel, left, up, corner, strict=True)]
        corner = up
        found[n] = left
    return found


def _paeth(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    return min((left, up, corner), key=lambda value: abs(guess - value))


def write_palette(pixels: np.ndarray) -> bytes:
    """A PNG with the 256 colours that occur most; others become the nearest of them."""
    height, width, _ = pixels.shape
    codes = pixels.astype(np.int32) @ np.array([65536, 256, 1])
    colours, place, counts = np.unique(codes.ravel(), return_inverse=True, return_counts=True)
    kept = colours[np.argsort(-counts, kind="stable")[:256]]
    split = np.stack([colours >> 16, colours >> 8 & 255, colours & 255], axis=1)
    palette = np.stack([kept >> 16, kept >> 8 & 255, kept & 255], axis=1)
    nearest = np.concatenate(
        [((part[:, None] - palette[None]) ** 2).sum(axis=2).argmin(axis=1) for part in np.array_split(split, 64)]
    )
    lines = nearest[place].reshape(height, width).astype(np.uint8)
    rows = np.concatenate([np.zeros((height, 1), np.uint8), lines], axis=1).tobytes()
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(kind, body)
        for kind, body in (
            (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            (b"PLTE", palette.astype(np.uint8).tobytes()),
            (b"IDAT", zlib.compress(rows, 9)),
            (b"IEND", b""),
        )
    )


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


if __name__ == "__main__":
    sys.exit(main())
