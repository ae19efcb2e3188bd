"""Tables of the directory that officers order in chat: a directory call's answers, what is missing."""

import asyncio
from datetime import datetime

from bot import sheets
from models.directory import listing
from models.law.calendar import local
from models.reports.order import ReportOrder
from models.store import Store
from models.text import number

KINDS = frozenset({"census", "missing"})


async def make(store: Store, wanted: ReportOrder, at: datetime) -> tuple[str, bytes]:
    """A file's name and bytes."""
    if wanted.kind == "census":
        rows, heads, title, name = (
            await listing.call(store, number(wanted.period) or 0, at),
            listing.CALL_COLUMNS,
            "Rà soát danh bạ",
            "ra-soat",
        )
    else:
        rows, heads, title, name = await listing.gaps(store, at), listing.GAP_COLUMNS, "Danh bạ còn thiếu", "con-thieu"
    raw = await asyncio.to_thread(sheets.listed, heads, rows, "xlsx", title)
    return f"{name}-{local(at):%Y%m%d}.xlsx", raw
