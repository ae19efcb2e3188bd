"""`kill -9` at random moments of a running story: nothing lost, nothing doubled, the chain verifies."""

import hashlib
import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from bot.control import ask
from bot.database import Database
from bot.settings import Settings
from bot.storage.occupancy import Lock
from bot.story import Cast
from bot.web.seat import Session
from models.evidence.exchange import ExchangeEntry
from models.evidence.verification import verify
from models.messages.message import InboxMessage, InboxState, OutboxMessage, OutboxState, TimelineEvent
from tests.botapi.client import TelegramServer
from tests.discretion import discreet
from tests.e2e.broadcasting import WORDS, Telegram
from tests.transcript import ASK, REGISTER, VERIFY, office, play
from tests.waiting import until, until_seen

TOKEN = "story-of-a-reporter-who-never-stops"
KILLS = (pytest.param(5, marks=pytest.mark.timeout(300)), pytest.param(100, marks=[pytest.mark.soak, pytest.mark.timeout(3600)]))
SEED = int(os.environ.get("PHATNGON_TEST_SEED", "20261122"))


class Server:
    """The nursery and its present life."""

    def __init__(self, home: Path, port: int, url: str, environment: Mapping[str, str]) -> None:
        command = [sys.executable, "-m", "tests.e2e.nursery", str(home), str(port), url]
        self.log = (home.parent / "server.log").open("w")
        self.nursery = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
            start_new_session=True,
            env=os.environ | environment,
        )
        self.port = port

    def _say(self, word: str) -> int:
        assert self.nursery.stdin is not None
        assert self.nursery.stdout is not None
        self.nursery.stdin.write(f"{word}\n")
        self.nursery.stdin.flush()
        return int(self.nursery.stdout.readline())

    def start(self) -> int:
        """A new life; returns once it serves."""
        child = self._say("start")
        until_seen(self._ready, "the server comes up", 60)
        return child

    def _ready(self) -> bool:
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)) as connection:
                connection.request("GET", "/readyz")
                return connection.getresponse().status == 200
        except OSError:
            return False

    def reap(self) -> int:
        """Wait for the life that was ended; its exit code."""
        return self._say("wait")

    def close(self) -> None:
        """No more lives."""
        os.killpg(self.nursery.pid, signal.SIGKILL)  # the life with its nursery
        self.nursery.wait()
        for pipe in (self.nursery.stdin, self.nursery.stdout):
            if pipe is not None:
                pipe.close()
        self.log.close()


class Reporter:
    """A browser that says one thing after another, and says it again under the same id until it is acknowledged."""

    def __init__(self, port: int, code: str) -> None:
        self.session = Session(TOKEN)
        self.port, self.code = port, code
        self.number = 0
        self.acknowledged: list[str] = []

    def say(self) -> None:
        """The next addition to the case; raises OSError when the server dies meanwhile."""
        key = f"add{self.number:017x}"
        body = json.dumps({"id": key, "kind": "text", "text": f"{self.code} bổ sung số {self.number}"})
        headers = {
            "cookie": f"phatngon={TOKEN}",
            "x-phatngon-token": self.session.csrf,
            "origin": f"http://127.0.0.1:{self.port}",
            "content-type": "application/json",
        }
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)) as connection:
            try:
                connection.request("POST", "/chat/send", body.encode(), headers)
                status = connection.getresponse().status
            except http.client.HTTPException as error:
                raise OSError(str(error)) from error
        assert status == 200, status
        self.acknowledged.append(key)
        self.number += 1


