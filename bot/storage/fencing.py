"""Is this the installation, or a copy of it? A copy that sent would say everything a second time, so it starts fenced.

HOME/instance and the database each hold the installation's random id and a counter that grows with every start and every
sweep. The file is written first with the counter to come, so a crash between the two is told from a disk that was rolled back.
The file also knows the server and the place of the database file: a folder that was copied elsewhere is noticed too.
"""

import asyncio
import hashlib
import json
import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import text
from sqlmodel import col, select

from bot import outbox
from bot.database import Database
from bot.watch.heads import write_whole
from bot.watch.pulse import Run, beat
from models.installation import Installation, fenced_why, installation
from models.messages.message import InboxMessage, OutboxMessage, OutboxState
from models.store import Store

log = logging.getLogger(__name__)

MACHINE = Path("/etc/machine-id")
LOOK = 1.0  # seconds between two looks whether the fence was lifted

# Why a machine is fenced, for those who keep it; the chat page says the same to everybody in one sentence.
REASONS: Mapping[str, str] = {
    "restored": "dữ liệu được khôi phục từ bản sao lưu",
    "another_folder": "cơ sở dữ liệu không thuộc thư mục này (tệp “instance” thiếu hoặc của nơi khác)",
    "database_older": "cơ sở dữ liệu cũ hơn thư mục: có thể đĩa hoặc tệp đã bị quay về trạng thái trước",
    "database_newer": "cơ sở dữ liệu mới hơn thư mục: có thể thư mục đã bị quay về trạng thái trước",
    "copied": "thư mục này là bản chép từ máy hoặc ổ đĩa khác",
}


_NUMBERS = text(
    "SELECT (SELECT system_identifier FROM pg_control_system()), (SELECT oid FROM pg_database WHERE datname = current_database()),"
    " CAST('installation' AS regclass)::oid"
)


class Elsewhere(RuntimeError):  # noqa: N818 - what is the case
    """Other machines are at work on this database, and they keep their files in another folder."""


@dataclass(frozen=True)
class Mark:
    """The folder's half: HOME/instance."""

    instance: str
    counter: int
    coming: int  # the counter the database is about to get; equal to `counter` when nothing is under way
    place: str

    @classmethod
    def read(cls, home: Path) -> "Mark | None":
        """The mark, if there is one that can be read."""
        try:
            said: dict[str, Any] = json.loads((home / "instance").read_text("utf-8"))
            return cls(str(said["instance"]), int(said["counter"]), int(said["coming"]), str(said["place"]))
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None

    def write(self, home: Path) -> None:
        """The whole mark or the one before."""
        write_whole(home / "instance", json.dumps(vars(self), indent=1) + "\n")


def place_of(database: Path) -> str:
    """Which server and which file: a copy has another."""
    machine = MACHINE.read_text("ascii").strip() if MACHINE.is_file() else ""
    return hashlib.sha256(f"{machine} {database.stat().st_ino}".encode()).hexdigest()[:32]


async def place(database: Database) -> str:
    """The same for any database. PostgreSQL numbers servers, databases and tables: what `pg_restore` or a copy makes has other numbers."""
    if database.is_sqlite:
        return place_of(database.path)
    async with database.read() as store:
        numbers = (await store.execute(_NUMBERS)).one()
    return hashlib.sha256(" ".join(map(str, numbers)).encode()).hexdigest()[:32]


def differs(mark: Mark | None, row: Installation | None, place: str) -> str | None:
    """Why the folder and the database do not belong together, or None."""
    if mark is None and row is None:
        return None  # the very first start
    if mark is None or (row is not None and mark.instance != row.instance):
        return "another_folder"
    if row is None or row.counter < mark.counter:
        return "database_older"
    if row.counter > mark.coming:
        return "database_newer"
    return "copied" if mark.place != place else None


async def admit(home: Path, database: Database, at: datetime) -> str | None:
    """At every start: compare, fence where they differ, count. Returns why the machine is fenced, if it is.

    Raises:
        Elsewhere: other machines use this database, and this folder is not the one they share.
    """
    async with database.one_at_a_time():
        return await _admit(home, database, at)


async def _admit(home: Path, database: Database, at: datetime) -> str | None:
    async with database.read() as store:
        row = await installation(store)
    mark, here = Mark.read(home), await place(database)
    why = differs(mark, row, here)
    if why is not None and not await database.write(database.locks.alone):
        raise Elsewhere(home)
    instance = row.instance if row is not None else secrets.token_hex(16)
    known = max(row.counter if row else 0, mark.coming if mark else 0)
    held = await _count(home, database, Mark(instance, row.counter if row else 0, known + 1, here), why, at)
    if held is not None:
        log.warning("the machine is fenced and sends nothing", extra={"action": "fence", "problem": held})
    return held


async def until_admitted(database: Database) -> None:
    """Wait while the machine is fenced. A copy that asked a channel for its messages would take them away from the original."""
    while True:
        beat()
        async with database.read() as store:
            if await fenced_why(store) is None:
                return
        await asyncio.sleep(LOOK)


def when_admitted(database: Database, run: Run) -> Run:
    """A loop that waits while the machine is fenced."""

    async def admitted() -> None:
        await until_admitted(database)
        await run()

    return admitted


async def count(home: Path, database: Database, at: datetime) -> None:
    """Between starts: a database that is put back to an earlier hour shows at the next start."""
    async with database.one_at_a_time():
        mark = Mark.read(home)
        if mark is not None:
            await _count(home, database, Mark(mark.instance, mark.counter, mark.coming + 1, mark.place), None, at)


async def _count(home: Path, database: Database, mark: Mark, why: str | None, at: datetime) -> str | None:
    async def work(store: Store) -> str | None:
        row = await installation(store) or Installation(instance=mark.instance)
        row.counter = mark.coming
        store.add(row)
        if why is not None:
            await fence(store, row, why, at)
        return row.fenced_why

    mark.write(home)
    held = await database.write(work)
    Mark(mark.instance, mark.coming, mark.coming, mark.place).write(home)
    return held


async def fence(store: Store, row: Installation, why: str, at: datetime) -> None:
    """Hold everything back. What was queued the original may have sent: it is uncertain like after a crash (invariant 7)."""
    if not row.fence(why, at):
        return
    waiting = select(OutboxMessage).where(col(OutboxMessage.state).in_([OutboxState.QUEUED, OutboxState.SENDING]))
    for message in (await store.scalars(waiting)).all():
        outbox.uncertain(message, at)
    payload = json.dumps({"command": "fenced", "why": why})
    store.add(InboxMessage(channel="console", external_id=f"fenced-{uuid4().hex}", chat="console", payload=payload, received_at=at))
