"""What a told year rests on: its two ends, its people, chance, and every row that is to be written."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.app import App
from models.evidence.exchange import Actor, Entry
from models.evidence.item import Item, ItemKind
from models.messages.message import LOCAL
from models.people.mandate import Mandate
from models.people.person import Account, Person, Reporter

HOURS = (7, 21)  # when the press writes
MACHINE = Actor(None, "machine", None, "console")

Step = tuple[datetime, Actor, Entry]


@dataclass
class Year:
    """One year being told."""

    app: App
    start: datetime
    end: datetime
    words: dict[str, Any]
    speakers: Sequence[Mandate]
    reporters: list[tuple[Person, Account, Reporter]]
    rows: list[object] = field(default_factory=list[object])

    def chance(self, most: int) -> int:
        """A number from 0 to just below `most`."""
        return self.app.machine.ids.chance() % most

    def item(self, kind: ItemKind, text: str, at: datetime, case: str | None = None) -> Item:
        """A text on record."""
        kept = Item.of(kind, text, self.app.machine.ids.salt(), at, case_code=case)
        self.rows.append(kept)
        return kept

    def moment(self, first: datetime, last: datetime) -> datetime:
        """Some minute of a day between two moments, when people are awake."""
        span = max(1, int((last - first).total_seconds()))
        at = first + timedelta(seconds=self.chance(span))
        local = at.astimezone(self.app.machine.settings.zone)
        return at if HOURS[0] <= local.hour < HOURS[1] else at + timedelta(hours=(HOURS[0] - local.hour) % 24)


def speaker_of(mandate: Mandate) -> Actor:
    """Whoever holds a mandate, acting."""
    return Actor(mandate.person_id, "member", None, LOCAL)
