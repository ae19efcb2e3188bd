"""“Vì sao hạn là …?”: each day or hour that was counted or skipped, why, and by which rule (F60)."""

from datetime import datetime

from handlers import casework
from handlers.contract import Choice, Context, InboundMessage, Outcome
from models.clocks.deadline import Deadline, DeadlineState
from models.errors import Refusal
from models.law import counting, explaining
from models.people.person import Role


async def deadline(message: InboundMessage, context: Context) -> Outcome:
    """The deadline of a case, for its reporter and for its unit; what is listed adds up to it exactly."""
    mine = Role.REPORTER in context.roles
    case = await (casework.mine if mine else casework.ours)(context, message.argument)
    clock = await casework.clock_of(context, case.code)
    lines = _lines(context, clock) if clock is not None else None
    if clock is None or lines is None:
        raise Refusal("case.why_unknown", code=case.code)
    back = (
        Choice("choice.status", f"case.show:{case.code}") if mine else Choice.of("choice.plain", f"desk.show:{case.code}", text=case.code)
    )
    rule = context.office.rules.clock(clock)
    screen = context.reply("case.why", back, case=case.code, code=case.code, rule=rule.label if rule else "–", lines="\n".join(lines))
    return Outcome(screens=[screen], case=case.code)


def _lines(context: Context, clock: Deadline) -> list[str] | None:
    rules, language = context.office.rules, context.here.language
    counted = rules.counted(clock)
    if counted is None:
        return None
    sentences = context.office.texts.of_file("law", language)
    if clock.state is not DeadlineState.PAUSED:
        return explaining.explain(counted, sentences, rules.calendar, language)
    since = datetime.fromisoformat(clock.history[-1][1]) if clock.history else clock.running_since
    paused = explaining.paused_text(counted, since, clock.amount or "", sentences, rules.calendar, language)
    return [paused, *explaining.how(counting.completed(counted, since), sentences, rules.calendar, language)]
