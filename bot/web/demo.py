"""The demo's one page: every persona's chat side by side, so that a stranger sees the whole of it at once."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.web import guard
from bot.web.seat import Seat
from bot.web.site import Site


class Demo:
    """The page of the personas; their chats are seats of their own."""

    def __init__(self, site: Site, seats: Sequence[Seat]) -> None:
        self.site = site
        self.seats = seats

    def routes(self) -> list[Route]:
        """Its addresses."""
        return [Route("/demo", self.page), *(Route(f"{seat.path}/", self.to_chat) for seat in self.seats)]

    async def page(self, request: Request) -> Response:
        """The personas' chats in frames; on a phone one at a time."""
        names = [(seat, self.site.pages.persona(seat.name)) for seat in self.seats]
        response = self.site.pages.show(request, "demo.html", seats=names)
        response.headers["content-security-policy"] = guard.WITH_FRAMES
        return response

    async def to_chat(self, request: Request) -> Response:
        """A persona's address leads to its chat."""
        return RedirectResponse("chat")
