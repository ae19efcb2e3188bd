"""Several units agree on what is said before anybody speaks (Decree 244/2026 Art 7(2)): one row for each unit and answer."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Field, col, select

from models.casework.inquiry import Inquiry
from models.errors import Refusal
from models.evidence.exchange import Entry
from models.store import Big, Instant, Logged, Row, Store


class Agreement(Row, Logged, table=True):
    """A unit is asked about one confirmed answer; other words are asked about anew."""

    id: int | None = Field(default=None, primary_key=True, sa_type=Big)
    matter_code: str = Field(foreign_key="matter.code")
    case_code: str = Field(foreign_key="inquiry.code")
    answer_id: int = Field(foreign_key="answer.id", sa_type=Big, index=True)
    unit_id: str = Field(foreign_key="unit.id")
    asked_at: datetime = Field(sa_type=Instant)
    settled_at: datetime | None = Field(default=None, sa_type=Instant)
    settled_by: int | None = Field(default=None, foreign_key="person.id")
    waived: bool = False  # an officer let the answer go without this unit, with a reason
    objection: str | None = Field(default=None, foreign_key="item.digest")

    def agree(self, case: Inquiry, person_id: int, at: datetime) -> Entry:
        """The unit agrees with these words."""
        self._open()
        self.settled_at, self.settled_by = at, person_id
        return case.entry("agreed", self, matter=self.matter_code, unit=self.unit_id)

    def object(self, case: Inquiry, reason: str) -> Entry:
        """The unit would say it differently; the answer goes on waiting."""
        self._open()
        self.objection = reason
        return case.entry("objected", self, matter=self.matter_code, unit=self.unit_id, reason=reason)

    def waive(self, person_id: int, at: datetime) -> None:
        """An officer decides without this unit."""
        self._open()
        self.settled_at, self.settled_by, self.waived = at, person_id, True

    def _open(self) -> None:
        if self.settled_at is not None:
            raise Refusal("agree.settled", code=self.case_code)


async def of_answer(store: Store, answer_id: int) -> Sequence[Agreement]:
    """Who was asked about an answer."""
    return (await store.scalars(select(Agreement).where(Agreement.answer_id == answer_id).order_by(col(Agreement.id)))).all()
