"""What was officially answered before on the same matter (F16): the words of the answer alone, never who asked or what exactly."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import col, select

from models import codes
from models.casework.answer import Answer, AnswerState
from models.casework.inquiry import Inquiry, InquiryState
from models.directory.lesson import Lesson, of_case, standing
from models.evidence import item
from models.evidence.item import Item
from models.store import Instant, Store
from models.text import fold

SHOWN = 2
_LOOKED_AT = 12
_FRESH = timedelta(days=365)


@dataclass(frozen=True)
class Earlier:
    """An answer on record."""

    unit_id: str
    sent_at: datetime
    text: Item


_ANSWERS = (
    select(Answer, Inquiry)
    .join(Inquiry, col(Inquiry.code) == col(Answer.case_code))
    .join(Lesson, col(Lesson.case_code) == col(Inquiry.code))
    .where(
        Lesson.concept == bindparam("concept"),
        col(Inquiry.unit_id).in_(bindparam("units", expanding=True)),
        Inquiry.state == InquiryState.ANSWERED,
        Answer.state == AnswerState.SENT,
        col(Answer.sent_at) > bindparam("since", type_=Instant),
    )
    .distinct()
    .order_by(col(Answer.sent_at).desc())
    .limit(_LOOKED_AT)
)


async def answers_on(store: Store, concepts: Sequence[str], unit_ids: Sequence[str], at: datetime) -> list[Earlier]:
    """The newest answers on the plainest matter of a question by one of these units, that may be shown to anybody.

    Left out: answers to a question marked exclusive, answers with files, and answers whose words would tell who asked.
    """
    if not concepts or not unit_ids:
        return []
    rows = await store.execute(_ANSWERS, {"concept": concepts[0], "units": [*unit_ids], "since": at - _FRESH})
    found: dict[str, Earlier] = {}
    for answer, case in rows.all():
        if case.code in found or (concepts[0], case.unit_id) not in standing(await of_case(store, case.code)):
            continue
        text = await _shareable(store, answer, case)
        if text is not None and answer.sent_at is not None:
            found[case.code] = Earlier(case.unit_id or "", answer.sent_at, text)
    return list(found.values())[:SHOWN]


async def _shareable(store: Store, answer: Answer, case: Inquiry) -> Item | None:
    text = await item.item(store, answer.item)
    if text is None or not text.text or getattr(case, "exclusive", False) or await item.files_of_item(store, answer.item):
        return None
    asker = await item.item(store, case.requester)
    if asker is None or not asker.text:
        return None  # erased: nobody can say any more what must not be told
    return None if codes.find(text.text) or _names(asker.text, text.text) else text


def _names(requester: str, words: str) -> bool:
    """Whether the answer names the reporter or their outlet."""
    import json  # noqa: PLC0415

    known: dict[str, Any] = json.loads(requester)
    said = f" {fold(words)} "
    return any(
        len(fold(str(value))) > 3 and f" {fold(str(value))} " in said
        for key, value in known.items()
        if key in {"name", "outlet", "phone", "email"}
    )
