"""The counter beside the chats: files too large for a channel are brought and fetched here, by links sent in that channel."""

import json
from collections.abc import AsyncIterator

from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.base import BROUGHT, Arrival
from bot.files import MAX_UPLOAD
from bot.tickets import Purpose
from bot.web import guard
from bot.web.files import cleaned, deliver, store_file
from bot.web.problem import Problem
from bot.web.site import Site
from models.evidence.item import Attachment
from models.people.person import Account, AccountState

MOST = 10  # files at a time
_PIECE = 256 * 1024


class Counter:
    """Two kinds of link, neither with a session."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def routes(self) -> list[Route]:
        """Its addresses."""
        return [
            Route(f"/{Purpose.BRING}/{{token}}", self.look),
            Route(f"/{Purpose.BRING}/{{token}}", self.bring, methods=["POST"]),
            Route(f"/{Purpose.FETCH}/{{token}}", self.fetch),
        ]

    async def look(self, request: Request) -> Response:
        """A page that takes files; works without script."""
        await self._account(request)
        response = self.site.pages.show(request, "bring.html", most=MAX_UPLOAD // 2**20, brought=0)
        response.headers["referrer-policy"] = "same-origin"  # under no-referrer a form is sent with `Origin: null`
        return response

    async def bring(self, request: Request) -> Response:
        """Every file becomes part of one message in the chat the link came from: the bot goes on there."""
        guard.same_origin(request)
        owner = await self._account(request)
        form = await self._form(request)
        try:
            sent = [part for part in form.getlist("file") if isinstance(part, UploadFile) and part.size]
            if not sent:
                raise Problem(400, "web.file_empty")
            files = [await store_file(self.site, owner.id or 0, _pieces(part), cleaned(part.filename or "")) for part in sent]
        finally:
            await form.close()
        said = json.dumps({"files": [file.id for file in files]})
        await self.site.inbox.put([Arrival(owner.channel, f"{BROUGHT}{files[0].id}", owner.external_id, said)])
        return self.site.pages.show(request, "bring.html", most=MAX_UPLOAD // 2**20, brought=len(files))

    async def fetch(self, request: Request) -> Response:
        """One file; whoever holds the link was sent it."""
        machine = self.site.machine
        file_id = machine.tickets.read(Purpose.FETCH, request.path_params["token"], machine.now())
        async with machine.database.read() as store:
            file = await store.get(Attachment, file_id) if file_id else None
        if file is None:
            raise Problem(404, "web.ticket_over")
        return deliver(self.site, file)

    async def _account(self, request: Request) -> Account:
        machine = self.site.machine
        subject = machine.tickets.read(Purpose.BRING, request.path_params["token"], machine.now())
        async with machine.database.read() as store:
            found = await store.get(Account, int(subject)) if subject else None
        if found is None or found.state is AccountState.CLOSED:
            raise Problem(404, "web.ticket_over")
        return found

    async def _form(self, request: Request) -> FormData:
        try:
            return await MultiPartParser(request.headers, guard.capped(request, MAX_UPLOAD), max_files=MOST, max_fields=1).parse()
        except MultiPartException as error:
            raise Problem(400, "web.unreadable") from error
        except Problem as error:
            raise Problem(413, "web.file_too_large", most=MAX_UPLOAD // 2**20) from error


async def _pieces(part: UploadFile) -> AsyncIterator[bytes]:
    while piece := await part.read(_PIECE):
        yield piece
