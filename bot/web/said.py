"""What a person does becomes one inbox message; a retry or a double click is stored once."""

import asyncio
import json
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints, ValidationError

from bot.channels.base import Arrival
from bot.channels.web import NAME, said
from bot.web.problem import Problem
from bot.web.site import Site

LIMIT = 256 * 1024  # bytes of one message without its files
_TURNS, _PAUSE = 100, 0.05  # how long a first message may take to open its account: five seconds

Key = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16,32}$")]
Shortish = Annotated[str, StringConstraints(max_length=500)]


class Saying(BaseModel):
    """One message as the chat page sends it."""

    id: Key
    kind: Literal["text", "choice", "edit", "other"] = "text"
    text: str = ""
    choice: Shortish | None = None
    files: Annotated[list[Key], Field(max_length=20)] = []
    reply_to: Shortish | None = None
    edits: Shortish | None = None

    @classmethod
    def read(cls, body: bytes) -> "Saying":
        """The message in a request's body.

        Raises:
            Problem: it is not one.
        """
        try:
            return cls.model_validate_json(body)
        except ValidationError as error:
            raise Problem(400, "web.unreadable") from error


async def put(site: Site, chat: str, saying: Saying) -> None:
    """Store what a person says, and show it in their own timeline."""
    payload = saying.model_dump(exclude={"id"}, exclude_defaults=True) | {"kind": saying.kind}
    await _put(site, chat, saying.id, payload, saying.id)


async def start(site: Site, chat: str, code: str = "", mark: str = "hello") -> None:
    """The chat is opened, perhaps with a code; the same opening twice is one."""
    await _put(site, chat, mark, {"kind": "start"} | ({"code": code} if code else {}))


async def account_id(site: Site, chat: str) -> int:
    """The id of the account behind a chat; one in which nothing was said yet is greeted first, which opens its account.

    Raises:
        Problem: the greeting is not handled in time.
    """
    for turn in range(_TURNS):
        account = await site.account(chat)
        if account is not None and account.id is not None:
            return account.id
        if turn == 0:
            await start(site, chat)
        await asyncio.sleep(_PAUSE)
    raise Problem(503, "web.busy")


async def _put(site: Site, chat: str, mark: str, payload: Mapping[str, object], key: str | None = None) -> None:
    arrival = Arrival(NAME, f"{chat[:16]}-{mark}", chat, json.dumps(payload), key)
    await site.inbox.put([arrival], also=said)
    site.machine.posted(site.channel, [chat])
