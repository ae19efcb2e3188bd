"""Stories: conversations as a press officer could read them, played against the real machine.

The same language serves the demo and the tests (`tests/transcript.py`)::

    # a comment
    phóng viên > Tôi muốn hỏi về vụ ngộ độc        somebody writes
    phóng viên > [Gửi]                             … taps a choice of their newest menu that has it
    phóng viên > {anh.jpg} Ảnh tại hiện trường     … with files
    phóng viên ^ đã tiếp nhận > Bổ sung một ý      … in reply to their newest message that says so
    phóng viên ~ ngộ độc > Tôi muốn hỏi lại …      … edits what they said
    phóng viên < đã tiếp nhận | mã YC-             the bot says this to them, next or later; `|` separates parts
    phóng viên < (không có gì)                     … and nothing more
    +31s                                           time passes (s, m, h, d); alarms ring

`$YC`, `$VV`, `$TC` and `$MA` stand for the newest inquiry code, matter code, release code and one-time code anybody was shown;
`$NĂM` for the year after the story's own, for dates that must not have passed.
"""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, select

from bot.app import App
from bot.channels.base import Arrival, numbered
from bot.channels.web import NAME as WEB
from bot.channels.web import said
from bot.inbox import keep
from models import codes
from models.evidence.item import Item
from models.messages.message import InboxMessage, InboxState, OutboxMessage
from models.people.person import Account
from models.store import Store
from models.text import fold

NOTHING = "(không có gì)"
_LINE = re.compile(r"^(?P<who>[^<>^~]+?)\s*(?:(?P<how>[\^~])\s*(?P<target>.*?)\s*)?(?P<way>[<>])\s?(?P<what>.*)$")
_WAIT = re.compile(r"^\+(\d+)([smhd])$")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_CODES = {
    "$YC": re.compile(r"\bYC-[0-9A-Z]{7}\b"),
    "$VV": re.compile(r"\bVV-[0-9A-Z]{7}\b"),
    "$TC": re.compile(r"\bTC-[0-9A-Z]{7}\b"),
    "$MA": re.compile(r"\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){2}\b"),
}


class StoryError(AssertionError):
    """The story went another way than it is told; says where, and what was said instead."""


class Timepiece:
    """A clock a story moves."""

    def __init__(self, start: datetime) -> None:
        self.moment = start

    def __call__(self) -> datetime:
        """Now."""
        return self.moment


@dataclass
class Told:
    """One message a person got."""

    text: str
    choices: Sequence[dict[str, str]]
    files: Sequence[str]
    key: str | None


@dataclass
class Cast:
    """One person in the story, on one chat."""

    name: str
    chat: str
    channel: str = WEB
    told: list[Told] = field(default_factory=list[Told])
    said: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])  # key, text
    seen: int = 0  # how many messages the story has spoken of
    last: int = 0  # the newest outbox row taken over


