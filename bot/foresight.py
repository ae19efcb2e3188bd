"""What a group of messages is about to ask for, read at once: cases they name, their clocks and texts, the desks they lie on.

Nothing depends on it: what is not foreseen is read when it is asked for, one by one.
"""

import re
from collections.abc import Mapping, Sequence

from bot.channels.base import Reading
from handlers.contract import Kind
from models import codes
from models.casework import inquiry
from models.clocks import absence, deadline, reaching
from models.evidence import item
from models.messages import menu
from models.messages.message import InboxMessage
from models.people import mandate
from models.people.presence import Presence
from models.store import Store

_DIGEST = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")


async def foresee(
    store: Store, readings: Mapping[int | None, Reading], rows: Sequence[InboxMessage], presences: Mapping[tuple[str, str], Presence]
) -> None:
    """Bring into the session what these messages name by code, and what their conversations hold."""
    named: set[str] = set()
    typed: set[int] = set()
    texts: set[str] = set()
    for row in rows:
        reading = readings[row.id]
        presence = presences.get((row.channel, row.chat))
        held = presence.conversation.answers if presence is not None and presence.conversation is not None else ""
        named.update(codes.find(f"{reading.text} {reading.choice or ''} {held}", codes.INQUIRY))
        texts.update(_DIGEST.findall(held))
        if presence is not None and reading.kind is Kind.TEXT and 0 < len(reading.text) <= menu.LONGEST:
            typed.add(presence.account.id or 0)
    await menu.recall(store, typed)
    cases = await inquiry.recall(store, named)
    await deadline.recall(store, named)
    await item.recall(store, texts.union(*({case.question, case.requester} for case in cases)))
    if cases:
        await absence.recall(store, min(row.received_at for row in rows))
        await reaching.recall_hearers(store, [case.code for case in cases])
    desks = {case.unit_id for case in cases if case.unit_id is not None}
    if desks:
        await mandate.recall_desks(store, desks)
