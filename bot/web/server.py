"""The web server: uvicorn, told to let open pages go before it waits for them."""

import asyncio
import socket
from collections.abc import Generator
from contextlib import contextmanager
from typing import cast

import uvicorn
from starlette.applications import Starlette

from bot.web.site import Site

PATIENCE = 5  # seconds a request may still take after the server was asked to stop


class Server(uvicorn.Server):
    """Serves until asked to stop. `await server.serve()`; `server.should_exit = True` stops it."""

    def __init__(self, app: Starlette, host: str, port: int) -> None:
        super().__init__(
            uvicorn.Config(app, host, port, log_config=None, access_log=False, timeout_graceful_shutdown=PATIENCE, server_header=False)
        )
        self.channel = cast("Site", app.state.site).channel
        self.listening = asyncio.Event()

    @property
    def port(self) -> int:
        """The port it got, once `started`; useful where 0 was asked for."""
        return int(self.servers[0].sockets[0].getsockname()[1])

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        """Leave signals to whoever runs us: the loops and the database must stop after the pages do."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, and say so."""
        await super().startup(sockets)
        if self.started:
            self.listening.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Streams would stay open for ever: they end first."""
        self.channel.close_all()
        await super().shutdown(sockets)
