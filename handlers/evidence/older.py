"""Older cases come in from a list: one entry each, all of them in one message or none."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from handlers.contract import Context, InboundMessage, Outcome
from models import codes
from models.casework import imported
from models.casework.imported import ImportedCase, PastOutcome
from models.evidence.exchange import Entry
from models.evidence.item import ItemKind


async def take_over(message: InboundMessage, context: Context) -> Outcome:
    """The rows the command line has read and checked; what is here already stays as it is."""
    rows: list[dict[str, Any]] = dict(message.detail)["rows"]
    known = await imported.known(context.store, [row["reference"] for row in rows])
    source = str(message.detail["source"])
    return Outcome([_case(context, row, source) for row in rows if row["reference"] not in known])


def _case(context: Context, row: Mapping[str, Any], source: str) -> Entry:
    code = codes.make(codes.INQUIRY, context.ids.chance())
    requester = context.item(ItemKind.REQUESTER, json.dumps(row["requester"], ensure_ascii=False, sort_keys=True), code)
    case = ImportedCase(
        code=code,
        reference=row["reference"],
        unit_id=row["unit"],
        requester=requester.digest,
        question=context.item(ItemKind.QUESTION, row["question"], code).digest,
        outcome=PastOutcome(row["outcome"]),
        pack_id=row["pack"],
        received_at=datetime.fromisoformat(row["received"]),
        ended_at=_moment(row["ended"]),
        due_at=_moment(row["due"]),
        content=row["content"],
        source=source,
        row=row["row"],
        imported_at=context.now,
    )
    context.store.add(case)
    return case.taken_over()


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
