"""What protects every page: response headers, the same-origin rule for everything that changes something, size caps."""

import asyncio
from collections.abc import AsyncGenerator
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.problem import Problem

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
WITH_FRAMES = f"{POLICY}; frame-src 'self'"
IDLE = 30.0  # seconds without a byte of a body, after which the rest is not waited for
WHOLE = 60.0  # seconds a body that is held in memory may take; uploads may take as long as they come

FOR_FILES = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"  # a file is shown by nobody's rules but ours

_HEADERS = {
    "content-security-policy": POLICY,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cache-control": "no-store",
}


class Headers:
    """Adds the protecting headers to every response that does not set its own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, guarded if scope["type"] == "http" else send)


def protect(response: Response) -> Response:
    """The protecting headers on one response."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def same_origin(request: Request) -> None:
    """Refuse what another site's page makes a browser send.

    Browsers say so themselves in Sec-Fetch-Site; over plain http on a local network only Origin is sent.

    Raises:
        Problem: the request comes from elsewhere, or does not say where from.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site is not None and site != "same-origin":
        raise Problem(403, "web.foreign")
    if origin is not None and origin != "null" and urlsplit(origin).netloc != request.headers.get("host", ""):
        raise Problem(403, "web.foreign")
    if site is None and origin in {None, "null"}:
        raise Problem(403, "web.foreign")


def is_foreign_visit(request: Request) -> bool:
    """Whether a link on another site led here: the browser then withholds strict cookies, so none may be replaced."""
    return request.headers.get("sec-fetch-site") == "cross-site"


async def body(request: Request, cap: int) -> bytes:
    """The whole body, if it is not larger than `cap` and comes in time: whoever lets it trickle would hold a place for ever.

    Raises:
        Problem: it is larger, or too slow.
    """
    held = bytearray()
    try:
        async with asyncio.timeout(WHOLE):
            async for chunk in capped(request, cap):
                held += chunk
    except TimeoutError:
        raise Problem(408, "web.too_slow") from None
    return bytes(held)


async def capped(request: Request, cap: int) -> AsyncGenerator[bytes]:
    """The body piece by piece, given up as soon as it is known to be larger than `cap`, or when nothing comes any more.

    Raises:
        Problem: it is larger, or has stopped coming.
    """
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > cap:
        raise Problem(413, "web.too_long")
    size, stream = 0, request.stream()
    while (chunk := await _next(stream)) is not None:
        size += len(chunk)
        if size > cap:
            raise Problem(413, "web.too_long")
        yield chunk


async def _next(stream: AsyncGenerator[bytes]) -> bytes | None:
    try:
        async with asyncio.timeout(IDLE):
            return await anext(stream, None)
    except TimeoutError:
        raise Problem(408, "web.too_slow") from None
