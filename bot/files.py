"""Files as received, under HOME/files by names nobody can guess; the type is read from the content, not from the name."""

import hashlib
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import col, select

from bot.database import Database
from models.evidence.item import Attachment

MAX_UPLOAD = 100 * 1024 * 1024  # bytes; the web chat's cap

# Beginnings that decide; ZIP and OLE containers are told apart by the office formats they may hold.
_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF8", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"OggS", "audio/ogg"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf1", "audio/aac"),
    (8, b"WAVE", "audio/wav"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1a\x45\xdf\xa3", "video/webm"),
    (0, b"Rar!", "application/vnd.rar"),
    (0, b"7z\xbc\xaf", "application/x-7z-compressed"),
    (0, b"\xd0\xcf\x11\xe0", "application/msword"),
)
_OFFICE = {
    b"word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    b"xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    b"ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}


class TooLarge(Exception):  # noqa: N818 - what happened, in one word
    """More bytes than the cap; nothing was kept."""


@dataclass(frozen=True)
class Kept:
    """A file on disk: its fingerprint, sniffed type and size."""

    sha256: str
    media_type: str
    size: int


def sniff(beginning: bytes) -> str:
    """The media type a content's first bytes show (RFC 6838 names)."""
    for offset, signature, media_type in _SIGNATURES:
        if beginning[offset : offset + len(signature)] == signature:
            return media_type
    if beginning.startswith(b"PK\x03\x04"):
        return next((kind for mark, kind in _OFFICE.items() if mark in beginning), "application/zip")
    try:
        beginning[:1024].decode("utf-8", "strict" if len(beginning) < 1024 else "ignore")
    except UnicodeDecodeError:
        return "application/octet-stream"
    return "application/octet-stream" if b"\x00" in beginning else "text/plain"


class Files:
    """The folder of received and sent files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, name: str) -> Path:
        """Where the bytes of a file lie."""
        return self.folder / name[:2] / name

    async def keep(self, name: str, chunks: AsyncIterator[bytes], limit: int = MAX_UPLOAD) -> Kept:
        """Stream bytes to disk and make them durable.

        Raises:
            TooLarge: more than `limit` bytes.
        """
        path = self.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        sha, size, beginning = hashlib.sha256(), 0, b""
        try:
            with part.open("wb") as target:
                async for chunk in chunks:
                    size += len(chunk)
                    if size > limit:
                        raise TooLarge
                    if len(beginning) < 4096:
                        beginning += chunk[: 4096 - len(beginning)]
                    sha.update(chunk)
                    target.write(chunk)
                target.flush()
                os.fsync(target.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        return Kept(sha.hexdigest(), sniff(beginning), size)

    def erase(self, name: str) -> None:
        """The bytes are gone; doing it twice is harmless."""
        self.path(name).unlink(missing_ok=True)

    async def sweep(self, database: Database) -> int:
        """Erase the bytes of every file whose row is erased: a crash may have come between the two."""
        async with database.read() as store:
            gone = (await store.scalars(select(Attachment.id).where(col(Attachment.erased_at).is_not(None)))).all()
        left = [name for name in gone if self.path(name).exists()]
        for name in left:
            self.erase(name)
        return len(left)
