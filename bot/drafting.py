"""Official letters drafted from what is on record: for the command line into a file, for a chat as a file to open and go on with."""

import asyncio
import json
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlmodel import col, select

from handlers.evidence import letters
from models.casework.inquiry import OPEN, Inquiry
from models.clocks.deadline import Deadline, DeadlineState, Target
from models.directory.unit import Unit
from models.evidence.item import item
from models.reports.order import ReportOrder
from models.store import Store
from models.texts import Texts

KINDS = (letters.REMINDER, letters.TRANSFER)


class NothingLate(LookupError):  # noqa: N818 - an answer to whoever asked
    """The unit owes nothing a reminder could name."""


async def make(store: Store, texts: Texts, order: ReportOrder, at: datetime) -> tuple[str, bytes]:
    """The letter a chat has ordered for a case: its name, and the document."""
    case = await store.get_one(Inquiry, order.period)
    unit = await store.get_one(Unit, case.unit_id or "")
    with tempfile.TemporaryDirectory(prefix="phatngon-letter-") as folder:
        path = Path(folder) / f"{order.kind.partition('_')[2]}-{case.code}.docx"
        if order.kind == letters.REMINDER:
            await reminder(store, texts, unit, at, path)
        else:
            await transfer(store, texts, case, unit, "", at, path)
        return path.name, path.read_bytes()


async def reminder(store: Store, texts: Texts, unit: Unit, at: datetime, out: Path) -> None:
    """A reminder with every overdue case of a unit.

    Raises:
        NothingLate: there is none.
    """
    from bot.papers import letter  # noqa: PLC0415 - nobody who never writes a letter loads what makes one

    query = (
        select(Inquiry)
        .join(Deadline, (col(Deadline.case_code) == col(Inquiry.code)) & (col(Deadline.target) == Target.FINAL))
        .where(Inquiry.unit_id == unit.id, col(Inquiry.state).in_(OPEN))
        .where(col(Deadline.state) == DeadlineState.RUNNING, col(Deadline.due_at) <= at)
        .order_by(col(Inquiry.received_at))
    )
    cases = {case.code: case for case in (await store.scalars(query)).all()}
    late = [await _late(store, case, texts) for case in cases.values()]
    if not late:
        raise NothingLate(unit.id)
    await asyncio.to_thread(letter.reminder, texts, unit.name_vi, late, at, out)


async def transfer(store: Store, texts: Texts, case: Inquiry, unit: Unit, reason: str, at: datetime, out: Path) -> None:
    """A slip that goes with a question to a unit."""
    from bot.papers import letter  # noqa: PLC0415 - as above

    asker: dict[str, Any] = json.loads((await _words(store, case.requester)) or "{}")
    who = f"{asker.get('name', '–')} ({asker.get('outlet', '–')})"
    why = reason or texts.say("vi", "letter.transfer_reason")
    await asyncio.to_thread(letter.transfer, texts, unit.name_vi, await _late(store, case, texts), who, why, at, out)


async def _late(store: Store, case: Inquiry, texts: Texts) -> Any:
    from bot.papers.letter import Late  # noqa: PLC0415 - as above

    of_case = select(Deadline.due_at).where(Deadline.case_code == case.code, Deadline.target == Target.FINAL)
    due = await store.scalar(of_case.order_by(col(Deadline.id).desc()).limit(1))
    question = await _words(store, case.question) or texts.say("vi", "letter.erased")
    return Late(case.code, case.received_at, due or case.received_at, question)


async def _words(store: Store, digest: str) -> str | None:
    kept = await item(store, digest)
    return None if kept is None or kept.text is None else str(kept)
