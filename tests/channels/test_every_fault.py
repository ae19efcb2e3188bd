"""Every fault × every kind of message that goes out: served once, or said to be uncertain, or given up with its reason; nothing is lost.

All of them are under way at the same time, each in a chat of its own.
"""

# pyright: reportPrivateUsage=false
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from sqlmodel import col, select

from bot.outbox import MAX_ATTEMPTS
from bot.seeding import VALID
from handlers.contract import Choice
from models.messages.message import InboxMessage, OutboxMessage, OutboxState, Priority
from models.store import Store
from tests.botapi.faults import KINDS
from tests.channels.desk import account_of, file, queue, release, rows, words
from tests.channels.fates import AT_ONCE, LATE, PATIENCE, Fate, Fault
from tests.telegram_stage import TelegramStory, channel_of
from tests.transcript import JPEG, PDF

pytestmark = pytest.mark.asyncio(loop_scope="session")
FIRST = 20_000  # chats
LONG = "\n\n".join(f"Đoạn {number}. " + "Nội dung. " * 60 for number in range(12))  # two messages


@dataclass(frozen=True)
class Sort:
    """A kind of message."""

    method: str
    before: int = 0  # messages of it that arrive before the call that fails
    again: bool = False  # what is not taken goes in another way
    bulk: bool = False


SORTS: Mapping[str, Sort] = {
    "text": Sort("sendMessage"),
    "second part": Sort("sendMessage", before=1),
    "photo": Sort("sendPhoto", again=True),
    "voice": Sort("sendVoice", again=True),
    "document": Sort("sendDocument"),
    "known document": Sort("sendDocument", again=True),
    "release": Sort("sendMessage", bulk=True),
}


@dataclass(frozen=True)
class Met:
    """What became of a message: how its row ended, how many messages arrived, after how many attempts, whether its words say that it
    may have come before, what came back to the machine.
    """

    state: OutboxState
    arrived: int
    attempts: int
    marked: bool
    failures: Sequence[str]


def expected(sort: Sort, fate: Fate) -> Met:
    """What must become of it."""
    part, whole = sort.before, sort.before + 1
    match fate:
        case Fate.FINE | Fate.REFUSED:
            return Met(OutboxState.SENT, whole, 1 if fate is Fate.FINE else 2, False, [])
        case Fate.WRONG if sort.again:
            return Met(OutboxState.SENT, whole, 1, False, [])
        case Fate.CUT | Fate.ACCEPTED:
            first = whole if fate is Fate.ACCEPTED else part
            if sort.bulk:  # an officer decides: nobody gets a release twice by itself
                return Met(OutboxState.UNCERTAIN, first, 1, False, ["uncertain"])
            return Met(OutboxState.SENT, first + whole, 2, sort.method == "sendMessage", ["uncertain"])
        case Fate.GONE | Fate.WRONG:
            return Met(OutboxState.FAILED, part, 1, False, ["unreachable" if fate is Fate.GONE else "rejected"])


class Play:
    """Every pair of a fault and a kind, each with a chat and a row of its own."""

    def __init__(self, desk: TelegramStory) -> None:
        self.desk = desk
        self.chats = {pair: FIRST + n for n, pair in enumerate((name, fault) for fault in (*AT_ONCE, *LATE) for name in SORTS)}
        self.row: dict[tuple[str, Fault], int] = {}
        self.known, self.broadcast = "", 0

    async def begin(self) -> None:
        """A file that is known to Telegram, and a release."""
        self.known = await file(self.desk, PDF, "đã gửi.pdf")
        await queue(self.desk, await account_of(self.desk, FIRST - 1), words("x", files=(self.known,)))
        await self.desk.app.settle()
        self.broadcast = await self.desk.app.machine.database.write(lambda store: release(store, self.desk.time()))

    async def put(self, faults: Sequence[Fault]) -> None:
        """Queue the messages of these faults, order the faults, and let the machine try once."""
        await self.desk.server.crowd(FIRST, len(self.chats))
        orders: list[dict[str, Any]] = []
        for (name, fault), chat in self.chats.items():
            if fault in faults:
                self.row[name, fault] = await self._queued(name, chat)
                sort = SORTS[name]
                orders.append({"kind": fault.kind, "method": sort.method, "chat": chat, "times": 1, "skip": sort.before, **fault.order})
        await self.desk.server.control("faults", orders=orders)
        for sender in self.desk.app.senders:
            await sender.drain()
        told = await self.desk.server.control("faults", clear=True)
        assert told["orders"] == []

    async def _queued(self, name: str, chat: int) -> int:
        account = await account_of(self.desk, chat)
        match name:
            case "text":
                screen = words("Một câu", Choice.of("choice.plain", "start.help", text="Chọn"))
            case "photo" | "voice" | "document":
                content = {"photo": JPEG, "voice": b"OggS" + b"\x00" * 60, "document": PDF}[name]
                screen = words("x", files=(await file(self.desk, content, f"{name}-{chat}"),))
            case "known document":
                screen = words("x", files=(self.known,))
            case _:
                screen = words("Thông cáo")
        more: dict[str, Any] = {"broadcast_id": self.broadcast, "priority": Priority.BULK} if name == "release" else {}
        made = await queue(self.desk, account, screen, **more)
        if name == "second part":  # as a text many share: it is split when it is sent
            await self.desk.app.machine.database.write(lambda store: lengthened(store, made[0]))
        return made[0]

    async def end(self) -> None:
        """Let time pass until nothing is left to do."""
        for _ in range(4):
            self.desk.time.moment += VALID / 1000
            await self.desk.app.settle()

    async def met(self) -> dict[tuple[str, Fault], Met]:
        """What became of every message."""
        found = {row.id: row for row in await rows(self.desk, *self.row.values())}
        calls = [line for line in await self.desk.server.record() if line["ok"] and "message_id" in line]
        arrived = Counter((line["chat"], line["method"] == "sendMessage") for line in calls)
        marked = {line["chat"] for line in calls if line["parameters"].get("text", "").startswith("(gửi lại)")}
        async with self.desk.app.machine.database.read() as store:
            told = (await store.scalars(select(InboxMessage.payload).where(InboxMessage.channel == "sender"))).all()
        came_back = [json.loads(payload or "{}") for payload in told]
        met: dict[tuple[str, Fault], Met] = {}
        for pair, number in self.row.items():
            row, chat = found[number], self.chats[pair]
            count = arrived[chat, SORTS[pair[0]].method == "sendMessage"]  # of a file's screen only the file is looked at
            failures = [back["failure"] for back in came_back if back.get("outbox") == number and "failure" in back]
            met[pair] = Met(row.state, count, row.attempts, chat in marked, failures)
            assert row.state is OutboxState.SENT or (row.problem and self.desk.server.token not in row.problem)
        return met


