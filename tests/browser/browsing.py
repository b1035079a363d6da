"""What the tests in a browser share: a served space, and a window that notes everything a reader would not want."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Response

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
TOOLS = Path(__file__).parent / "node_modules"
AXE = TOOLS / "axe-core" / "axe.min.js"
VALIDATOR = TOOLS / "vnu-jar" / "build" / "dist" / "vnu.jar"
TONGUES = ("en", "uk", "ru", "kk")
PHONE = 360

# What sticks out of the page; what lies in a box that scrolls by itself may.
STICKING_OUT = """() => {
  const wide = document.documentElement.clientWidth;
  const found = [];
  const scrolls = element => {
    for (let box = element; box; box = box.parentElement) {
      if (box.matches("body")) return false;
      const style = getComputedStyle(box);
      if (["auto", "scroll"].includes(style.overflowX)) return true;
      if (["hidden", "clip"].includes(style.overflowX) && style.position === "absolute") return true;
    }
    return false;
  };
  for (const element of document.querySelectorAll("body *:not(.skip)")) {
    const box = element.getBoundingClientRect();
    if (box.width && box.height && (box.right > wide + 1 || box.left < -1) && !scrolls(element)) {
      found.push(element.tagName + "." + (element.getAttribute("class") || "") + " " + Math.round(box.right));
    }
  }
  if (document.documentElement.scrollWidth > wide) found.push("the page itself " + document.documentElement.scrollWidth);
  return found.slice(0, 6);
}"""


class Site:
    """A space that is served by ``arna serve``."""

    def __init__(self, address: str, folder: Path, process: subprocess.Popen[str]) -> None:
        self.address, self.folder, self.process = address.rstrip("/"), folder, process

    def fetch(self, path: str, **headers: str) -> tuple[bytes, dict[str, str]]:
        """The bytes of an answer and its headers."""
        url = self.address + quote(path, safe="/?=&%#+")
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(url, headers=named)  # noqa: S310
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            return answer.read(), dict(answer.headers)

    def text(self, path: str, **headers: str) -> str:
        """The text of an answer."""
        return self.fetch(path, **headers)[0].decode()

    def rows(self, path: str) -> list[dict[str, Any]]:
        """The rows behind a page."""
        page, _, query = path.partition("?")
        return json.loads(self.text(f"{page}rows.json{'?' + query if query else ''}"))


@contextmanager
def serve(folder: Path) -> Iterator[Site]:
    """Serves a space on a free port as a user does, and wants a clean end."""
    command = [sys.executable, "-m", "arna", "serve", "-s", str(folder), "--port", "0", "--no-browser", "--json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ))
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, process.communicate(timeout=30)[1]
    try:
        yield Site(json.loads(line)["address"], folder, process)
    finally:
        process.send_signal(signal.SIGTERM)  # a shell may have its children ignore SIGINT
        _, said = process.communicate(timeout=30)
    assert process.returncode == 0, said
    assert "Traceback" not in said, said


class Window:
    """A window of its own, without cookies; notes requests, messages of the console, errors and dialogs."""

    def __init__(self, browser: Browser, site: Site, width: int = 1280, height: int = 800, **more: Any) -> None:
        viewport = {"width": width, "height": height}
        self.context = browser.new_context(viewport=viewport, base_url=site.address, **({"locale": "en-GB"} | more))
        self.context.set_default_timeout(15_000)
        self.page = self.context.new_page()
        self.faults: list[str] = []
        self.asked: list[str] = []
        self.context.on("request", lambda request: self.asked.append(request.url))
        self.context.on("console", lambda message: self.faults.append(f"{message.type}: {message.text}"))
        self.context.on("weberror", lambda error: self.faults.append(f"error: {error.error}"))
        self.page.on("dialog", lambda dialog: (self.faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))

    def go(self, path: str) -> Response:
        """Opens a page of the site."""
        answer = self.page.goto(path)
        assert answer is not None
        return answer

    def texts(self, selector: str) -> list[str]:
        """Visible texts of all that fits, white space made one."""
        return [" ".join(text.split()) for text in self.page.locator(selector).all_inner_texts()]

    def path(self) -> str:
        """Path and query of the page that is open."""
        parts = urlsplit(self.page.url)
        return parts.path + (f"?{parts.query}" if parts.query else "")

    def check_quiet(self, site: Site) -> None:
        """Nothing went elsewhere and nobody complained."""
        assert [url for url in self.asked if not url.startswith((f"{site.address}/", "data:"))] == []
        assert self.faults == []

    def __enter__(self) -> Window:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()


def has_browser() -> bool:
    """Whether there is a Chromium to look with."""
    return CHROMIUM.exists()


def why_no_validator() -> str:
    """What is missing for the validator of HTML."""
    if not VALIDATOR.exists():
        return "the Nu validator is not there: sh tests/browser/get_ready.sh fetches it where there is npm"
    return "" if shutil.which("java") else "no Java for the Nu validator: apt-get install default-jre-headless"


def squeeze(text: str) -> str:
    """A text with its white space made one."""
    return " ".join(text.split())


def percent(text: str) -> float | None:
    """The number of a share as it is written; None for under one and over ninety-nine."""
    number = text.replace("\u00a0", " ").replace("%", "").strip()
    return float(number) / 100 if number.isdigit() else None
