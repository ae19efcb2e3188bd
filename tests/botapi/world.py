"""The world behind the bot: chats and who may be written to, messages in their latest state, files, callback queries."""

import asyncio
import secrets
import time
from dataclasses import dataclass, field

from tests.botapi.common import Json, Refused
from tests.botapi.files import Files

TWO_DAYS = 48 * 3600


@dataclass(slots=True)
class Message:
    """One message as it looks now."""

    body: Json
    from_bot: bool
    change: int  # the world's count when it last changed
    edits: int = 0
    deleted: bool = False

    @property
    def id(self) -> int:
        """Its number in its chat."""
        return self.body["message_id"]


@dataclass(slots=True)
class Chat:
    """A conversation: private if its number is positive."""

    body: Json
    started: bool = False
    blocked: bool = False
    migrated_to: int | None = None
    title_of_bot: str = "member"
    messages: dict[int, Message] = field(default_factory=dict[int, Message])
    received: int = 0
    keyboard: Json | None = None  # the reply keyboard in force
    last_id: int = 0
    waiting: list[asyncio.Future[None]] = field(default_factory=list[asyncio.Future[None]])

    @property
    def id(self) -> int:
        """Its number."""
        return self.body["id"]

    @property
    def private(self) -> bool:
        """Whether one person is on the other side."""
        return self.body["type"] == "private"

    def refuse_if_closed(self) -> None:
        """The bot may write only where it was let in."""
        if self.migrated_to is not None:
            raise Refused("group chat was upgraded to a supergroup chat", migrate_to_chat_id=self.migrated_to)
        if self.blocked:
            raise Refused("bot was blocked by the user" if self.private else f"bot was kicked from the {self.body['type']} chat", 403)
        if self.private and not self.started:
            raise Refused("bot can't initiate conversation with a user", 403)


@dataclass(slots=True)
class Tap:
    """A callback query that waits for its answer."""

    id: str
    chat: int
    at: float
    answer: Json | None = None
    answered: asyncio.Event = field(default_factory=asyncio.Event)


class World:
    """Everything the bot can reach."""

    def __init__(self, files: Files, bot: Json, callback_seconds: float) -> None:
        self.files, self.bot, self.callback_seconds = files, bot, callback_seconds
        self.chats: dict[int, Chat] = {}
        self.people: dict[int, Json] = {}
        self.names: dict[str, int] = {}
        self.taps: dict[str, Tap] = {}
        self.changes = 0
        self.last_id = 0
        self.profile: dict[str, Json] = {}

    def add_chat(self, body: Json) -> Chat:
        """Know a chat; what was known about it stays."""
        chat = self.chats.get(body["id"])
        if chat is None:
            chat = self.chats[body["id"]] = Chat(body)
        else:
            chat.body |= body
        if "username" in body:
            self.names["@" + body["username"].lower()] = body["id"]
        return chat

    def find(self, reference: int | str) -> Chat:
        """The chat a bot names by number or @username."""
        if isinstance(reference, str):
            number = int(reference) if reference.lstrip("-").isdecimal() else self.names.get(reference.lower(), 0)
            chat = self.chats.get(number)
            if chat is not None and chat.private and number != 0 and reference.startswith("@"):
                chat = None  # people cannot be addressed by name
        else:
            chat = self.chats.get(reference)
        if chat is None:
            raise Refused("chat not found")
        return chat

    def open(self, reference: int | str) -> Chat:
        """The chat, if the bot may write there."""
        chat = self.find(reference)
        if chat.blocked or chat.migrated_to is not None or not chat.started:
            chat.refuse_if_closed()
        return chat

    def next_id(self, chat: Chat) -> int:
        """Supergroups and channels count for themselves; everything else shares one count."""
        if chat.body["type"] in {"supergroup", "channel"}:
            chat.last_id += 1
            return chat.last_id
        self.last_id += 1
        return self.last_id

    def put(self, chat: Chat, content: Json, sender: Json | None, *, date: int | None = None) -> Message:
        """A new message in a chat."""
        body: Json = {"message_id": self.next_id(chat)}
        if sender is not None:
            body["from"] = sender
        if chat.body["type"] == "channel":
            body.pop("from", None)
            body["sender_chat"] = chat.body
        body["chat"] = chat.body
        body["date"] = date or int(time.time())
        body.update(content)
        self.changes += 1
        message = chat.messages[body["message_id"]] = Message(body, from_bot=sender is self.bot, change=self.changes)
        if message.from_bot:
            chat.received += 1
            self.wake(chat)
        return message

    def changed(self, chat: Chat, message: Message) -> None:
        """A message looks different now."""
        self.changes += 1
        message.change = self.changes
        message.edits += 1
        self.wake(chat)

    def wake(self, chat: Chat) -> None:
        """Tell those who wait for something in this chat."""
        if chat.waiting:
            for future in chat.waiting:
                if not future.done():
                    future.set_result(None)
            chat.waiting.clear()

    def message(self, chat: Chat, number: int, refusal: str) -> Message:
        """An existing message, or the refusal."""
        message = chat.messages.get(number)
        if message is None or message.deleted:
            raise Refused(refusal)
        return message

    def new_tap(self, chat: int) -> Tap:
        """A callback query nobody has answered yet."""
        tap = Tap(str(secrets.randbits(62) + 1), chat, time.monotonic())
        self.taps[tap.id] = tap
        return tap

    def answer(self, number: str, answer: Json) -> Tap:
        """Answer a callback query: once, and in time."""
        tap = self.taps.get(number)
        if tap is None or tap.answer is not None or time.monotonic() - tap.at > self.callback_seconds:
            raise Refused("query is too old and response timeout expired or query ID is invalid")
        tap.answer = answer
        tap.answered.set()
        return tap