async def lengthened(store: Store, row: int) -> None:
    """Make a row's text longer than a message."""
    (await store.get_one(OutboxMessage, row)).text = LONG


async def test_every_fault_for_every_kind_of_message(desk: TelegramStory, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was surely not accepted goes again, what perhaps was is marked or waits for an officer, what was refused says why."""
    assert {fault.kind for fault in (*AT_ONCE, *LATE)} == set(KINDS)
    play = Play(desk)
    await play.begin()
    await play.put(AT_ONCE)
    with monkeypatch.context() as impatient:
        impatient.setattr("bot.channels.telegram.request.UPLOAD", PATIENCE)
        impatient.setattr(channel_of(desk.app).requests[0], "_patience", PATIENCE)
        await play.put(LATE)
    await play.end()
    met = await play.met()
    wrong = {f"{name} × {fault}": (became, expected(SORTS[name], fault.fate)) for (name, fault), became in met.items()}
    assert {what: pair for what, pair in wrong.items() if pair[0] != pair[1]} == {}
    assert len(met) == len(SORTS) * (len(AT_ONCE) + len(LATE))
    await goes_on(desk)


async def goes_on(desk: TelegramStory) -> None:
    """Nothing stands in the way of the next message."""
    (row,) = await queue(desk, await account_of(desk, FIRST - 2), words("Vẫn còn đây"))
    await desk.app.settle()
    assert [(found.state, found.attempts) for found in await rows(desk, row)] == [(OutboxState.SENT, 1)]


async def tried(store: Store, row: int, times: int) -> None:
    """As after a night: so many attempts have failed."""
    (await store.get_one(OutboxMessage, row)).attempts = times


ENDLESS = [
    # fault, how the row ends, after how many attempts, what came back
    ("bad_gateway", OutboxState.FAILED, MAX_ATTEMPTS, "given_up"),
    ("reset_after", OutboxState.UNCERTAIN, 3, "uncertain"),
    ("invalid_json", OutboxState.UNCERTAIN, 3, "uncertain"),
]


async def test_a_fault_without_end_is_given_up_and_said(desk: TelegramStory) -> None:
    """Not for ever, and not in silence; other chats are served meanwhile."""
    made: list[int] = []
    for number, (kind, *_, failure) in enumerate(ENDLESS):
        made += await queue(desk, await account_of(desk, FIRST + number), words("Một câu"))
        if failure == "given_up":
            await desk.app.machine.database.write(lambda store, row=made[-1]: tried(store, row, MAX_ATTEMPTS - 3))
        await desk.server.fault(kind, "sendMessage", chat=FIRST + number)
    for _ in range(4):
        await desk.app.settle()
        desk.time.moment += VALID / 100
    ended = await rows(desk, *made)
    assert [(row.state, row.attempts) for row in ended] == [(state, attempts) for _, state, attempts, _ in ENDLESS]
    async with desk.app.machine.database.read() as store:
        query = select(InboxMessage.payload).where(InboxMessage.channel == "sender").order_by(col(InboxMessage.id).desc())
        told = [json.loads(payload or "{}") for payload in (await store.scalars(query)).all()]
    last = {back["outbox"]: back["failure"] for back in reversed(told)}
    assert [last[row] for row in made] == [failure for *_, failure in ENDLESS]
    await goes_on(desk)
