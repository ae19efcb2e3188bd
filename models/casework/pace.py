"""How fast a unit usually answers, from what it has answered."""

from collections.abc import Callable
from datetime import date, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam
from sqlmodel import col, select

from models.casework.answer import Answer, AnswerState
from models.casework.inquiry import Inquiry
from models.store import Store

LEAST = 5  # answered cases below which nothing is said of a unit
_LATEST = 50
_LONGEST = 60  # days: whatever took longer says nothing about what is usual


_LAST_ANSWERS = (
    select(Inquiry.received_at, Answer.sent_at)
    .join(Answer, col(Answer.case_code) == col(Inquiry.code))
    .where(Inquiry.unit_id == bindparam("unit"), Answer.state == AnswerState.SENT)
    .order_by(col(Answer.sent_at).desc())
    .limit(_LATEST)
)


async def usual_days(store: Store, unit_id: str, is_working: Callable[[date], bool], zone: ZoneInfo) -> int | None:
    """The working days that half of a unit's last answers took at most, counted from the day after; None with too few answers."""
    rows = await store.execute(_LAST_ANSWERS, {"unit": unit_id})
    took = [
        _days(received.astimezone(zone).date(), sent.astimezone(zone).date(), is_working)
        for received, sent in rows.all()
        if sent is not None
    ]
    return max(1, round(median(took))) if len(took) >= LEAST else None


def _days(first: date, last: date, is_working: Callable[[date], bool]) -> int:
    after = (first + timedelta(days=n + 1) for n in range(min(_LONGEST, (last - first).days)))
    return sum(is_working(day) for day in after)
