"""The web application, put together: one site, a seat for everybody, and in the demo one seat per persona."""

from collections.abc import Mapping, MutableMapping
from typing import Any, cast

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from bot.channels.web import NAME, WebChannel
from bot.inbox import Inbox
from bot.machine import Machine
from bot.watch.health import Health
from bot.watch.trouble import passes
from bot.web.chat import Chat
from bot.web.counter import Counter
from bot.web.demo import Demo
from bot.web.entry import Entry
from bot.web.files import Shelf
from bot.web.guard import Headers, protect
from bot.web.hooks import Hooks
from bot.web.lists import Lists
from bot.web.pages import STATIC, Pages
from bot.web.problem import Problem
from bot.web.public import Public
from bot.web.seat import Seat
from bot.web.site import Site
from bot.web.vitals import Vitals


class Static(StaticFiles):
    """Files under an address that changes with them: browsers may keep them for ever."""

    def __init__(self, version: str) -> None:
        super().__init__(directory=STATIC)
        self.version = version

    async def get_response(self, path: str, scope: MutableMapping[str, Any]) -> Response:
        """A file; under an old address it is given, but not to be kept."""
        response = await super().get_response(path, scope)
        current = scope["path_params"].get("version") == self.version
        response.headers["cache-control"] = "public, max-age=31536000, immutable" if current else "no-cache"
        return response


def build(machine: Machine, inbox: Inbox, *, personas: Mapping[str, str] | None = None) -> Starlette:
    """The application. `personas` (demo only) maps a name to the token of its chat; `chat_of` gives the account's id."""
    site = Site(machine, inbox, cast("WebChannel", machine.channels[NAME]), Pages(machine.office.texts))
    secure = machine.settings.url.startswith("https:")
    seats = [Seat(name, token, secure) for name, token in (personas or {}).items()]
    routes: list[BaseRoute] = [
        *Public(site).routes(),
        *Lists(site).routes(),
        *Hooks(machine).routes(),
        *Counter(site).routes(),
        *Vitals(Health(machine)).routes(),
    ]
    for seat in (Seat(secure=secure), *seats):
        routes += [*Chat(site, seat).routes(), *Shelf(site, seat).routes(), *Entry(site, seat).routes()]
    if seats:
        routes += Demo(site, seats).routes()
    routes.append(Mount("/static/{version}", Static(site.pages.version)))
    app = Starlette(routes=routes, middleware=[Middleware(Headers)])
    app.state.site = site
    _refusals(app, site)
    return app


def _refusals(app: Starlette, site: Site) -> None:
    """Whatever goes wrong is said in one kind sentence."""

    async def problem(request: Request, error: Exception) -> Response:
        return site.refuse(request, cast("Problem", error))

    async def http(request: Request, error: Exception) -> Response:
        status = cast("HTTPException", error).status_code
        return site.refuse(request, Problem(status, "web.not_found" if status == 404 else "web.not_this_way"))

    async def unexpected(request: Request, error: Exception) -> Response:
        problem = Problem(503, "web.not_stored") if passes(error) else Problem(500, "web.sorry")
        return protect(site.refuse(request, problem))  # this one is answered outside every middleware

    app.add_exception_handler(Problem, problem)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(Exception, unexpected)
