"""Ask the real machine what it would do with a message, without doing it: everything is rolled back."""

import json
from dataclasses import dataclass
from typing import Any

from bot import handling, recording
from bot.story import Story
from handlers.contract import Outcome, Screen
from models.errors import Refusal
from models.messages.conversation import Conversation
from models.messages.message import InboxMessage
from models.store import Store


class Enough(Exception):  # noqa: N818 - the probe has seen what it wanted
    """Roll back."""


@dataclass
class Answered:
    """What would have come back: the sentence of a refusal, or the screens for whoever wrote."""

    refusal: str | None
    text: str
    outcome: Outcome

    @property
    def keys(self) -> list[str]:
        """The sentences by name."""
        return [o.screen.key for o in self.outcome.screens]


async def probe(story: Story, chat: str, payload: dict[str, Any], place: tuple[str, str, dict[str, Any]] | None = None) -> Answered:
    """What `chat` would be told in answer to `payload`, standing at a place of a conversation."""
    machine, found = story.app.machine, list[Answered]()

    async def work(store: Store) -> None:
        now = story.time.moment
        row = InboxMessage(channel="web", external_id="probe", chat=chat, payload=json.dumps(payload), received_at=now, message_key="probe")
        store.add(row)
        presences = await handling.gather(store, [row], now)
        presence = presences["web", chat]
        conversation = presence.conversation
        assert isinstance(conversation, Conversation)
        if place is not None:
            conversation.move(*place, now)
            if str(payload.get("choice", "")).startswith("="):
                row.payload = json.dumps(payload | {"choice": f"{payload['choice']}~{conversation.turn}"})
        try:
            handled = await handling.handle(store, machine, row, presence)
            await recording.record(store, machine, [handled])
            outcome, refusal = handled.outcome, None
        except Refusal as refused:
            outcome, refusal = Outcome(screens=[]), refused
        mine = [o.screen for o in outcome.screens if o.account.id == presence.account.id]
        shown = [Screen(refusal.key, refusal.values)] if refusal is not None else mine
        text = "\n".join(machine.office.texts.say(presence.account.language, s.key, s.values) for s in shown)
        found.append(Answered(refusal.key if refusal else None, text, outcome))
        raise Enough

    try:
        await machine.database.write(work)
    except Enough:
        return found[0]
    raise AssertionError
