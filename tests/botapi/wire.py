"""Requests as they come over HTTP, answers as they go."""

import asyncio
import hashlib
import json
import socket
import struct
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, hdrs, web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.http_exceptions import HttpProcessingError
from pydantic import TypeAdapter

from tests.botapi.common import Json, Refused, Upload
from tests.botapi.files import CHUNK, MOST_UPLOAD, Stored

ENCODER: TypeAdapter[Any] = TypeAdapter(Any)  # five times as fast as json.dumps
MOST_BODY = 256 * 2**20
REASONS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 409: "Conflict"}
GATEWAY = b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><center><h1>502 Bad Gateway</h1></center></body>\r\n</html>\r\n"


def dumps(value: Any) -> bytes:
    """Compact JSON."""
    return ENCODER.dump_json(value)


def head(code: int, length: int, mime: str = "application/json", *, stay: bool = True) -> bytes:
    """The head of an answer."""
    end = "" if stay else "Connection: close\r\n"
    return f"HTTP/1.1 {code} {REASONS.get(code, 'Other')}\r\nContent-Type: {mime}\r\nContent-Length: {length}\r\n{end}\r\n".encode()


class Answer(web.StreamResponse):
    """A complete answer written in one piece: half the cost of aiohttp's own, which matters at thousands a second."""

    def __init__(self, status: int, body: bytes, mime: str = "application/json") -> None:
        super().__init__()
        self.code, self.content, self.mime = status, body, mime
        self.keeps = True

    @property
    def keep_alive(self) -> bool:
        """Whether the connection stays open."""
        return self.keeps

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        """Write head and body at once."""
        self.keeps = request.keep_alive
        if request.transport is not None and not request.transport.is_closing():
            request.transport.write(head(self.code, len(self.content), self.mime, stay=self.keeps) + self.content)
        return None

    async def write_eof(self, data: bytes = b"") -> None:
        """Nothing is left to write."""


def cut(request: web.BaseRequest) -> web.StreamResponse:
    """Reset the connection, as a broken network does."""
    transport = request.transport
    if transport is not None:
        plug = transport.get_extra_info("socket")
        if plug is not None:
            plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    answer = Answer(200, b"")
    answer.keeps = False
    return answer


def parsed(body: bytes) -> Json:
    """A JSON object."""
    try:
        given = json.loads(body)
    except UnicodeDecodeError:
        raise Refused("strings must be encoded in UTF-8") from None
    except (ValueError, RecursionError):
        raise Refused("can't parse JSON object") from None
    if not isinstance(given, dict):
        raise Refused("can't parse JSON object: Object expected")
    return given  # pyright: ignore[reportUnknownVariableType]


def query_of(text: str) -> Json:
    """Parameters spelt as a form."""
    try:
        return dict(parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text), errors="strict"))
    except ValueError:
        raise Refused("strings must be encoded in UTF-8 and percent-encoded") from None


async def read(request: web.BaseRequest, query: str, folder: Path) -> tuple[Json, dict[str, Upload], bool]:
    """Parameters, uploads, and whether the parameters are spelt as in a form."""
    mime = request.headers.get(hdrs.CONTENT_TYPE, "").partition(";")[0].strip().lower()
    if mime == "multipart/form-data":
        try:
            given, uploads = await read_parts(request, folder)
        except (ValueError, AssertionError, HttpProcessingError):
            raise Refused("can't parse multipart body") from None
        return (query_of(query) if query else {}) | given | dict(uploads), uploads, True
    body = await request.read() if request.can_read_body else b""
    if mime == "application/json":
        given = parsed(body) if body else {}
        if not query:
            return given, {}, False
        return query_of(query) | {k: v if isinstance(v, str) else dumps(v).decode() for k, v in given.items()}, {}, True
    if body and mime != "application/x-www-form-urlencoded":
        raise Refused(f"unsupported content type {mime or 'none'}")
    given = query_of(query) if query else {}
    return given | (query_of(body.decode("utf-8", "surrogateescape")) if body else {}), {}, True


async def read_parts(request: web.BaseRequest, folder: Path) -> tuple[Json, dict[str, Upload]]:
    """The fields and files of a multipart body; files go to disk as they come."""
    given: Json = {}
    uploads: dict[str, Upload] = {}
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or not part.name:
            raise Refused("can't parse multipart body: every part needs a name")
        if part.filename is None:
            given[part.name] = (await part.read(decode=True)).decode("utf-8", "strict")
        else:
            uploads[part.name] = await keep(part, part.filename, folder)
    if any(upload.size > MOST_UPLOAD for upload in uploads.values()):
        raise Refused("Request Entity Too Large", 413)
    return given, uploads


async def keep(part: BodyPartReader, name: str, folder: Path) -> Upload:
    """Write one part to disk under its hash; one that is too large is read to its end but not kept."""
    digest, size, head = hashlib.sha256(), 0, b""
    waiting = folder / f"part-{id(part)}"
    with waiting.open("wb") as file:
        while piece := await part.read_chunk(CHUNK):
            head = head or piece[:16]
            size += len(piece)
            digest.update(piece)
            if size <= MOST_UPLOAD:
                file.write(piece)
    path = folder / digest.hexdigest()
    waiting.rename(path)
    mime = part.headers.get(hdrs.CONTENT_TYPE, "application/octet-stream").partition(";")[0]
    return Upload(name, mime, size, digest.hexdigest(), path, head)


async def stream(request: web.BaseRequest, stored: Stored) -> web.StreamResponse:
    """Send a file piece by piece."""
    response = web.StreamResponse(headers={hdrs.CONTENT_TYPE: stored.mime, hdrs.CONTENT_LENGTH: str(stored.size)})
    await response.prepare(request)
    for piece in stored.chunks():
        await response.write(piece)
        await asyncio.sleep(0)
    await response.write_eof()
    return response
