"""A reporter's question and its life until it is answered, refused or withdrawn.

Every step is a method that changes the row and returns the exchange entry that explains it, or raises `Refusal`.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import bindparam
from sqlmodel import Field, col, select

from models.casework.answer import OWED, Answer, AnswerState
from models.clocks.deadline import Deadline
from models.errors import Refusal
from models.evidence.exchange import Entry
from models.evidence.item import Item
from models.recall import recalled
from models.store import Instant, Logged, Row, Store, one_of
from models.texts import Words

HOLD = timedelta(minutes=30)  # how long somebody who began an answer is shown to colleagues as working on it
MOST_TRANSFERS = 2  # hops between units; then the press office decides (F26)


class InquiryState(StrEnum):
    """Where a case stands."""

    RECEIVED = "received"  # with the press office: not yet with a unit
    ASSIGNED = "assigned"
    ACKNOWLEDGED = "acknowledged"
    CLARIFYING = "clarifying"  # waiting for the reporter; the clock is paused
    ANSWERED = "answered"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


S = InquiryState
OPEN = frozenset({S.RECEIVED, S.ASSIGNED, S.ACKNOWLEDGED, S.CLARIFYING})
ENDED = frozenset({S.ANSWERED, S.REFUSED, S.WITHDRAWN})

# The state graph. A step that is not drawn here raises; an end may be re-opened by a follow-up, a withdrawal may not.
GRAPH: dict[InquiryState, frozenset[InquiryState]] = {
    S.RECEIVED: frozenset({S.ASSIGNED, S.WITHDRAWN}),
    S.ASSIGNED: frozenset({S.ASSIGNED, S.ACKNOWLEDGED, S.CLARIFYING, S.ANSWERED, S.REFUSED, S.WITHDRAWN}),
    S.ACKNOWLEDGED: frozenset({S.ASSIGNED, S.CLARIFYING, S.ANSWERED, S.REFUSED, S.WITHDRAWN}),
    S.CLARIFYING: frozenset({S.ASSIGNED, S.ACKNOWLEDGED, S.ANSWERED, S.REFUSED, S.WITHDRAWN}),
    S.ANSWERED: frozenset({S.ASSIGNED}),
    S.REFUSED: frozenset({S.ASSIGNED}),
    S.WITHDRAWN: frozenset(),
}


class Rating(StrEnum):
    """Three levels a reporter may give an answer (F11)."""

    CLEAR = "clear"
    PARTIAL = "partial"
    UNHELPFUL = "unhelpful"


CHAT, LETTER, PHONE, EMAIL = "chat", "letter", "phone", "email"  # how a question came to us


class Inquiry(Row, Logged, table=True):
    """One case. The words are items; this row says who has it, since when, and what is owed."""

    unlogged: ClassVar[frozenset[str]] = frozenset({"held_by", "held_until", "brought_to"})

    code: str = Field(primary_key=True)
    reporter_id: int = Field(foreign_key="person.id", index=True)
    account_id: int = Field(foreign_key="account.id")
    unit_id: str | None = Field(default=None, foreign_key="unit.id", index=True)
    state: InquiryState = Field(default=InquiryState.RECEIVED, sa_type=one_of(InquiryState), index=True)
    question: str = Field(foreign_key="item.digest")  # the newest version; older ones hang on the case as items
    requester: str = Field(foreign_key="item.digest")
    kind: str = "ordinary"  # who asks for what: an `inquiry_kinds` row of the pack, which names the clock (F54)
    wanted_form: str = "written"
    own_deadline: datetime | None = Field(default=None, sa_type=Instant)
    pack_id: str
    matter_code: str | None = Field(default=None, index=True)
    document_no: str = ""  # the number of the official letter, where there is one (F44)
    received_at: datetime = Field(sa_type=Instant, index=True)
    since: datetime = Field(sa_type=Instant)  # when it came to whoever has it now
    acknowledged_by: int | None = Field(default=None, foreign_key="person.id")
    brought_to: int | None = None  # who of the unit was asked first (F47); that it was said stands in the outbox
    held_by: int | None = None
    held_until: datetime | None = Field(default=None, sa_type=Instant)
    transfers: int = 0
    transferred_from: str | None = None  # until the receiving unit has taken it
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    rating: str | None = None
    came_by: str = CHAT  # or how it came before an officer wrote it down
    recorded_by: int | None = Field(default=None, foreign_key="person.id")  # the officer who did, and who passes on what is answered

    def entry(self, action: str, *also: object, **detail: Any) -> Entry:
        """An entry of this case, explaining this row and `also`."""
        return Entry(f"inquiry.{action}", (self, *also), case=self.code, detail=detail, unit_id=self.unit_id, pack=self.pack_id)

    def _go(self, state: InquiryState, at: datetime) -> None:
        if state not in GRAPH[self.state]:
            raise Refusal(
                "case.closed" if self.state in ENDED else "case.not_now", code=self.code, state=Words.of(f"case.state_{self.state.value}")
            )
        self.state = state
        self.ended_at = at if state in ENDED else None

    def assign(self, unit_id: str, at: datetime, *, reason: str | None = None, clock: Deadline | None = None) -> Entry:
        """The case goes to a unit: by the reporter's tap, by the router's, or by an officer with a reason (an item's digest)."""
        before = self.unit_id
        self._go(S.ASSIGNED, at)
        self.unit_id, self.since, self.acknowledged_by, self.held_by, self.held_until = unit_id, at, None, None, None
        self.transferred_from = None
        return self.entry("assigned", *_rows(clock), origin=before, reason=reason, **_resumed(clock))

    def transfer(self, unit_id: str, reason: str, at: datetime, clock: Deadline | None = None) -> Entry:
        """The unit says the case is not theirs and names whose; after two hops only an officer may move it (F26)."""
        if self.transfers >= MOST_TRANSFERS:
            raise Refusal("transfer.too_often", code=self.code)
        if unit_id == self.unit_id:
            raise Refusal("transfer.same_unit", code=self.code)
        origin = self.unit_id
        self._go(S.ASSIGNED, at)
        self.unit_id, self.since, self.acknowledged_by, self.held_by, self.held_until = unit_id, at, None, None, None
        self.transfers += 1
        self.transferred_from = origin
        return self.entry("transferred", *_rows(clock), origin=origin, reason=reason, **_resumed(clock))

    def give_back(self, reason: str, at: datetime) -> Entry:
        """The receiving unit does not take a transferred case: back to where it came from, the clock as it stands (F26)."""
        if self.transferred_from is None:
            raise Refusal("transfer.not_pending", code=self.code)
        refused, origin = self.unit_id, self.transferred_from
        self._go(S.ASSIGNED, at)
        self.unit_id, self.since, self.acknowledged_by, self.held_by, self.held_until = origin, at, None, None, None
        self.transferred_from = None
        return self.entry("transfer_refused", origin=refused, reason=reason)

    def inherit(self, unit_id: str | None, at: datetime, restructuring: int | None) -> Entry:
        """The unit that had the case has ended: it goes on to its heir as it stands, its clock untouched."""
        origin, self.unit_id, self.since = self.unit_id, unit_id, at
        if self.state is S.ACKNOWLEDGED:
            self._go(S.ASSIGNED, at)
        self.acknowledged_by, self.held_by, self.held_until, self.transferred_from = None, None, None, None
        return self.entry("inherited", origin=origin, restructuring=restructuring)

    def acknowledge(self, person_id: int, at: datetime) -> Entry:
        """Somebody in the unit says: I have it. A case that waits for the reporter goes on waiting."""
        if self.state is S.ACKNOWLEDGED or (self.state is S.CLARIFYING and self.acknowledged_by is not None):
            raise Refusal("case.already_acknowledged", code=self.code)
        if self.state is not S.CLARIFYING:
            self._go(S.ACKNOWLEDGED, at)
        self.acknowledged_by = person_id
        origin, self.transferred_from = self.transferred_from, None
        return self.entry("acknowledged", accepted_from=origin) if origin else self.entry("acknowledged")

    def ask_back(self, question: Item, clock: Deadline | None, at: datetime) -> Entry:
        """The unit needs to know more; the clock stops until the reporter replies (F8)."""
        self._go(S.CLARIFYING, at)
        self.transferred_from = None  # who asks back has taken it
        return self.entry("clarification_asked", *_rows(clock), item=question.digest, remaining=clock.amount if clock else None)

    def clarify(self, reply: Item, files: Sequence[dict[str, Any]], clock: Deadline | None, at: datetime) -> Entry:
        """The reporter replied; the clock runs again."""
        self._go(S.ACKNOWLEDGED if self.acknowledged_by else S.ASSIGNED, at)
        return self.entry("clarified", *_rows(clock), item=reply.digest, files=list(files), due=_due(clock))

    def follow_up(self, item: Item, files: Sequence[dict[str, Any]], clock: Deadline | None, at: datetime) -> Entry:
        """The reporter adds something; a case that had ended opens again with a new clock (F7)."""
        if self.state is S.WITHDRAWN:
            raise Refusal("case.withdrawn_already", code=self.code)
        if self.state in ENDED:
            self._go(S.ASSIGNED, at)
            self.since, self.acknowledged_by = at, None
        return self.entry("followed_up", *_rows(clock), item=item.digest, files=list(files), due=_due(clock))

    def correct(self, version: Item) -> Entry:
        """The reporter edited the question: a new version, the old one kept (F10)."""
        if self.state is S.WITHDRAWN:
            raise Refusal("case.withdrawn_already", code=self.code)
        self.question = version.digest
        return self.entry("corrected", item=version.digest, replaces=version.replaces)

    def answered(self, answer: Answer, clock: Deadline | None, files: Sequence[dict[str, Any]], at: datetime) -> Entry:
        """The official answer goes out: by whom, by what right, in which words, in time or not."""
        self._go(S.ANSWERED, at)
        answer.state, answer.sent_at = AnswerState.SENT, at
        speaker = {"person": answer.person_id, "mandate": answer.mandate_id, "item": answer.speaker}
        return self.entry(
            "answered", answer, *_rows(clock), item=answer.item, files=list(files), speaker=speaker, form=answer.form, due=_due(clock)
        )

    def refuse(self, ground: str, reason: Item, speaker: dict[str, Any], clock: Deadline | None, at: datetime) -> Entry:
        """An end only with a ground of the law's list and a stated reason (Press Law 2025 Art 31(2); 2016 Art 38(2))."""
        self._go(S.REFUSED, at)
        return self.entry("refused", *_rows(clock), ground=ground, reason=reason.digest, speaker=speaker, due=_due(clock))

    def withdraw(self, clock: Deadline | None, at: datetime) -> Entry:
        """The reporter takes the question back; what was received stays on record."""
        self._go(S.WITHDRAWN, at)
        return self.entry("withdrawn", *_rows(clock))

    def rate(self, rating: Rating, reason: Item | None) -> Entry:
        """How the reporter finds the answer (F11)."""
        if self.state is not S.ANSWERED:
            raise Refusal("rating.not_answered", code=self.code)
        self.rating = rating.value
        return self.entry("rated", rating=rating.value, reason=reason.digest if reason else None)

    def holder(self, person_id: int, at: datetime) -> int | None:
        """Who else is working on the case at this moment (F22)."""
        busy = self.held_by is not None and self.held_by != person_id and self.held_until is not None and self.held_until > at
        return self.held_by if busy else None

    def hold(self, person_id: int, at: datetime) -> None:
        """Show colleagues that this person is working on it."""
        self.held_by, self.held_until = person_id, at + HOLD


_BY_CODES = select(Inquiry).where(col(Inquiry.code).in_(bindparam("codes", expanding=True)))


def _rows(clock: Deadline | None) -> tuple[Deadline, ...]:
    return () if clock is None else (clock,)


def _resumed(clock: Deadline | None) -> dict[str, Any]:
    """What a move adds to its entry when it starts a paused clock again."""
    return {} if clock is None else {"due": _due(clock)}


def _due(clock: Deadline | None) -> str | None:
    return None if clock is None or clock.due_at is None else clock.due_at.isoformat()


async def by_code(store: Store, code: str) -> Inquiry | None:
    """One case by its code; nobody else changes it, or what hangs on it, before the commit."""
    return await store.hold(Inquiry, code)


async def recall(store: Store, codes: Collection[str]) -> Sequence[Inquiry]:
    """Read many cases at once; `by_code` then finds them in the session, which must not lose them meanwhile."""
    if not codes:
        return ()
    found = (await store.scalars(_BY_CODES, {"codes": [*codes]})).all()
    recalled(store, "cases").update((case.code, case) for case in found)
    return found


async def of_reporter(store: Store, person_id: int, limit: int = 20) -> Sequence[Inquiry]:
    """A reporter's cases, open ones first, newest first."""
    found = await store.scalars(_OF_REPORTER, {"person": person_id, "most": limit})
    return sorted(found.all(), key=lambda i: i.state not in OPEN)


_OF_REPORTER = (
    select(Inquiry).where(Inquiry.reporter_id == bindparam("person")).order_by(col(Inquiry.received_at).desc()).limit(bindparam("most"))
)


async def answers_approved(store: Store, approval: str) -> Sequence[tuple[Answer, Inquiry]]:
    """Answers whose approval stands at some point: asked and still unsent, or owed for one that has gone."""
    wanted = AnswerState.SENT if approval == OWED else AnswerState.CONFIRMED
    found = await store.execute(
        select(Answer, Inquiry)
        .join(Inquiry, col(Inquiry.code) == col(Answer.case_code))
        .where(Answer.approval == approval, Answer.state == wanted)
        .order_by(col(Answer.id))
    )
    return [(answer, case) for answer, case in found.all()]
