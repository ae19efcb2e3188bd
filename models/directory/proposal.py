"""Corrections of the directory that somebody proposes in chat; an officer takes them or not (F51)."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Field, col, select

from models.errors import Refusal
from models.evidence.exchange import Entry
from models.store import Big, Instant, Logged, Row, Store


class Proposal(Row, Logged, table=True):
    """What somebody says is wrong about a unit's page, in their words."""

    id: int | None = Field(default=None, primary_key=True, sa_type=Big)
    unit_id: str = Field(foreign_key="unit.id")
    item: str = Field(foreign_key="item.digest")
    account_id: int = Field(foreign_key="account.id")
    proposed_at: datetime = Field(sa_type=Instant)
    decided_by: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = Field(default=None, sa_type=Instant)
    taken: bool | None = None

    def proposed(self) -> Entry:
        """Somebody points something out."""
        return Entry("directory.proposed", (self,), detail={"proposal": self.id, "item": self.item}, unit_id=self.unit_id)

    def decide(self, taken: bool, person_id: int, at: datetime, *, reason: str | None) -> Entry:
        """An officer has looked into it (`reason`: the digest of the sentence for whoever proposed it)."""
        if self.taken is not None:
            raise Refusal("directory.decided_already")
        self.taken, self.decided_by, self.decided_at = taken, person_id, at
        action = "directory.proposal_taken" if taken else "directory.proposal_declined"
        return Entry(action, (self,), detail={"proposal": self.id, "item": self.item, "reason": reason}, unit_id=self.unit_id)


async def waiting(store: Store, account_id: int | None = None) -> Sequence[Proposal]:
    """Proposals nobody has decided on, oldest first; of one account, if it is named."""
    query = select(Proposal).where(col(Proposal.taken).is_(None)).order_by(col(Proposal.id))
    return (await store.scalars(query if account_id is None else query.where(Proposal.account_id == account_id))).all()
