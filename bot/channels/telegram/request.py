"""The wire: python-telegram-bot's `BaseRequest` on aiohttp.

Two of them serve a bot: one for calls, one for the long poll, whose connection must neither wait behind uploads nor time
out before the poll does.
"""

from collections.abc import AsyncGenerator, Mapping
from functools import cache
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import urlencode

import aiohttp
from telegram.request import BaseRequest, RequestData

from bot.channels.telegram.errors import Answered, Garbled, Lost, Unsent
from models import jsontext

CONNECT = 10.0  # seconds
UPLOAD = 120.0  # seconds without a byte while Telegram stores what was uploaded
PIECE = 64 * 1024
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}
_NEVER_WRITTEN = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.ClientConnectionResetError, aiohttp.InvalidURL)

Body = aiohttp.FormData | bytes | None


class AioRequest(BaseRequest):
    """Calls over one pool of connections."""

    def __init__(self, *, connections: int, patience: float, proxy: str = "") -> None:
        self._connections, self._patience, self._proxy = connections, patience, proxy or None
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        """Seconds without a byte before an answer is given up."""
        return self._patience

    async def initialize(self) -> None:
        """Open the pool; a second time changes nothing."""
        if self._session is None or self._session.closed:
            watch = aiohttp.TraceConfig()
            watch.on_request_headers_sent.append(_written)
            connector = aiohttp.TCPConnector(limit=self._connections, ttl_dns_cache=300)
            self._session = aiohttp.ClientSession(
                connector=connector, trace_configs=[watch], headers={"User-Agent": self.USER_AGENT}, cookie_jar=aiohttp.DummyCookieJar()
            )

    async def shutdown(self) -> None:
        """Close the pool and wait until it is closed."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """One call of python-telegram-bot's; a clear no is raised here, with everything its answer says."""
        body = _body(request_data)
        patience = UPLOAD if isinstance(body, aiohttp.FormData) else self._patience
        return 200, await self._call(method, url, body, patience)

    async def call(self, url: str, fields: Mapping[str, Any], patience: float) -> bytes:
        """One call as it is; the answer as it came."""
        return await self._call("POST", url, urlencode(fields).encode(), patience)

    async def ask(self, url: str, parameters: Mapping[str, Any]) -> bytes:
        """One call without files; the answer as it came."""
        return await self._call("POST", url, jsontext.written(parameters).encode(), self._patience, JSON)

    async def stream(self, url: str) -> AsyncGenerator[bytes]:
        """A file, piece by piece."""
        context = SimpleNamespace(written=False)
        try:
            async with self._open.get(url, proxy=self._proxy, timeout=_limits(self._patience), trace_request_ctx=context) as response:
                if response.status >= 300:
                    raise Answered(response.status)
                async for piece in response.content.iter_chunked(PIECE):
                    yield piece
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise _failed(error, context) from None

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer to an accepted call; unlike the original this logs nothing: answers repeat messages."""
        answer = _json(payload)
        if "result" not in answer:
            raise Garbled("the answer cannot be read")
        return answer

    @property
    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise Unsent("the channel is closed")
        return self._session

    async def _call(self, method: str, url: str, body: Body, patience: float, kind: Mapping[str, str] = FORM) -> bytes:
        context = SimpleNamespace(written=False)
        headers = kind if isinstance(body, bytes) else None
        try:
            async with self._open.request(
                method, url, data=body, headers=headers, proxy=self._proxy, timeout=_limits(patience), trace_request_ctx=context
            ) as response:
                payload = await response.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise _failed(error, context) from None
        if 200 <= response.status < 300:
            return payload
        raise _refusal(response.status, payload)


async def _written(_session: aiohttp.ClientSession, context: SimpleNamespace, _sent: aiohttp.TraceRequestHeadersSentParams) -> None:
    context.trace_request_ctx.written = True


@cache
def _limits(patience: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=None, sock_connect=CONNECT, sock_read=patience)


def _body(request_data: RequestData | None) -> Body:
    if request_data is None:
        return None
    if not request_data.contains_files:
        return urlencode(request_data.json_parameters).encode()
    form = aiohttp.FormData(quote_fields=False)
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, media_type) in request_data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=media_type)
    return form


def _failed(error: Exception, context: SimpleNamespace) -> Unsent | Lost:
    """The kind of failure; `from None` at the call: the original holds the URL, and the URL the token."""
    unsent = isinstance(error, _NEVER_WRITTEN) or not context.written
    return (Unsent if unsent else Lost)(type(error).__name__)


def _refusal(status: int, payload: bytes) -> Answered:
    answer = _json(payload)
    found: Any = answer.get("parameters")
    parameters = cast("dict[str, Any]", found) if isinstance(found, dict) else {}
    wait, moved = parameters.get("retry_after"), parameters.get("migrate_to_chat_id")
    return Answered(
        status,
        str(answer.get("description") or ""),
        float(wait) if isinstance(wait, int | float) else None,
        moved if isinstance(moved, int) else None,
    )


def _json(payload: bytes) -> dict[str, Any]:
    try:
        answer: Any = jsontext.read(payload)
    except (ValueError, RecursionError):
        return {}
    return cast("dict[str, Any]", answer) if isinstance(answer, dict) else {}
