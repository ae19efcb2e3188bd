"""What the office did for the press besides answering: conferences, briefings, periodic information, false reports met.

The statutory counts (LAW.md, yearly report, indicators 1, 2 and 6) and the periodic duties rest on these records. Each has a code
of its own, so that a figure can open what stands behind it.
"""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Field, col, select

from models.errors import Refusal
from models.evidence.exchange import Entry
from models.evidence.item import Item
from models.store import Instant, Logged, Row, Store, one_of


class ActivityKind(StrEnum):
    """What was done."""

    PRESS_CONFERENCE = "press_conference"
    BRIEFING = "briefing"  # the agency came of itself to inform at a press briefing
    PERIODIC_INFORMATION = "periodic_information"
    FALSE_REPORT = "false_report"  # a report in the press the agency finds wrong
    CORRECTION_LETTER = "correction_letter"  # the written response to one


class Activity(Row, Logged, table=True):
    """One such event; a mistaken record is struck out with a reason, never removed."""

    code: str = Field(primary_key=True)
    kind: ActivityKind = Field(sa_type=one_of(ActivityKind))
    day: date = Field(index=True)
    unit_id: str = Field(foreign_key="unit.id", index=True)
    title: str = Field(foreign_key="item.digest")
    link: str = ""
    about: str | None = Field(default=None, foreign_key="activity.code")  # the false report a letter answers
    pack_id: str
    reference: str | None = Field(default=None, unique=True)  # of an older list it was imported from
    recorded_at: datetime = Field(sa_type=Instant)
    struck_at: datetime | None = Field(default=None, sa_type=Instant)

    def recorded(self, **came: Any) -> Entry:
        """It is on record; the day counts, not the minute somebody typed it; an imported one says of which file and row it `came`."""
        detail: dict[str, Any] = {"kind": self.kind.value, "day": self.day.isoformat(), "title": self.title, "link": self.link}
        detail |= {"about": self.about, "imported": self.reference is not None, **came}
        return Entry("activity.recorded", (self,), case=self.code, detail=detail, unit_id=self.unit_id, pack=self.pack_id)

    def strike(self, reason: Item, at: datetime) -> Entry:
        """It was recorded by mistake and counts no longer; both entries stay."""
        if self.struck_at is not None:
            raise Refusal("activity.struck_already", code=self.code)
        self.struck_at = at
        return Entry("activity.struck", (self,), case=self.code, detail={"reason": reason.digest}, unit_id=self.unit_id, pack=self.pack_id)


async def newest(store: Store, limit: int = 5) -> Sequence[Activity]:
    """What was recorded last and still counts."""
    query = select(Activity).where(col(Activity.struck_at).is_(None)).order_by(col(Activity.recorded_at).desc(), col(Activity.code))
    return (await store.scalars(query.limit(limit))).all()


async def open_false_reports(store: Store, limit: int = 4) -> Sequence[Activity]:
    """False reports no letter has answered yet, newest first."""
    answered = select(Activity.about).where(
        Activity.kind == ActivityKind.CORRECTION_LETTER, col(Activity.struck_at).is_(None), col(Activity.about).is_not(None)
    )
    query = select(Activity).where(
        Activity.kind == ActivityKind.FALSE_REPORT, col(Activity.struck_at).is_(None), col(Activity.code).not_in(answered)
    )
    return (await store.scalars(query.order_by(col(Activity.day).desc()).limit(limit))).all()


async def numbered(store: Store) -> dict[str, str]:
    """Every number of an older list that is here, and the code it has."""
    rows = await store.execute(select(Activity.reference, Activity.code).where(col(Activity.reference).is_not(None)))
    return {str(reference): str(code) for reference, code in rows.all()}
