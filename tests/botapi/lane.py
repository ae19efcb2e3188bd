"""A fast lane for small complete POST calls: answered where the bytes arrive, without a task, a stream or header objects.

It carries the plain methods of well-behaved clients at several times the speed of the ordinary way, so that in a benchmark the
bot is measured and not this server. Whatever is unusual – uploads, long polls, webhooks, GET, chunked bodies, any fault on
order – takes the ordinary way; both end in the same `Api.perform`.
"""

import asyncio
import re
from typing import Any

from aiohttp import web
from aiohttp.web_protocol import RequestHandler

from tests.botapi import wire
from tests.botapi.checks import METHODS, checked
from tests.botapi.common import Call, Json, Refused
from tests.botapi.server import ASYNCHRONOUS, Api
from tests.botapi.wire import dumps

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)
KIND = re.compile(rb"\r\ncontent-type: *(application/json|application/x-www-form-urlencoded)", re.IGNORECASE)
UNUSUAL = re.compile(rb"\r\n(expect|transfer-encoding|content-encoding|upgrade|connection: *close)", re.IGNORECASE)
MOST = 2**18


class Lane(RequestHandler):
    """One connection."""

    __slots__ = ("api", "held", "prefix")

    def __init__(self, api: Api, manager: "LaneServer", loop: asyncio.AbstractEventLoop, **options: Any) -> None:
        super().__init__(manager, loop=loop, **options)
        self.api = api
        self.prefix = b"POST /bot" + api.settings.token.encode() + b"/"
        self.held = b""

    def data_received(self, data: bytes) -> None:
        """Bytes from the client: the lane takes a request it can answer whole, and leaves every other to aiohttp."""
        if self.held:
            data, self.held = self.held + data, b""
        if self._waiter is not None and not self._messages and data.startswith(self.prefix) and not self.api.faults.orders:
            end = data.find(b"\r\n\r\n")
            head = data[: end + 2]
            length = LENGTH.search(head)
            if end > 0 and length and int(length[1]) <= MOST and not UNUSUAL.search(head):
                missing = end + 4 + int(length[1]) - len(data)
                if missing > 0:
                    self.held = data
                    return
                kind = KIND.search(head)
                if missing == 0 and kind and self.answer(head, data[end + 4 :], form=kind[1][-1:] == b"d"):
                    return
        super().data_received(data)

    def answer(self, head: bytes, body: bytes, *, form: bool) -> bool:
        """Perform the call and write its answer; False if it does not belong here."""
        path = head[len(self.prefix) : head.find(b" ", len(self.prefix))].decode("latin-1")
        name = METHODS.get(path.lower())
        if name is None or name in ASYNCHRONOUS or self.transport is None:
            return False
        given: Json = {}
        try:
            given = wire.query_of(body.decode("utf-8", "surrogateescape")) if form else wire.parsed(body)
            call = Call(name, checked(name, given, form=form))
            result = self.api.perform(call)
        except Refused as refusal:
            self.api.note_refusal(name, given, refusal)
            code, content = refusal.code, dumps(refusal.as_json())
        else:
            self.api.note(call, result, None)
            code, content = 200, dumps({"ok": True, "result": result})
        self.transport.write(wire.head(code, len(content)) + content)
        return True


class LaneServer(web.Server):
    """aiohttp's server with a lane on every connection."""

    def __init__(self, api: Api, **options: Any) -> None:
        super().__init__(api.handle, **options)
        self.api = api

    def __call__(self) -> RequestHandler:
        """One more connection."""
        return Lane(self.api, self, self._loop, **self._kwargs)