class Story:
    """Plays lines on an app whose time is a `Timepiece`; new people come by `channel`.

    Another stage overrides how people put things in (`_put`, `_file`), how they are handled (`_settle`) and where they are
    read (`_read`).
    """

    def __init__(
        self,
        app: App,
        time: Timepiece,
        files: Callable[[str], bytes],
        show: Callable[[str], None] = lambda _line: None,
        *,
        cast: dict[str, Cast] | None = None,
        codes: dict[str, str] | None = None,
        channel: str = WEB,
    ) -> None:
        self.app = app
        self.time = time
        self.files = files
        self.show = show
        self.cast = cast or {}
        self.codes = {**codes} if codes else {}
        self.channel = channel

    async def play(self, lines: Iterable[str]) -> None:
        """Play a whole story."""
        for number, line in enumerate(lines, 1):
            try:
                await self.line(line.strip())
            except StoryError as error:
                raise StoryError(f"line {number}: {line.strip()}\n{error}") from None

    async def line(self, line: str) -> None:
        """Play one line."""
        if not line or line.startswith("#"):
            self.show(line)
            return
        if wait := _WAIT.match(line):
            await self.wait(timedelta(**{_UNITS[wait[2]]: int(wait[1])}))
            self.show(f"⏱ {line}")
            return
        match = _LINE.match(line)
        if match is None:
            raise StoryError("this is no line of a story")
        who, what = self.person(match["who"].strip()), self._filled(match["what"])
        if match["way"] == "<":
            self.expect(who, what)
        elif match["how"] == "~":
            await self.edit(who, self._filled(match["target"]), what)
        else:
            await self.say(who, what, self._filled(match["target"]) if match["how"] else None)

    def person(self, name: str) -> Cast:
        """The person of that name; a new name is a new visitor."""
        return self.cast.setdefault(name, Cast(name, f"story-{fold(name).replace(' ', '-')}", self.channel))

    async def wait(self, span: timedelta) -> None:
        """Let time pass; whatever is due happens."""
        self.time.moment += span
        await self._settle()

    async def say(self, who: Cast, what: str, reply_to: str | None = None) -> None:
        """Write, tap or send files."""
        names = re.findall(r"\{([^{}]+\.[a-z0-9]+)\}", what)
        text = re.sub(r"\{([^{}]+\.[a-z0-9]+)\}", "", what).strip()
        payload: dict[str, Any] = {"kind": "text", "text": text}
        if text.startswith("[") and text.endswith("]"):
            payload = {"kind": "choice", "choice": self._choice(who, text[1:-1])}
        if names:
            payload["files"] = [await self._file(who, name) for name in names]
        if reply_to is not None:
            payload["reply_to"] = self._told(who, reply_to).key
        self.show(f"{who.name} > {what}")
        await self._put(who, payload, text)

    async def edit(self, who: Cast, target: str, what: str) -> None:
        """Say an earlier message differently."""
        key = next((key for key, text in reversed(who.said) if target in text), None)
        if key is None:
            raise StoryError(f"{who.name} never said “{target}”")
        self.show(f"{who.name} ~ {what}")
        await self._put(who, {"kind": "edit", "text": what, "edits": key}, what)

    def expect(self, who: Cast, what: str) -> None:
        """The bot said this, in a message the story has not spoken of yet."""
        fresh = who.told[who.seen :]
        if what == NOTHING:
            if fresh:
                raise StoryError(f"{who.name} was told something:\n{_listed(fresh)}")
            return
        wanted = [part.strip() for part in what.split("|")]
        for number, message in enumerate(fresh):
            if all(part in _shown(message) for part in wanted):
                who.seen += number + 1
                return
        raise StoryError(f"{who.name} was not told “{what}”, but:\n{_listed(fresh) or NOTHING}")

    def _choice(self, who: Cast, label: str) -> str:
        for message in reversed(who.told):
            for choice in message.choices:
                if choice["label"] == label:
                    return choice["action"]
        raise StoryError(f"{who.name} has no choice “{label}”; newest:\n{_listed(who.told[-2:])}")

    def _told(self, who: Cast, part: str) -> Told:
        found = next((m for m in reversed(who.told) if part in m.text), None)
        if found is None:
            raise StoryError(f"{who.name} was never told “{part}”")
        return found

    def _filled(self, text: str) -> str:
        for name, code in self.codes.items():
            text = text.replace(name, code)
        return text.replace("$NĂM", str(self.time().year + 1))

    async def _file(self, who: Cast, name: str) -> str:
        attachment = await keep(self.app.machine, self.files(name), name)

        async def work(store: Store) -> None:
            account = await store.scalar(select(Account.id).where(Account.external_id == who.chat))
            attachment.account_id = account
            store.add(attachment)

        await self.app.machine.database.write(work)
        return attachment.id

    async def _put(self, who: Cast, payload: dict[str, Any], text: str) -> None:
        key = f"{who.chat}-{len(who.said) + 1}"
        who.said.append((key, text))
        who.seen = len(who.told)
        arrival = Arrival(who.channel, key, who.chat, json.dumps(payload), message_key=key)
        await self.app.inbox.put([arrival], also=said if who.channel == WEB else None)
        await self._settle()

    async def _settle(self) -> None:
        await self.app.settle()
        await self._read()

    async def _read(self) -> None:
        """Take over what everybody was told since; on another channel, from where people see it."""
        async with self.app.machine.database.read() as store:
            await self._nothing_aside(store)
            for who in self.cast.values():
                query = (
                    select(OutboxMessage)
                    .join(Account, col(Account.id) == col(OutboxMessage.account_id))
                    .where(Account.external_id == who.chat, col(OutboxMessage.id) > who.last, col(OutboxMessage.message_key).is_not(None))
                    .order_by(col(OutboxMessage.id))
                )
                for row in (await store.scalars(query)).all():
                    who.last = row.id or 0
                    await self._tell(store, who, row)

    async def _tell(self, store: Store, who: Cast, row: OutboxMessage) -> None:
        text = row.text if row.text is not None else await _shared(store, row)
        message = Told(text, row.choices or [], row.files or [], row.message_key)
        if not self.app.machine.channels[who.channel].capabilities.buttons:
            message = replace(message, text=numbered(text, message.choices), choices=[])
        self._take(who, message)

    async def _nothing_aside(self, store: Store) -> None:
        aside = await store.scalar(select(InboxMessage.problem).where(InboxMessage.state == InboxState.ASIDE).limit(1))
        if aside is not None:
            raise StoryError(f"a message was set aside:\n{aside}")

    def _take(self, who: Cast, message: Told) -> None:
        who.told.append(message)
        for name, pattern in _CODES.items():
            for code in pattern.findall(message.text):
                if name == "$MA" or codes.find(code):  # an example in a hint is no code
                    self.codes[name] = code
        self.show(f"bot → {who.name}:\n" + "\n".join(f"    {line}" for line in _shown(message).split("\n")))


async def _shared(store: Store, row: OutboxMessage) -> str:
    kept = await store.get(Item, row.item_digest)
    return str(kept) if kept is not None else ""


def _shown(message: Told) -> str:
    """A message as a line of text, files and buttons."""
    files = f"\n({len(message.files)} tệp)" if message.files else ""
    buttons = "\n" + " ".join(f"[{choice['label']}]" for choice in message.choices) if message.choices else ""
    return f"{message.text}{files}{buttons}"


def _listed(messages: Sequence[Told]) -> str:
    return "\n---\n".join(_shown(m) for m in messages)