@pytest.mark.parametrize("kills", KILLS)
async def test_kills_lose_and_double_nothing(tmp_path: Path, database_url: str, kills: int) -> None:
    """Lives end by kill -9 while a reporter keeps adding to a case, people write in Telegram and a release goes out to many; the last
    one settles everything.
    """
    home = tmp_path / "home"
    code = await prepared(home, database_url)
    print(f"seed {SEED}")
    database = Database(database_url or f"sqlite+aiosqlite:///{home / 'phatngon.db'}")
    try:
        async with TelegramServer(tmp_path / "botapi") as outside:
            telegram, reporter = Telegram(outside, database, kills), Reporter(free_port(), code)
            await telegram.begin()
            await lives(home, database_url, kills, reporter, telegram)
            await telegram.examine()
        assert reporter.number > kills / 2  # a life under load may be too short for a word
        await examine(home, database, reporter)
    finally:
        await database.dispose()
    discreet((tmp_path / "server.log").read_text("utf-8"), [WORDS, "bổ sung số"])


async def lives(home: Path, url: str, kills: int, reporter: Reporter, telegram: Telegram) -> None:
    """Life after life, each with something to do."""
    server, dice = Server(home, reporter.port, url, telegram.environment), random.Random(SEED)
    try:
        for _ in range(kills):
            await telegram.more()
            child = server.start()
            kill = threading.Timer(dice.uniform(0.02, 1.0 if url else 0.5), os.kill, (child, signal.SIGKILL))
            kill.start()
            try:
                while True:
                    reporter.say()
            except OSError:
                kill.join()
            assert server.reap() == -signal.SIGKILL
            await telegram.killed()
        await telegram.more()
        child = server.start()
        reporter.say()
        await telegram.server.drained()
        await settled(telegram.database)
        os.kill(child, signal.SIGTERM)
        assert server.reap() == 0
    finally:
        server.close()


async def prepared(home: Path, url: str) -> str:
    """An office with a verified reporter whose chat is the token's, and a case; returns its code."""
    async with office(home, database_url=url, at=datetime.now(UTC) - timedelta(hours=1)) as story:  # the server reads the real clock
        story.cast["phóng viên"] = Cast("phóng viên", hashlib.sha256(TOKEN.encode()).hexdigest())
        await play(story, REGISTER, VERIFY, ASK)
    await ask(
        Settings(home=home, database_url=url), {"command": "unfence"}
    )  # the office was copied from a template, which a machine notices
    return story.codes["$YC"]


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def settled(database: Database) -> None:
    """Until the running server has nothing left to do."""

    async def idle() -> bool:
        async with database.read() as store:
            waiting = (await store.scalars(select(InboxMessage.id).where(InboxMessage.state == InboxState.READY).limit(1))).first()
            unsent = (await store.scalars(select(OutboxMessage.id).where(OutboxMessage.state == OutboxState.QUEUED).limit(1))).first()
        return waiting is None and unsent is None

    await until(idle, "the server finishes its work", 60)


async def examine(home: Path, database: Database, reporter: Reporter) -> None:
    """Everything acknowledged is there once, handled once, answered once; the chain verifies."""
    lock = Lock(home)
    lock.take()  # the dead have given it back
    lock.give_back()
    async with database.read() as store:
        received = (await store.scalars(select(InboxMessage).where(col(InboxMessage.message_key).like("add00000%")))).all()
        keys = Counter(row.message_key for row in received)
        assert set(keys) >= set(reporter.acknowledged)
        assert max(keys.values()) == 1
        assert {row.state for row in received} == {InboxState.DONE}
        ids = {row.id for row in received}
        entries = (await store.scalars(select(ExchangeEntry.cause_id).where(ExchangeEntry.action == "inquiry.followed_up"))).all()
        assert Counter(entries) == Counter(ids)
        told = (await store.scalars(select(OutboxMessage).where(col(OutboxMessage.cause_id).in_(ids)))).all()
        assert {row.state for row in told} == {OutboxState.SENT}
        assert Counter(row.cause_id for row in told) == Counter(dict.fromkeys(ids, 2))  # the receipt, and the unit's notice
        shown = (await store.scalars(select(TimelineEvent.outbox_id).where(col(TimelineEvent.outbox_id).is_not(None)))).all()
        assert max(Counter(shown).values()) == 1
        report = await verify(store)
        assert report.problem is None
