"""One upload per file: whoever sends it at the same time waits for the first, and later sends name it by its `file_id`.

Telegram throttles uploads of the same size, and a document to a hundred chats need not cross the wire a hundred times. A
`file_id` is good only for its own method, so both are kept together: `sendPhoto AgAC…`.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

from bot.channels.base import Rejected, SendError
from bot.files import Files
from models.evidence.item import Attachment

PHOTO_LIMIT = 10 * 1024 * 1024  # bytes
REMEMBERED = 1000  # the database remembers the rest
FIELDS: Mapping[str, str] = {"sendPhoto": "photo", "sendVoice": "voice", "sendDocument": "document"}
_PHOTOS = frozenset({"image/jpeg", "image/png", "image/webp"})

# Calls a method with an upload (None) or a file_id; gives back the message's key and the file_id.
Call = Callable[[str, str | None], Awaitable[tuple[str, str]]]


class Uploads:
    """What has been uploaded, and what is being uploaded."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self._known: OrderedDict[str, str] = OrderedDict()
        self._under_way: dict[str, asyncio.Future[None]] = {}

    async def send(self, file: Attachment, known: str | None, call: Call) -> tuple[str, str]:
        """Send a file with as little uploading as possible; returns the message's key and the reference to keep."""
        while file.id not in self._known and known is None and (first := self._under_way.get(file.id)) is not None:
            await asyncio.wait([first])
        reference = self._known.get(file.id) or known
        if reference is not None:
            with suppress(Rejected):  # a file_id of another bot, or gone: upload once more
                return await self._again(file, reference, call)
            self._known.pop(file.id, None)
        return await self._first(file, call)

    async def _again(self, file: Attachment, reference: str, call: Call) -> tuple[str, str]:
        method, _, file_id = reference.partition(" ")
        key, _ = await call(method, file_id)
        self._remember(file.id, reference)
        return key, reference

    async def _first(self, file: Attachment, call: Call) -> tuple[str, str]:
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._under_way[file.id] = done
        try:
            return await self._upload(file, call)
        finally:
            self._under_way.pop(file.id, None)
            done.set_result(None)

    async def _upload(self, file: Attachment, call: Call) -> tuple[str, str]:
        """As what it looks like; what Telegram does not take as a photo or a voice message still goes as a document."""
        method = method_for(file)
        try:
            key, file_id = await call(method, None)
        except Rejected:
            if method == "sendDocument":
                raise
            method = "sendDocument"
            key, file_id = await call(method, None)
        reference = f"{method} {file_id}" if file_id else ""
        if reference:
            self._remember(file.id, reference)
        return key, reference

    def _remember(self, file_id: str, reference: str) -> None:
        self._known[file_id] = reference
        self._known.move_to_end(file_id)
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)


def method_for(file: Attachment) -> str:
    """The method that shows a file best."""
    if file.media_type in _PHOTOS and file.size <= PHOTO_LIMIT:
        return "sendPhoto"
    return "sendVoice" if file.media_type == "audio/ogg" else "sendDocument"


def check(file: Attachment, limit: int) -> None:
    """Refuse what can never be sent, before a slot is spent on it.

    Raises:
        SendError: the file is erased, or larger than the channel takes.
    """
    problem = "the file was erased" if file.erased_at is not None else "the file is too large" if file.size > limit else ""
    if problem:
        error: SendError = Rejected(problem)
        raise error
