"""Two addresses for whoever watches the machine: /healthz asks whether it lives, /readyz whether it does its work."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.watch.health import Health


class Vitals:
    """Both answers are JSON; the status is 503 where something is wrong."""

    def __init__(self, health: Health) -> None:
        self.health = health

    def routes(self) -> list[Route]:
        """Their addresses."""
        return [Route("/healthz", self.alive), Route("/readyz", self.ready)]

    async def alive(self, _request: Request) -> Response:
        """Every loop beats."""
        vitals = self.health.vitals()
        return JSONResponse(vitals, 200 if vitals["alive"] else 503)

    async def ready(self, _request: Request) -> Response:
        """The database takes what is said, and nothing waits too long."""
        readiness = await self.health.readiness()
        return JSONResponse(readiness, 200 if readiness["ready"] else 503)
