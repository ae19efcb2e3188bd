"""The chat: one page, one stream of what is new, one door for what is said."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.web import guard, said, timeline
from bot.web.commands import commands
from bot.web.problem import Problem
from bot.web.seat import Seat, Session
from bot.web.site import Site
from models.installation import fenced_why

HEARTBEAT = 20.0  # seconds; shorter than any proxy's patience, and when nobody nudges the database is asked anyway


class Chat:
    """The chat as one seat sees it."""

    def __init__(self, site: Site, seat: Seat) -> None:
        self.site = site
        self.seat = seat

    def routes(self) -> list[Route]:
        """Its addresses."""
        at = f"{self.seat.path}/chat"
        return [
            Route(at, self.page),
            Route(f"{at}/send", self.send, methods=["POST"]),
            Route(f"{at}/hello", self.hello, methods=["POST"]),
            Route(f"{at}/events", self.events),
            Route(f"{at}/history", self.history),
        ]

    async def page(self, request: Request) -> Response:
        """The chat page. A browser without a session gets one, unless a link elsewhere brought it: then it may hold one it hides."""
        session = self.seat.session(request)
        if session is None and guard.is_foreign_visit(request):
            return self.site.pages.show(request, "arrive.html")
        if session is not None and self.seat.fixed is None and await self.site.is_closed(session.chat):
            response = self.site.refuse(request, Problem(403, "web.closed"))
            self.seat.unseal(response)  # the next visit begins anew
            return response
        session = session or self.seat.issue()
        account = await self.site.account(session.chat)
        language = account.language if account else None
        async with self.site.machine.database.read() as store:
            offered = await commands(store, account, self.site.machine.now())
            fenced = await fenced_why(store) is not None
        spoken = language or "vi"
        response = self.site.pages.show(
            request,
            "chat.html",
            language=language,
            seat=self.seat,
            persona=self.site.pages.persona(self.seat.name),
            csrf=session.csrf,
            sentences=json.dumps(dict(self.site.pages.for_script(spoken)), ensure_ascii=False),
            commands=offered,
            fenced=fenced,
            limit=self.site.channel.capabilities.upload_limit,
        )
        self.seat.seal(response, session)
        return response

    async def send(self, request: Request) -> Response:
        """Store what is said; when this answers, it is committed."""
        session = self.seat.acting(request)
        saying = said.Saying.read(await guard.body(request, said.LIMIT))
        await self.site.account(session.chat)
        await said.put(self.site, session.chat, saying)
        return JSONResponse({"key": saying.id})

    async def hello(self, request: Request) -> Response:
        """Somebody opened an empty chat and waits to be greeted."""
        session = self.seat.acting(request)
        await self.site.account(session.chat)
        await said.start(self.site, session.chat)
        return JSONResponse({})

    async def history(self, request: Request) -> Response:
        """One page of events: the newest, or those before `?before=`."""
        session = self.seat.required(request)
        first = _number(request.query_params.get("before"))
        account = await self.site.account(session.chat)
        async with self.site.machine.database.read() as store:
            events = await timeline.before(store, account, session.chat, first)
            offered = await commands(store, account, self.site.machine.now())
        language = account.language if account else "vi"
        chips = [{"say": command, "label": self.site.pages.say(language, label)} for command, label in offered]
        known = account is not None and account.person_id is not None
        return JSONResponse({"events": events, "more": len(events) == timeline.PAGE, "chips": chips, "known": known})

    async def events(self, request: Request) -> Response:
        """What is new, as it happens; a reconnecting browser says by Last-Event-ID (or `?after=`) what it has seen."""
        session = self.seat.required(request)
        await self.site.account(session.chat)
        last = _number(request.headers.get("last-event-id")) or _number(request.query_params.get("after")) or 0
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        return StreamingResponse(self.tail(session, last), media_type="text/event-stream", headers=headers)

    async def tail(self, session: Session, last: int) -> AsyncIterator[str]:
        """Server-sent events until the browser leaves, the account is closed or the server goes."""
        page = self.site.channel.open(session.chat)
        try:
            yield "retry: 2000\n\n"
            while not self.site.channel.closing:
                page.clear()
                fresh = await self._fresh(session, last)
                if fresh is None:
                    return
                for event in fresh:
                    last = event["id"]
                    yield f"id: {last}\ndata: {json.dumps(event)}\n\n"
                if not fresh:
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(page.wait(), HEARTBEAT)
                        continue
                    yield "event: beat\ndata: 1\n\n"
        finally:
            self.site.channel.close(session.chat, page)

    async def _fresh(self, session: Session, last: int) -> list[dict[str, Any]] | None:
        try:
            account = await self.site.account(session.chat)
        except Problem:
            return None
        async with self.site.machine.database.read() as store:
            return await timeline.after(store, account, session.chat, last)


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 16 else None
