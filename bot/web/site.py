"""What every part of the web application shares."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.channels.web import NAME, WebChannel
from bot.inbox import Inbox
from bot.machine import Machine
from bot.web.pages import Pages, language_of
from bot.web.problem import Problem
from models.people.person import Account, AccountState, account


@dataclass(frozen=True)
class Site:
    """The machine behind the pages, and the pages."""

    machine: Machine
    inbox: Inbox
    channel: WebChannel
    pages: Pages

    async def account(self, chat: str) -> Account | None:
        """The account of a chat, if anything was said in it yet.

        Raises:
            Problem: the account was closed, e.g. because a phone was lost; it shows nothing any more.
        """
        found = await self._account(chat)
        if found is not None and found.state is AccountState.CLOSED:
            raise Problem(403, "web.closed")
        return found

    async def is_closed(self, chat: str) -> bool:
        """Whether a chat's account was closed: its browser needs a new session to come back."""
        found = await self._account(chat)
        return found is not None and found.state is AccountState.CLOSED

    async def _account(self, chat: str) -> Account | None:
        async with self.machine.database.read() as store:
            return await account(store, NAME, chat)

    def refuse(self, request: Request, problem: Problem) -> Response:
        """A problem as a page for people, and as JSON for the chat's script."""
        language = language_of(request)
        if "text/html" not in request.headers.get("accept", ""):
            return JSONResponse({"error": self.pages.say(language, problem.key, **problem.values), "key": problem.key}, problem.status)
        return self.pages.show(request, "problem.html", problem.status, key=problem.key, values=problem.values)
