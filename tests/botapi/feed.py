"""Updates on their way to the bot: kept until confirmed by an offset or acknowledged by the webhook."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress

from tests.botapi.common import Json, Refused
from tests.botapi.record import Record

# What a bot gets without asking; Telegram leaves these out unless they are named.
ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
HISTORY = 20_000
POLL = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
OTHER = "terminated by other getUpdates request; make sure that only one bot instance is running"


def kind_of(update: Json) -> str:
    """What an update is about: its only key beside its number."""
    return next((key for key in update if key != "update_id"), "")


class Feed:
    """The queue of updates, in the order of their numbers."""

    def __init__(self, record: Record, first: int) -> None:
        self.record = record
        self.next_id = first
        self.waiting: OrderedDict[int, Json] = OrderedDict()
        self.history: OrderedDict[int, Json] = OrderedDict()
        self.again: list[Json] = []
        self.allowed: frozenset[str] | None = None
        self.poll: asyncio.Future[None] | None = None
        self.polls = 0
        self.on_push: Callable[[Json], None] | None = None  # set while a webhook is
        self.confirmed = 0
        self.watchers: list[asyncio.Future[None]] = []

    def wants(self, kind: str) -> bool:
        """Whether the bot asked for this kind."""
        return kind not in ON_REQUEST if not self.allowed else kind in self.allowed or kind not in KNOWN

    def add(self, update: Json) -> int | None:
        """Queue an update; its number is given here unless it has one. None if the bot does not want it."""
        if not self.wants(kind_of(update)):
            return None
        number: int = update.setdefault("update_id", self.next_id)
        self.next_id = max(self.next_id, number + 1)
        self.waiting[number] = self.history[number] = update
        if len(self.history) > HISTORY:
            self.history.popitem(last=False)
        if self.record.path:
            self.record.add({"update": number, "t": time.monotonic(), "kind": kind_of(update)})
        self.announce(update)
        return number

    def announce(self, update: Json) -> None:
        """Wake the poll or the webhook."""
        if self.on_push:
            self.on_push(update)
        elif self.poll and not self.poll.done():
            self.poll.set_result(None)

    def replay(self, number: int) -> None:
        """Deliver an old update once more, whatever was confirmed."""
        if number not in self.history:
            raise Refused(f"no such update {number}")
        if self.on_push:
            self.on_push(self.history[number])
            return
        self.again.append(self.history[number])
        self.announce(self.history[number])

    def confirm(self, offset: int) -> None:
        """Forget what lies before `offset`; a negative one keeps that many at the end."""
        if offset < 0:
            kept = list(self.waiting)[offset:]
            offset = kept[0] if kept else 0
        while self.waiting and next(iter(self.waiting)) < offset:
            self.waiting.popitem(last=False)
            self.confirmed += 1
        self.settle()

    def acknowledge(self, number: int) -> None:
        """The webhook took this update."""
        if self.waiting.pop(number, None) is not None:
            self.confirmed += 1
        self.settle()

    def settle(self) -> None:
        """Tell those who wait until nothing is pending."""
        if self.watchers and not self.waiting:
            for watcher in self.watchers:
                if not watcher.done():
                    watcher.set_result(None)
            self.watchers.clear()

    def drop(self) -> None:
        """Forget everything pending."""
        self.waiting.clear()
        self.again.clear()
        self.settle()

    def stop_poll(self, reason: str) -> None:
        """End the running long poll with a conflict."""
        if self.poll and not self.poll.done():
            self.poll.set_exception(Refused(reason, 409))

    def take(self, limit: int) -> list[Json]:
        """What the next answer carries; nothing is forgotten by handing it out."""
        replayed, self.again = self.again[:limit], self.again[limit:]
        found: list[Json] = []
        for update in self.waiting.values():
            if len(found) + len(replayed) >= limit:
                break
            found.append(update)
        return replayed + found

    async def get_updates(self, given: Json) -> list[Json]:
        """One poll, as the real server answers it."""
        if self.on_push:
            raise Refused(POLL, 409)
        limit, timeout = given.get("limit", 100), given.get("timeout", 0)
        if not 1 <= limit <= 100:
            raise Refused("limit must be 1-100")
        if timeout < 0:
            raise Refused("timeout must not be negative")
        self.polls += 1
        self.stop_poll(OTHER)
        if "allowed_updates" in given:
            self.allowed = frozenset(given["allowed_updates"]) or None
        if "offset" in given:
            self.confirm(given["offset"])
        if not self.waiting and not self.again and timeout > 0:
            poll = self.poll = asyncio.get_running_loop().create_future()
            with suppress(TimeoutError):
                await asyncio.wait_for(poll, min(timeout, 50))
        return self.take(limit)


KNOWN: frozenset[str] = frozenset(
    [
        "message",
        "edited_message",
        "channel_post",
        "edited_channel_post",
        "business_connection",
        "business_message",
        "edited_business_message",
        "deleted_business_messages",
        "message_reaction",
        "message_reaction_count",
        "inline_query",
        "chosen_inline_result",
        "callback_query",
        "shipping_query",
        "pre_checkout_query",
        "purchased_paid_media",
        "poll",
        "poll_answer",
        "my_chat_member",
        "chat_member",
        "chat_join_request",
        "chat_boost",
        "removed_chat_boost",
    ]
)
