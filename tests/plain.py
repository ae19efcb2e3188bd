"""A channel without buttons, for tests: what Zalo and e-mail will look like, choices as a numbered list."""

import json
from collections.abc import Sequence

from bot.channels.base import Capabilities, Parcel, Reading
from handlers.contract import Kind
from models.store import Store


class PlainChannel:
    """Everything is text, both ways; messages are short."""

    name = "plain"
    capabilities = Capabilities(text_limit=2_000, buttons=False, bundles_files=False, upload_limit=10 * 1024 * 1024)

    def __init__(self) -> None:
        self._posted = 0

    def read(self, payload: str) -> Reading:
        """Words, and files already stored."""
        value = json.loads(payload)
        return Reading(Kind.TEXT, text=value.get("text", ""), files=value.get("files", []))

    async def post(self, store: Store, parcels: Sequence[Parcel]) -> list[str]:
        """Deliver: a key for each."""
        self._posted += len(parcels)
        return [f"p{self._posted - left}" for left in range(len(parcels) - 1, -1, -1)]

    def posted(self, chats: Sequence[str]) -> None:
        """Nobody waits."""
