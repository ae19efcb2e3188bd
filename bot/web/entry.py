"""One-time links: looking at one changes nothing (link previewers look), pressing its button enters."""

import hashlib

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.web import guard, said
from bot.web.problem import Problem
from bot.web.seat import Seat
from bot.web.site import Site

_LONGEST = 100


class Entry:
    """The way in with a code, as one seat offers it."""

    def __init__(self, site: Site, seat: Seat) -> None:
        self.site = site
        self.seat = seat

    def routes(self) -> list[Route]:
        """Its addresses."""
        return [Route(f"{self.seat.path}/vao/{{code}}", self.look), Route(f"{self.seat.path}/vao/{{code}}", self.enter, methods=["POST"])]

    async def look(self, request: Request) -> Response:
        """A page with one button."""
        response = self.site.pages.show(request, "enter.html")
        response.headers["referrer-policy"] = "same-origin"  # under no-referrer a form is sent with `Origin: null`
        return response

    async def enter(self, request: Request) -> Response:
        """Open the chat with the code; whether it is good the bot says there. A browser that has a chat keeps it."""
        guard.same_origin(request)
        code = request.path_params["code"]
        if len(code) > _LONGEST:
            raise Problem(404, "web.not_found")
        session = self.seat.session(request)
        if session is None or await self.site.is_closed(session.chat):
            session = self.seat.issue()
        await said.start(self.site, session.chat, code, mark=hashlib.sha256(code.encode("utf-8", "replace")).hexdigest()[:32])
        response = RedirectResponse("../chat", 303)
        self.seat.seal(response, session)
        return response
