"""An official answer: its words, its speaker, the right to speak, and how far it has come."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, col, select

from models.store import Big, Instant, Logged, Row, Store, one_of


class AnswerState(StrEnum):
    """How far a confirmed answer has come."""

    CONFIRMED = "confirmed"  # may still be undone (F125)
    SENT = "sent"
    UNDONE = "undone"
    HELD = "held"  # the right to speak was gone at the minute of sending


# How far the head's approval of an answer has come (F24); an urgent answer goes first and owes it.
NO_APPROVAL, ASKED, APPROVED, RETURNED, OWED, GIVEN_LATER, OBJECTED = "", "asked", "approved", "returned", "owed", "given_later", "objected"


class Answer(Row, Logged, table=True):
    """A confirmed answer: the words, the speaker and the right to speak, as they were."""

    id: int | None = Field(default=None, primary_key=True, sa_type=Big)
    case_code: str = Field(foreign_key="inquiry.code", index=True)
    item: str = Field(foreign_key="item.digest")
    speaker: str = Field(foreign_key="item.digest")
    person_id: int = Field(foreign_key="person.id")
    mandate_id: int | None = Field(default=None, foreign_key="mandate.id")
    form: str = "written"
    state: AnswerState = Field(default=AnswerState.CONFIRMED, sa_type=one_of(AnswerState))
    confirmed_at: datetime = Field(sa_type=Instant)
    release_at: datetime = Field(sa_type=Instant)
    sent_at: datetime | None = Field(default=None, sa_type=Instant)
    drafted_by: int | None = Field(default=None, sa_type=Big)
    approval: str = Field(default=NO_APPROVAL, index=True)
    approved_by: int | None = Field(default=None, sa_type=Big)
    approved_at: datetime | None = Field(default=None, sa_type=Instant)


async def unsent_answers(store: Store, code: str) -> Sequence[Answer]:
    """The confirmed or held answers of a case that have not gone out."""
    waiting = col(Answer.state).in_([AnswerState.CONFIRMED, AnswerState.HELD])
    return (await store.scalars(select(Answer).where(Answer.case_code == code, waiting).order_by(col(Answer.id)))).all()


async def last_answer(store: Store, code: str) -> Answer | None:
    """The newest answer of a case, whatever became of it."""
    return await store.scalar(select(Answer).where(Answer.case_code == code).order_by(col(Answer.id).desc()).limit(1))
