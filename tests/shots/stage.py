"""What the browser tests stand on: Chromium, the running demo, and eyes for what a page must not do."""

import json
import os
import re
import shutil
import subprocess
import sys
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, BrowserContext, Frame, Page, Playwright

from tests.waiting import until_seen

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "screenshots"
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
CHROMIUM = "/usr/bin/chromium"
QUIET = ("disable-gpu", "disable-quic", "no-first-run", "disable-background-networking", "disable-component-update", "disable-sync")
SIZES = {"390": (390, 844), "1280": (1280, 720)}
START = 90  # seconds the demo may take to say its address
HEAVIEST = 200_000  # bytes of one picture


def chromium(playwright: Playwright) -> Browser:
    """Debian's browser; without it these tests cannot tell anything."""
    if not Path(CHROMIUM).is_file() and shutil.which("chromium") is None:
        pytest.fail("Chromium is missing: apt-get update && apt-get install -y chromium fonts-noto-core")
    path = CHROMIUM if Path(CHROMIUM).is_file() else shutil.which("chromium")
    return playwright.chromium.launch(executable_path=path, args=["--no-sandbox", *(f"--{flag}" for flag in QUIET)])


@contextmanager
def demo(home: Path) -> Generator[str]:
    """The demo on a new database; yields its address. An answer can be taken back for two seconds only."""
    command = [sys.executable, "-m", "bot", "demo", "--port", "0", "--home", str(home)]
    environment = os.environ | {"PHATNGON_UNDO_SECONDS": "2", "PYTHONUNBUFFERED": "1"}
    said = home.parent / "demo.log"
    with said.open("w") as log:
        running = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        yield _address(running, said)
    finally:
        running.terminate()
        try:
            running.wait(15)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()
            pytest.fail("the demo does not stop when it is asked to")


def _address(running: subprocess.Popen[bytes], said: Path) -> str:
    def told() -> re.Match[str] | None:
        assert running.poll() is None, f"the demo did not say where it is:\n{said.read_text('utf-8')}"
        return re.search(r"(http://[^\s/]+)/demo\b", said.read_text("utf-8"))

    found = until_seen(told, f"the demo says in {said} where it is", START)
    assert found
    return found[1]


def squeezed(png: bytes) -> bytes:
    """The same picture in fewer bytes: browsers compress in haste."""
    head, rest, data = png[:8], png[8:], b""
    before, after = b"", b""
    while rest:
        length = int.from_bytes(rest[:4], "big")
        chunk, rest = rest[: length + 12], rest[length + 12 :]
        if chunk[4:8] == b"IDAT":
            data += chunk[8:-4]
        elif data:
            after += chunk
        else:
            before += chunk
    body = b"IDAT" + zlib.compress(zlib.decompress(data), 9)
    return head + before + (len(body) - 4).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big") + after


class Eyes:
    """Photographs pages and notes what is wrong with them."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def watch(self, context: BrowserContext) -> None:
        """Note every error any page of a window reports, refused scripts and styles among them."""
        context.on("weberror", lambda error: self.problems.append(f"script: {error.error}"))
        context.on("console", lambda said: self.problems.append(f"console: {said.text}") if said.type == "error" else None)

    def picture(self, page: Page, name: str, *, whole: bool = False) -> None:
        """One screenshot, after looking for horizontal scroll and for what shuts people out."""
        page.wait_for_timeout(250)
        light = squeezed(page.screenshot(full_page=whole))
        (PICTURES / f"{name}.png").write_bytes(light)
        if len(light) > HEAVIEST:
            self.problems.append(f"{name}.png is heavier than it should be: {len(light)} bytes")
        for frame in page.frames:
            self._examine(frame, name)

    def _examine(self, frame: Frame, name: str) -> None:
        wide, shown = cast(
            "tuple[int, int]", tuple(frame.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]"))
        )
        if wide > shown > 0:
            self.problems.append(f"{name}: {frame.url} scrolls sideways, {wide} > {shown}")
        if shown == 0:  # a frame behind a tab
            return
        frame.evaluate(AXE)
        found = cast(
            "list[dict[str, Any]]", frame.evaluate("axe.run({ resultTypes: ['violations'], iframes: false }).then(r => r.violations)")
        )
        for one in found:
            if one["impact"] in {"serious", "critical"}:
                where = [node["html"][:160] for node in one["nodes"][:3]]
                self.problems.append(f"{name}: {one['impact']} {one['id']}: {one['help']} {json.dumps(where, ensure_ascii=False)}")
