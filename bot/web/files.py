"""Files in and out of the chat: streamed both ways, opened only by whom they were sent by or to."""

import errno
import re
from collections.abc import AsyncIterator
from urllib.parse import quote, unquote

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from bot.files import MAX_UPLOAD, Kept, TooLarge
from bot.web import guard, said, timeline
from bot.web.problem import Problem
from bot.web.seat import Seat
from bot.web.site import Site
from models.evidence.item import Attachment, digest
from models.store import Store
from models.text import clean

NAME_HEADER = "x-phatngon-name"  # percent-encoded UTF-8
_ID = re.compile(r"[0-9a-f]{32}")
_LONGEST_NAME = 120


class Shelf:
    """Uploads and downloads as one seat sees them."""

    def __init__(self, site: Site, seat: Seat) -> None:
        self.site = site
        self.seat = seat

    def routes(self) -> list[Route]:
        """Its addresses."""
        return [
            Route(f"{self.seat.path}/chat/upload", self.upload, methods=["POST"]),
            Route(f"{self.seat.path}/files/{{id}}", self.download),
        ]

    async def upload(self, request: Request) -> Response:
        """Stream the body to disk; the file waits for the message that will carry it."""
        session = self.seat.acting(request)
        owner = await said.account_id(self.site, session.chat)
        file = await store_file(self.site, owner, guard.capped(request, MAX_UPLOAD), name_of(request.headers.get(NAME_HEADER, "")))
        return JSONResponse({"id": file.id, "name": file.name, "size": file.size, "type": file.media_type, "image": file.is_image})

    async def download(self, request: Request) -> Response:
        """One file, if the asking account sent it or was sent it; to everybody else it does not exist."""
        session, file_id = self.seat.session(request), request.path_params["id"]
        account = await self.site.account(session.chat) if session is not None else None
        if account is None or account.id is None or not _ID.fullmatch(file_id):
            raise Problem(404, "web.not_found")
        async with self.site.machine.database.read() as store:
            file = await store.get(Attachment, file_id)
            if file is None or not (file.account_id == account.id or await timeline.carried(store, account.id, file_id)):
                raise Problem(404, "web.not_found")
        return deliver(self.site, file)


async def store_file(site: Site, owner: int, pieces: AsyncIterator[bytes], name: str | None) -> Attachment:
    """Bytes on disk and their row, waiting for the message that will carry them.

    Raises:
        Problem: too large, empty, or no space.
    """
    machine = site.machine
    identity, salt = machine.ids.name(), machine.ids.salt()
    kept = await _keep(site, identity, pieces)
    attachment = Attachment(
        id=identity,
        digest=digest(salt, bytes.fromhex(kept.sha256)),
        salt=salt,
        sha256=kept.sha256,
        name=name,
        media_type=kept.media_type,
        size=kept.size,
        account_id=owner,
        created_at=machine.now(),
    )

    async def work(store: Store) -> None:
        store.add(attachment)

    await machine.database.write(work)
    return attachment


async def _keep(site: Site, identity: str, pieces: AsyncIterator[bytes]) -> Kept:
    """The bytes on disk; whatever stops it leaves nothing behind."""
    try:
        kept = await site.machine.files.keep(identity, pieces)
    except (Problem, TooLarge) as error:
        raise Problem(413, "web.file_too_large", most=MAX_UPLOAD // 2**20) from error
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise Problem(507, "web.no_space") from error
        raise
    if kept.size == 0:
        site.machine.files.erase(identity)
        raise Problem(400, "web.file_empty")
    return kept


def deliver(site: Site, file: Attachment) -> Response:
    """The bytes of a file somebody may see; only pictures open in the page.

    Raises:
        Problem: it was erased.
    """
    path = site.machine.files.path(file.id)
    if file.erased_at is not None or not path.is_file():
        raise Problem(404, "web.not_found")
    kind = "inline" if file.is_image else "attachment"
    headers = {
        "content-disposition": f"{kind}; filename*=UTF-8''{quote(file.name or file.id, safe='')}",
        "content-security-policy": guard.FOR_FILES,
        "cache-control": "private, max-age=300",
    }
    return FileResponse(path, headers=headers, media_type=file.media_type)


def name_of(header: str) -> str | None:
    """A file's name from a percent-encoded header."""
    return cleaned(unquote(header, errors="replace"))


def cleaned(said: str) -> str | None:
    """A file's name as its owner knows it: no folders, no invisible marks, not too long, its ending kept."""
    name = clean(said).replace("\n", " ").replace("\\", "/").rsplit("/", 1)[-1]
    if len(name) > _LONGEST_NAME:
        stem, dot, ending = name.rpartition(".")
        name = f"{stem[: _LONGEST_NAME - len(ending)]}…{dot}{ending}" if dot and len(ending) <= 8 else name[:_LONGEST_NAME]
    return name or None
