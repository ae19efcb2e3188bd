"""Webhooks: what other worlds push to us goes to their channel as it came; the channel answers with a status."""

from typing import Protocol, cast

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.machine import Machine
from bot.web import guard

LARGEST = 1024 * 1024  # bytes; no update of the Bot API comes near
SECRET = "x-telegram-bot-api-secret-token"  # noqa: S105 - the name of the header


class Pushed(Protocol):
    """A channel that can be pushed to."""

    async def receive(self, body: bytes, secret: str | None) -> int:
        """One push; the status to answer with."""
        ...


class Hooks:
    """The addresses channels are pushed to."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine

    def routes(self) -> list[Route]:
        """One per channel that is on."""
        return [Route("/hooks/telegram", self.telegram, methods=["POST"])] if "telegram" in self.machine.channels else []

    async def telegram(self, request: Request) -> Response:
        """An update: 200 only once it is committed."""
        channel = cast("Pushed", self.machine.channels["telegram"])
        return Response(status_code=await channel.receive(await guard.body(request, LARGEST), request.headers.get(SECRET)))
