"""Who is away, from when to when, and who stands in: questions and reminders go to the one who is there (F29)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlmodel import Field, col, select

from models.errors import Refusal
from models.evidence.exchange import Entry
from models.recall import recalled, rests_on
from models.store import Big, Instant, Logged, Row, Store

LONGEST_DAYS = 184  # half a year: whoever is away longer hands the post over


class Absence(Row, Logged, table=True):
    """Somebody is away and a colleague stands in. The right to speak does not pass on: that wants an authorisation."""

    id: int | None = Field(default=None, primary_key=True, sa_type=Big)
    person_id: int = Field(foreign_key="person.id", index=True)
    stand_in_id: int = Field(foreign_key="person.id")
    starts_at: datetime = Field(sa_type=Instant)
    ends_at: datetime = Field(sa_type=Instant, index=True)  # earlier than planned, where the person came back
    set_by: int = Field(foreign_key="person.id")
    set_at: datetime = Field(sa_type=Instant)

    def _entry(self, action: str) -> Entry:
        said = {"person": self.person_id, "stand_in": self.stand_in_id, "from": self.starts_at.isoformat(), "to": self.ends_at.isoformat()}
        return Entry(f"absence.{action}", (self,), detail=said)

    def begun(self) -> Entry:
        """Put on record, by the person, their head or the press office."""
        return self._entry("set")

    def end(self, at: datetime) -> Entry:
        """Back already, or never left."""
        if self.ends_at <= at:
            raise Refusal("absence.over")
        self.starts_at, self.ends_at = min(self.starts_at, at), at
        return self._entry("ended")


rests_on("absences", Absence, "starts_at", "ends_at", "stand_in_id")


async def _known(store: Store, at: datetime) -> Sequence[Absence]:
    """Absences that are not over, planned ones among them."""
    memory = recalled(store, "absences")
    if "rows" not in memory:
        memory["rows"] = (await store.scalars(select(Absence).where(col(Absence.ends_at) > at).order_by(col(Absence.id)))).all()
    return memory["rows"]


async def recall(store: Store, at: datetime) -> None:
    """Read it once for a group of messages."""
    await _known(store, at)


async def of_person(store: Store, person_id: int, at: datetime) -> list[Absence]:
    """What somebody has announced and is not over, the soonest first."""
    return sorted((a for a in await _known(store, at) if a.person_id == person_id and a.ends_at > at), key=lambda a: a.starts_at)


async def meanwhile(store: Store, person_id: int, start: datetime, end: datetime, at: datetime) -> Absence | None:
    """An absence of somebody that overlaps a span."""
    return next((a for a in await of_person(store, person_id, at) if a.starts_at < end and start < a.ends_at), None)


async def away(store: Store, at: datetime) -> Mapping[int, int | None]:
    """Who is away at a moment, and who stands in at last: of a stand-in who is away as well, theirs; None where the round closes."""
    direct = {a.person_id: a.stand_in_id for a in await _known(store, at) if a.starts_at <= at < a.ends_at}
    return {gone: _last(direct, gone) for gone in direct}


def _last(direct: Mapping[int, int], gone: int) -> int | None:
    seen, now = {gone}, direct[gone]
    while now in direct and now not in seen:
        seen.add(now)
        now = direct[now]
    return None if now in seen else now


async def beside(store: Store, people: Iterable[int | None], at: datetime) -> set[int]:
    """These people, and whoever stands in for those of them who are away."""
    asked = {person for person in people if person is not None}
    absent = await away(store, at)
    return asked | {instead for gone, instead in absent.items() if gone in asked and instead is not None}
