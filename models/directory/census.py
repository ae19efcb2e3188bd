"""The directory call: every unit confirms its head, spokesperson, press officer and page administrators by a date (F122)."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum

from sqlmodel import Field, UniqueConstraint, col, select

from models.errors import Refusal
from models.evidence.exchange import Entry
from models.evidence.item import Item
from models.store import Big, Instant, Logged, Row, Store, one_of


class Reply(StrEnum):
    """What a unit says of its own page of the directory."""

    RIGHT = "right"
    MEND = "mend"  # something is wrong; the words say what


class Census(Row, Logged, table=True):
    """One call by an officer, with its day."""

    id: int | None = Field(default=None, primary_key=True, sa_type=Big)
    asked_by: int = Field(foreign_key="person.id")
    asked_at: datetime = Field(sa_type=Instant)
    due_on: date
    closed_at: datetime | None = Field(default=None, sa_type=Instant)

    def begun(self, *answers: object) -> Entry:
        """The officer asks every unit."""
        return Entry("census.begun", (self, *answers), detail={"census": self.id, "due": self.due_on.isoformat(), "units": len(answers)})

    def reminded(self, units: Sequence[str]) -> Entry:
        """Those who have not answered are asked once more."""
        return Entry("census.reminded", (self,), detail={"census": self.id, "units": list(units)})

    def overdue(self, late: Sequence[str]) -> Entry:
        """The day after the date: who has not answered stands in the entry. Their answers are still taken, as late ones."""
        return Entry("census.overdue", (self,), detail={"census": self.id, "late": list(late)})

    def close(self, at: datetime, silent: Sequence[str]) -> Entry:
        """An officer ends the call; who never answered stands in the entry.

        Raises:
            Refusal: it has ended before.
        """
        if self.closed_at is not None:
            raise Refusal("census.over")
        self.closed_at = at
        return Entry("census.closed", (self,), detail={"census": self.id, "silent": list(silent)})


class CensusAnswer(Row, Logged, table=True):
    """One unit's line in a call."""

    __tablename__ = "census_answer"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (UniqueConstraint("census_id", "unit_id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Big)
    census_id: int = Field(foreign_key="census.id", index=True)
    unit_id: str = Field(foreign_key="unit.id")
    reply: Reply | None = Field(default=None, sa_type=one_of(Reply))
    note: str | None = Field(default=None, foreign_key="item.digest")
    answered_by: int | None = Field(default=None, foreign_key="person.id")
    answered_at: datetime | None = Field(default=None, sa_type=Instant)

    @property
    def confirms(self) -> bool:
        """The unit finds its page right."""
        return self.reply is Reply.RIGHT

    def answer(self, reply: Reply, note: Item | None, person_id: int, at: datetime, *, late: bool) -> Entry:
        """The unit speaks; the last word counts until the call is closed."""
        self.reply, self.note, self.answered_by, self.answered_at = reply, note.digest if note else None, person_id, at
        detail = {"census": self.census_id, "reply": reply.value, "item": self.note, "late": late}
        return Entry("census.answered", (self,), detail=detail, unit_id=self.unit_id)


async def open_one(store: Store) -> Census | None:
    """The call that runs, if one does."""
    return await store.scalar(select(Census).where(col(Census.closed_at).is_(None)).order_by(col(Census.id).desc()).limit(1))


async def newest(store: Store) -> Census | None:
    """The last call there was."""
    return await store.scalar(select(Census).order_by(col(Census.id).desc()).limit(1))


async def answers(store: Store, census_id: int) -> Sequence[CensusAnswer]:
    """Every unit's line of a call, in unit order."""
    return (await store.scalars(select(CensusAnswer).where(CensusAnswer.census_id == census_id).order_by(col(CensusAnswer.unit_id)))).all()


async def unanswered(store: Store, census_id: int) -> list[str]:
    """The units that have not spoken yet, in unit order."""
    return [one.unit_id for one in await answers(store, census_id) if one.reply is None]


async def line_of(store: Store, census_id: int, unit_id: str) -> tuple[Census, CensusAnswer]:
    """A call that still runs, and one unit's line of it.

    Raises:
        Refusal: the call is over, or the unit is not asked.
    """
    census = await store.get(Census, census_id)
    if census is None or census.closed_at is not None:
        raise Refusal("census.over")
    found = await store.scalar(select(CensusAnswer).where(CensusAnswer.census_id == census_id, CensusAnswer.unit_id == unit_id))
    if found is None:
        raise Refusal("census.over")
    return census, found
