"""One persona's hands in a browser: writes, taps, waits for words."""

import re
from pathlib import Path

from playwright.sync_api import FrameLocator, Locator, Page, expect

PATIENCE = 15_000  # milliseconds


class Persona:
    """Somebody at a chat, in a window of their own or in a frame of the demo."""

    def __init__(self, place: Page | FrameLocator) -> None:
        self.place = place

    def ready(self) -> "Persona":
        """Wait until the chat has greeted."""
        expect(self.place.locator("#log .message").first).to_be_visible(timeout=PATIENCE)
        return self

    def says(self, text: str, *files: Path) -> None:
        """Write, attach, press Enter."""
        if files:
            self.place.locator("#pick").set_input_files(list(files))
            expect(self.place.locator("#tray li.done")).to_have_count(len(files), timeout=PATIENCE)
        self.place.locator("#text").fill(text)
        self.place.locator("#text").press("Enter")

    def taps(self, label: str) -> None:
        """Tap the newest choice with this label; see first what it belongs to, an older message may offer the same."""
        self.choice(label).last.click(timeout=PATIENCE)

    def choice(self, label: str) -> Locator:
        """The choices with this label."""
        return self.place.locator(".choices button", has_text=re.compile(f"^{re.escape(label)}$"))

    def sees(self, text: str) -> None:
        """Wait for a message of the bot that says this."""
        expect(self.place.locator(".message:not(.mine)", has_text=text).last).to_be_visible(timeout=PATIENCE)
