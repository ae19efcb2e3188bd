"""`python -m tests.botapi --port 0 --state DIR`: serve until SIGTERM; the first line on standard output is JSON with the URL."""

import argparse
import asyncio
import gc
import json
import signal
import sys
from pathlib import Path

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.http import RawRequestMessage
from aiohttp.streams import StreamReader
from aiohttp.web_protocol import RequestHandler

from tests.botapi import wire
from tests.botapi.control import Control
from tests.botapi.lane import LaneServer
from tests.botapi.server import Api, Settings


def arguments(given: list[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="tests.botapi", description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--state", type=Path, required=True, help="folder for the record and for files")
    parser.add_argument("--token", default=Settings.token)
    parser.add_argument("--record", choices=["jsonl", "none"], default="jsonl")
    parser.add_argument("--seed", type=int, default=1, help="for faults by probability")
    parser.add_argument("--limit", choices=["none", "bucket", "window", "growing"], default="none")
    parser.add_argument("--rate", type=float, default=30.0, help="messages a second for the limit model")
    parser.add_argument("--per-private", type=float, default=0.0, help="messages a second in one private chat; 0 is no limit")
    parser.add_argument("--per-group", type=int, default=0, help="messages a minute in one group; 0 is no limit")
    parser.add_argument("--callback-seconds", type=float, default=Settings.callback_seconds)
    parser.add_argument("--hook-order", choices=["chat", "none"], default=Settings.hook_order)
    parser.add_argument("--hook-retry", type=float, default=Settings.hook_retry, help="first back-off in seconds")
    parser.add_argument("--hook-timeout", type=float, default=Settings.hook_timeout)
    return parser.parse_args(given)


def settings(given: argparse.Namespace) -> Settings:
    """The command line as settings."""
    return Settings(
        given.state, given.token, given.record == "jsonl", given.seed, given.callback_seconds, given.hook_order, given.hook_retry,
        given.hook_timeout,
    )  # fmt: skip


async def serve(given: argparse.Namespace) -> None:
    """Listen on the loopback interface until told to stop."""
    api = Api(settings(given))
    control = Control(api)
    api.control = control.handle
    control.set_limits({"model": given.limit, "rate": given.rate, "per_private": given.per_private, "per_group": given.per_group})
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)

    def request(
        message: RawRequestMessage, payload: StreamReader, protocol: RequestHandler, writer: AbstractStreamWriter, task: asyncio.Task[None]
    ) -> web.BaseRequest:
        return web.BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=wire.MOST_BODY)

    server = LaneServer(api, request_factory=request, handler_cancellation=True, access_log=None, keepalive_timeout=3600)
    listener = await loop.create_server(server, "127.0.0.1", given.port, backlog=1024)
    port = listener.sockets[0].getsockname()[1]
    told = {"url": f"http://127.0.0.1:{port}", "token": given.token, "seed": given.seed, "record": str(api.record.path or "")}
    print(json.dumps(told), flush=True)
    await stopped.wait()
    listener.close()
    await api.reset()
    server.pre_shutdown()
    await server.shutdown(timeout=0.2)
    api.record.close()


if __name__ == "__main__":
    gc.freeze()
    gc.set_threshold(50_000, 50, 100)
    asyncio.run(serve(arguments(sys.argv[1:])))
