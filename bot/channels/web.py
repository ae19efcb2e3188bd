"""The web chat: sending commits to a per-account timeline; open pages only tail it."""

import asyncio
import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, cast

from bot.channels.base import Capabilities, Parcel, Reading
from handlers.contract import Kind
from models.messages.message import LOCAL, InboxMessage, TimelineEvent
from models.store import Store

NAME = LOCAL
_KINDS = {kind.value: kind for kind in (Kind.TEXT, Kind.CHOICE, Kind.EDIT, Kind.START, Kind.OTHER)}


class WebChannel:
    """Our own world: it cannot fail on its own and its messages are never uncertain."""

    name = NAME
    capabilities = Capabilities(text_limit=20_000, buttons=True, bundles_files=True, upload_limit=100 * 1024 * 1024, edits=True)

    def __init__(self) -> None:
        self._pages: dict[str, set[asyncio.Event]] = defaultdict(set)
        self.closing = False  # the server is going: streams end, and none begins

    def read(self, payload: str) -> Reading:
        """The browser's message; the page's own code wrote it, but anybody can post anything."""
        try:
            value = cast("dict[str, Any]", json.loads(payload))
            return Reading(
                kind=_KINDS.get(value.get("kind", "text"), Kind.OTHER),
                text=str(value.get("text") or ""),
                choice=str(value["choice"]) if value.get("choice") else None,
                files=[str(file) for file in cast("list[object]", value.get("files") or [])],
                reply_to=str(value["reply_to"]) if value.get("reply_to") else None,
                edits=str(value["edits"]) if value.get("edits") else None,
                detail={"code": str(value.get("code") or "")},
            )
        except (ValueError, TypeError, AttributeError):
            return Reading(Kind.OTHER)

    async def post(self, store: Store, parcels: Sequence[Parcel]) -> list[str]:
        """Append to the timelines."""
        events = [TimelineEvent(chat=p.chat, kind="told", outbox_id=p.row.id, at=p.row.created_at) for p in parcels]
        store.add_all(events)
        await store.flush()
        return [f"t{event.id}" for event in events]

    def posted(self, chats: Sequence[str]) -> None:
        """Wake the pages that show these chats."""
        for chat in set(chats):
            for page in self._pages.get(chat, ()):
                page.set()

    def open(self, chat: str) -> asyncio.Event:
        """A page begins to tail a chat."""
        page = asyncio.Event()
        self._pages[chat].add(page)
        return page

    def close(self, chat: str, page: asyncio.Event) -> None:
        """A page is gone."""
        pages = self._pages[chat]
        pages.discard(page)
        if not pages:
            del self._pages[chat]

    def close_all(self) -> None:
        """The server is going: let every stream look up and end."""
        self.closing = True
        for pages in self._pages.values():
            for page in pages:
                page.set()


async def said(store: Store, rows: Sequence[InboxMessage]) -> None:
    """What a person said shows in their own timeline as soon as it is stored; hand this to `Inbox.put`."""
    for row in rows:
        kind = json.loads(row.payload or "{}").get("kind", "text")
        store.add(TimelineEvent(chat=row.chat, kind="edited" if kind == Kind.EDIT.value else "said", inbox_id=row.id, at=row.received_at))


def chat_of(token: str) -> str:
    """The chat a token opens: who reads the database cannot enter with what is kept there."""
    return hashlib.sha256(token.encode()).hexdigest()
