"""The daily head: after midnight the end of the log is signed, written to HOME/heads and sent to the officers' chats.

Whoever keeps one of these messages can later prove that nothing before it was changed and nothing was cut off after it.
"""

import asyncio
import hmac
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlmodel import col, select

from bot.channels.base import Arrival
from bot.inbox import Inbox
from bot.machine import Machine
from bot.watch.pulse import beat
from models.evidence.exchange import ExchangeEntry, Head
from models.evidence.exchange import head as head_now
from models.store import Store

SOON = timedelta(seconds=5)  # after midnight: messages that arrived in its last second are handled by then
LONGEST = 60.0  # seconds between two looks at the clock, which may be set meanwhile


class Key:
    """The installation's Ed25519 key under HOME/keys; made the first time it is needed, readable by this account only."""

    def __init__(self, folder: Path) -> None:
        self.path, self.public_path = folder / "log.key", folder / "log.pub"

    def sign(self, message: bytes) -> tuple[str, str]:
        """Signature and public key, in hex."""
        private = self._private()
        return private.sign(message).hex(), private.public_key().public_bytes_raw().hex()

    def derived(self, purpose: str) -> bytes:
        """A secret of the installation for something else; tells nothing about the key."""
        return hmac.digest(self._private().private_bytes_raw(), purpose.encode(), "sha256")

    @property
    def public(self) -> str | None:
        """The public key, if there is a key yet."""
        return self.public_path.read_text("ascii").strip() if self.public_path.is_file() else None

    def _private(self) -> Ed25519PrivateKey:
        if not self.path.exists():
            self._make()
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(self.path.read_text("ascii")))

    def _make(self) -> None:
        """A whole file or none: another process, or a crash, never leaves half a key."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        private = Ed25519PrivateKey.generate()
        part = self.path.with_suffix(f".{os.getpid()}.part")
        part.touch(mode=0o600)
        part.write_text(private.private_bytes_raw().hex(), "ascii")
        try:
            os.link(part, self.path)  # fails where somebody else was first: then theirs counts
        except FileExistsError:
            return
        finally:
            part.unlink()
        self.public_path.write_text(private.public_key().public_bytes_raw().hex() + "\n", "ascii")


@dataclass(frozen=True)
class SignedHead:
    """A head with its day and signature, as it stands in HOME/heads, in chats and in dossiers."""

    seq: int
    hash: str
    day: str
    signature: str
    key: str

    @classmethod
    def of(cls, head: Head, day: date, key: Key) -> "SignedHead":
        """Sign a head."""
        signature, public = key.sign(statement(head.seq, head.hash, day.isoformat()))
        return cls(head.seq, head.hash, day.isoformat(), signature, public)

    @classmethod
    def read(cls, text: str) -> "SignedHead":
        """A head from its file.

        Raises:
            ValueError: it is none, or its signature is not good.
        """
        try:
            said: Mapping[str, Any] = json.loads(text)
            head = cls(int(said["seq"]), str(said["hash"]), str(said["day"]), str(said["signature"]), str(said["key"]))
            public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(head.key))
            public.verify(bytes.fromhex(head.signature), statement(head.seq, head.hash, head.day))
        except (KeyError, TypeError, InvalidSignature) as error:
            raise ValueError(str(error)) from error
        return head

    def json(self) -> str:
        """As it is written to files."""
        return json.dumps(vars(self), indent=1, sort_keys=True) + "\n"


def statement(seq: int, head_hash: str, day: str) -> bytes:
    """The bytes that are signed."""
    return f"phatngon-head-v1\n{day}\n{seq}\n{head_hash}\n".encode("ascii")


def key_of(home: Path) -> Key:
    """The key of an installation."""
    return Key(home / "keys")


def write_whole(path: Path, text: str) -> None:
    """A file that is there as a whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    try:
        with part.open("w", encoding="utf-8") as target:
            target.write(text)
            target.flush()
            os.fsync(target.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


class Heads:
    """Publishes the head of every local day, once, shortly after its midnight."""

    def __init__(self, machine: Machine, inbox: Inbox) -> None:
        self.machine = machine
        self.inbox = inbox
        self._published: date | None = None  # the last day this process knows to be out

    def path(self, day: date) -> Path:
        """Where a day's head lies."""
        return self.machine.settings.home / "heads" / f"{day.isoformat()}.json"

    async def run(self) -> None:
        """Publish for ever."""
        while True:
            await self.publish_due()
            beat()
            await asyncio.sleep(self._pause())

    async def publish_due(self) -> int:
        """Yesterday's head, if it is not out yet; returns how many were published. Days without entries need none of their own:
        the next head covers them.
        """
        day = (self._local() - SOON).date() - timedelta(days=1)
        if day == self._published or (self._published is not None and day < self._published):
            return 0
        return await self._publish(day)

    async def _publish(self, day: date) -> int:
        """The file first, then the message: a crash between the two is made good by the next start, from the same file."""
        path = self.path(day)
        if not path.is_file():
            head = await self._head_of(day)
            if head is not None:
                write_whole(path, SignedHead.of(head, day, key_of(self.machine.settings.home)).json())
        put: list[int] = []
        if path.is_file():
            said = json.dumps({"command": "head"} | json.loads(path.read_text("utf-8")))
            put = await self.inbox.put([Arrival("console", f"head-{day.isoformat()}", "console", said)])
        self._published = day
        return len(put)

    async def _head_of(self, day: date) -> Head | None:
        """The last entry made before a day ended; None before the first, or where the day's head adds nothing to the one before."""
        end = datetime.combine(day + timedelta(days=1), time.min, tzinfo=self.machine.settings.zone)
        async with self.machine.database.read() as store:
            query = select(ExchangeEntry.seq, ExchangeEntry.hash).where(col(ExchangeEntry.at) < end)
            row = (await store.execute(query.order_by(col(ExchangeEntry.seq).desc()).limit(1))).first()
        return Head(row[0], row[1]) if row else None

    def _local(self) -> datetime:
        return self.machine.now().astimezone(self.machine.settings.zone)

    def _pause(self) -> float:
        """Seconds until the next head is due, at most `LONGEST`."""
        now = self._local()
        midnight = datetime.combine(now.date() + timedelta(days=1), time.min, tzinfo=now.tzinfo)
        return min(LONGEST, max(1.0, (midnight + SOON - now).total_seconds()))


async def signed_now(store: Store, home: Path, day: date) -> SignedHead:
    """The head at this moment, signed on demand."""
    return SignedHead.of(await head_now(store), day, key_of(home))
