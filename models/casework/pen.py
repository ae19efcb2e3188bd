"""The holding pen: every open question that nobody is working on, and why it waits (F50)."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlmodel import col, or_, select

from models.casework import board, brakes
from models.casework.inquiry import Inquiry, InquiryState
from models.law.calendar import local
from models.people.person import Account, AccountState, Post, PostKind, Reporter
from models.store import Store


class Reason(StrEnum):
    """Why a question waits for the press office."""

    MARKED = "marked"  # it carries a classification mark; a second person decides first
    UNVERIFIED = "unverified"
    UNMATCHED = "unmatched"  # no unit was found, or the reporter left the choice to the office
    UNREACHABLE = "unreachable"  # nobody of the unit it went to can be reached


async def waiting(store: Store, at: datetime) -> list[tuple[Inquiry, list[Reason]]]:
    """Everything in the pen with its reasons, the oldest first."""
    found = [(case, await _reasons(store, case, at)) for case in await board.at_desk(store)]
    found += [(case, [Reason.UNREACHABLE]) for case in await _unreachable(store, at)]
    return sorted(found, key=lambda pair: (pair[0].received_at, pair[0].code))


async def _reasons(store: Store, case: Inquiry, at: datetime) -> list[Reason]:
    """Why a case that no unit has yet is still with the office; a unit may go on with it as soon as none of them holds."""
    reporter = await store.get(Reporter, case.reporter_id)
    verified = reporter is not None and reporter.is_verified(local(at).date())
    held = {
        Reason.MARKED: case.question in await brakes.quarantined(store, case.code),
        Reason.UNVERIFIED: not verified,
        Reason.UNMATCHED: case.unit_id is None,
    }
    return [reason for reason, holds in held.items() if holds]


async def _unreachable(store: Store, at: datetime) -> Sequence[Inquiry]:
    """Cases of units nobody of whom can be reached any more."""
    reached = (
        select(Post.unit_id)
        .join(Account, col(Account.person_id) == col(Post.person_id))
        .where(
            Account.state == AccountState.ACTIVE,
            Post.kind != PostKind.PAGE_ADMIN,
            col(Post.valid_from) <= at,
            or_(col(Post.valid_to).is_(None), col(Post.valid_to) > at),
        )
    )
    with_units = col(Inquiry.state).in_([InquiryState.ASSIGNED, InquiryState.ACKNOWLEDGED])
    return (await store.scalars(select(Inquiry).where(with_units, col(Inquiry.unit_id).not_in(reached)).limit(50))).all()
