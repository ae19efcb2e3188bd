"""Older cases come in from a list: one entry each, all of them in one message or none."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from handlers.contract import Context, InboundMessage, Outcome
from models import codes
from models.casework import activity, imported
from models.casework.activity import Activity, ActivityKind
from models.casework.imported import ImportedCase, PastOutcome
from models.evidence.exchange import Entry
from models.evidence.item import ItemKind


async def take_over(message: InboundMessage, context: Context) -> Outcome:
    """The rows the command line has read and checked; what is here already stays as it is."""
    rows: list[dict[str, Any]] = dict(message.detail)["rows"]
    known = await imported.known(context.store, [row["reference"] for row in rows])
    source = str(message.detail["source"])
    return Outcome([_case(context, row, source) for row in rows if row["reference"] not in known])


async def take_over_activities(message: InboundMessage, context: Context) -> Outcome:
    """The same for conferences, briefings, false reports and letters; a letter finds its false report by the number of the list."""
    rows: list[dict[str, Any]] = dict(message.detail)["rows"]
    here = await activity.numbered(context.store)
    new = [row for row in rows if row["reference"] not in here]
    here |= {row["reference"]: codes.make(codes.EVENT, context.ids.chance()) for row in new}
    return Outcome([_activity(context, row, here, str(message.detail["source"])) for row in new])


def _activity(context: Context, row: Mapping[str, Any], here: Mapping[str, str], source: str) -> Entry:
    code = here[row["reference"]]
    done = Activity(
        code=code,
        kind=ActivityKind(row["kind"]),
        day=date.fromisoformat(row["day"]),
        unit_id=row["unit"],
        title=context.item(ItemKind.NOTE, row["title"], code).digest,
        link=row["link"],
        about=here[row["about"]] if row["about"] else None,
        pack_id=row["pack"],
        reference=row["reference"],
        recorded_at=context.now,
    )
    context.store.add(done)
    return done.recorded(source=source, row=row["row"])


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
