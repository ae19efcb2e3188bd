"""The tests' side of the server, under /control/: POST a JSON object, get `{"ok": true, "result": …}`."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from inspect import isawaitable
from typing import Any

from aiohttp import web

from tests.botapi.common import Json, Refused
from tests.botapi.limits import Limits, model
from tests.botapi.people import People
from tests.botapi.server import Api
from tests.botapi.wire import Answer, dumps, parsed
from tests.botapi.world import Chat, Message

PATIENCE = 10.0
TICK = 0.01


class Control:
    """What tests may ask for, by name."""

    def __init__(self, api: Api) -> None:
        self.api = api
        people = ("person", "crowd", "group", "say", "album", "edit", "block", "migrate", "bulk")
        own: dict[str, Callable[[Json], Any]] = {
            "raw": lambda g: {"update_id": self.people.raw(g["update"]), "mark": self.api.world.changes},
            "unknown": self.unknown, "tap": self.tap, "answered": self.answered, "replay": self.replay,
            "chat": self.chat, "see": self.see, "wait": self.wait, "drained": self.drained, "accepted": self.accepted, "polling": self.polling,
            "faults": self.set_faults, "limits": self.set_limits, "reset": self.reset, "stats": self.stats, "flush": self.flush,
        }  # fmt: skip
        self.routes = own | {name: self.of_people(name) for name in people}

    @property
    def people(self) -> People:
        """The people of the present world."""
        return People(self.api.world, self.api.feed)

    def of_people(self, name: str) -> Callable[[Json], Any]:
        """A route to something people do, in the world as it is when they do it."""

        def route(given: Json) -> Any:
            return getattr(self.people, name)(given)

        return route

    async def handle(self, request: web.BaseRequest, path: str, query: str) -> web.StreamResponse:
        """One request of a test."""
        try:
            route = self.routes.get(path, self.missing)
            body = await request.read() if request.can_read_body else b""
            result = route(parsed(body) if body else {})
            if isawaitable(result):
                result = await result
        except Refused as refusal:
            return Answer(refusal.code, dumps(refusal.as_json()))
        except (KeyError, TypeError, ValueError) as error:
            return Answer(400, dumps({"ok": False, "error_code": 400, "description": f"{type(error).__name__}: {error}"}))
        return Answer(200, dumps({"ok": True, "result": result}))

    def missing(self, given: Json) -> None:
        """A control that does not exist."""
        raise Refused(f"no such control; there are {', '.join(sorted(self.routes))}", 404)

    async def until(self, chat: Chat, found: Callable[[], Any], patience: float) -> Any:
        """Wait for something to be found in a chat; None when time is up."""
        end = time.monotonic() + patience
        while not (result := found()):
            left = end - time.monotonic()
            if left <= 0:
                return None
            future = asyncio.get_running_loop().create_future()
            chat.waiting.append(future)
            with suppress(TimeoutError):
                await asyncio.wait_for(future, left)
        return result

    def looking(self, chat: Chat, after: int) -> list[Message]:
        """The bot's messages that came or changed after a mark, the newest first."""
        found = [m for m in reversed(chat.messages.values()) if m.from_bot and not m.deleted and m.change > after]
        return sorted(found, key=lambda m: m.change, reverse=True)

    async def see(self, given: Json) -> Json:
        """Wait for a message that contains all the words; say what is there instead if it does not come."""
        chat = self.api.world.find(given["chat"])
        words: list[str] = given.get("words", [])
        buttons = set(given.get("buttons", []))
        after = given.get("after", 0)

        def found() -> Message | None:
            for message in self.looking(chat, after):
                if all(word in shown(message) for word in words) and buttons <= set(labels(message)):
                    return message
            return None

        message: Message | None = await self.until(chat, found, given.get("timeout", PATIENCE))
        if message is None:
            there = [shown(m)[:200] for m in self.looking(chat, after)[:5]]
            raise Refused(f"chat {chat.id} does not see {words} {sorted(buttons) or ''} after {after}; newest first: {there}", 408)
        return seen(message)

    async def tap(self, given: Json) -> Json:
        """Tap the newest button with this label (waiting for it), or one of a given message, or plain data on an old menu."""
        chat = self.api.world.find(given["chat"])
        if "data" in given:
            message = self.api.world.message(chat, given["message_id"], "message not found")
            return self.people.tap(given, message, given["data"])
        label: str = given["label"]

        def found() -> tuple[Message, Json] | str | None:
            for message in self.looking(chat, 0):
                if given.get("message_id", message.id) == message.id:
                    for button in buttons_of(message):
                        if label in button["text"]:
                            return message, button
            rows: list[list[Json]] = (chat.keyboard or {}).get("keyboard", [])
            return next((button["text"] for row in rows for button in row if label in button["text"]), None)

        hit = await self.until(chat, found, given.get("timeout", PATIENCE))
        if hit is None:
            there = [labels(m) for m in self.looking(chat, 0)[:5]]
            raise Refused(f"chat {chat.id} has no button {label!r}; newest first: {there}", 408)
        if isinstance(hit, str):
            return self.people.say({"chat": chat.id, "text": hit} | ({"sender": given["sender"]} if "sender" in given else {}))
        message, button = hit
        if "callback_data" not in button:
            return {"url": button.get("url", ""), "mark": self.api.world.changes}
        return self.people.tap(given, message, button["callback_data"])

    async def answered(self, given: Json) -> Json:
        """Wait until a tap was answered."""
        tap = self.api.world.taps[given["callback_query_id"]]
        try:
            await asyncio.wait_for(tap.answered.wait(), given.get("timeout", PATIENCE))
        except TimeoutError:
            raise Refused("the tap was not answered", 408) from None
        return tap.answer or {}

    def chat(self, given: Json) -> Json:
        """What stands in a chat now."""
        chat = self.api.world.find(given["chat"])
        state = {"started": chat.started, "blocked": chat.blocked, "received": chat.received, "keyboard": chat.keyboard}
        return state | {"chat": chat.body, "messages": [seen(m) for m in chat.messages.values()]}

    async def wait(self, given: Json) -> Json:
        """Wait until a chat has received so many messages."""
        chat = self.api.world.find(given["chat"])
        await self.until(chat, lambda: chat.received >= given["messages"], given.get("timeout", PATIENCE))
        if chat.received < given["messages"]:
            raise Refused(f"chat {chat.id} has received {chat.received} of {given['messages']}", 408)
        return {"received": chat.received}

    async def drained(self, given: Json) -> Json:
        """Wait until every update was confirmed."""
        feed = self.api.feed
        if feed.waiting:
            future = asyncio.get_running_loop().create_future()
            feed.watchers.append(future)
            try:
                await asyncio.wait_for(future, given.get("timeout", PATIENCE))
            except TimeoutError:
                raise Refused(f"{len(feed.waiting)} updates are not confirmed", 408) from None
        return {"confirmed": feed.confirmed}

    async def accepted(self, given: Json) -> Json:
        """Wait until so many calls of a method were accepted since the world began."""
        counts, end = self.api.record.accepted, time.monotonic() + given.get("timeout", PATIENCE)
        while counts.get(given["method"], 0) < given["count"]:
            if time.monotonic() > end:
                raise Refused(f"accepted {counts.get(given['method'], 0)} of {given['count']}", 408)
            await asyncio.sleep(TICK)
        return {"count": counts[given["method"]]}

    async def polling(self, given: Json) -> Json:
        """Wait until the bot hangs in a long poll."""
        end = time.monotonic() + given.get("timeout", PATIENCE)
        while self.api.feed.poll is None or self.api.feed.poll.done():
            if time.monotonic() > end:
                raise Refused("nobody polls", 408)
            await asyncio.sleep(TICK)
        return {"polls": self.api.feed.polls}

    def unknown(self, given: Json) -> Json:
        """An update of a kind that does not exist yet."""
        return {
            "update_id": self.api.feed.add({given.get("kind", "telepathy"): given.get("body", {"id": "1"})}),
            "mark": self.api.world.changes,
        }

    def replay(self, given: Json) -> Json:
        """Deliver old updates again, in the order given."""
        for number in given["update_ids"]:
            self.api.feed.replay(number)
        return {}

    def set_faults(self, given: Json) -> Json:
        """Order faults; `clear` first, if asked."""
        faults = self.api.faults
        if given.get("clear"):
            faults.orders.clear()
        for order in given.get("orders", []):
            faults.order(order)
        return {"seed": faults.seed, "orders": [{"kind": f.kind, "method": f.method, "happened": f.happened} for f in faults.orders]}

    def set_limits(self, given: Json) -> Json:
        """Choose the limit model and the limits per chat; everything starts afresh."""
        overall = model(given.get("model", "none"), given.get("rate", 30.0))
        self.api.limits = Limits(overall, given.get("per_private", 0.0), given.get("per_group", 0))
        return {}

    async def reset(self, given: Json) -> Json:
        """An empty world; the record goes on."""
        await self.api.reset()
        return self.flush({})

    def stats(self, given: Json) -> Json:
        """Counts."""
        api = self.api
        counts = {"accepted": api.record.accepted, "refused": api.record.refused, "limited": api.limits.refused, "n": api.number}
        feed = {"pending": len(api.feed.waiting), "confirmed": api.feed.confirmed, "polls": api.feed.polls, "pushed": api.hook.pushed}
        return counts | feed | {"t": time.monotonic(), "profile": api.world.profile, "known": len(api.world.chats)}

    def flush(self, given: Json) -> Json:
        """Write the record; where it is, and its last number."""
        self.api.record.flush()
        return {"path": str(self.api.record.path or ""), "n": self.api.number}


def shown(message: Message) -> str:
    """The text people see."""
    document: Json = message.body.get("document", {})
    return f"{message.body.get('text', '')}{message.body.get('caption', '')} {document.get('file_name', '')}".strip()


def buttons_of(message: Message) -> list[Json]:
    """The buttons under a message."""
    rows: list[list[Json]] = message.body.get("reply_markup", {}).get("inline_keyboard", [])
    return [button for row in rows for button in row]


def labels(message: Message) -> list[str]:
    """What stands on the buttons."""
    return [button["text"] for button in buttons_of(message)]


def seen(message: Message) -> Json:
    """A message as tests get it."""
    state = {"change": message.change, "edits": message.edits, "deleted": message.deleted, "from_bot": message.from_bot}
    return state | {"text": shown(message), "buttons": labels(message), "message": message.body}
