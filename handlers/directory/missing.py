"""Which units the directory lacks something of – a head, a spokesperson, anybody who can be reached, a confirmation – for the press office (F103)."""

from collections import Counter
from typing import Any

from handlers.contract import Choice, Context, InboundMessage, Outcome
from models.directory.holding import Gap, missing
from models.reports.order import ReportOrder

NAMED = 15


async def show(_message: InboundMessage, context: Context) -> Outcome:
    """`/danhbathieu`: how much is missing, and where most."""
    found = await missing(context.store, context.now)
    if not found:
        return Outcome(screens=[context.reply("missing.nothing")])
    say, language = context.office.texts.say, context.here.language
    counts = Counter(gap for _, gaps in found for gap in gaps)
    lines = [
        say(language, "missing.line", {"unit": one.name, "what": ", ".join(say(language, f"missing.{gap.value}") for gap in gaps)})
        for one, gaps in found[:NAMED]
    ]
    ways = (
        Choice("choice.missing_table", "missing.table"),
        Choice("choice.join_begin", "join.begin"),
        Choice("choice.census_show", "census.show"),
    )
    said: dict[str, Any] = {gap.value: counts[gap] for gap in Gap} | {"rest": len(found) - len(lines), "lines": "\n".join(lines)}
    return Outcome(screens=[context.reply("missing.list", *ways, number=len(found), **said)])


async def table(_message: InboundMessage, context: Context) -> Outcome:
    """The whole list as a table; the machine makes the file and sends it here."""
    context.store.add(ReportOrder(account_id=context.here.id or 0, kind="missing", period="", asked_at=context.now))
    return Outcome(screens=[context.reply("census.table_ordered")])
