"""What every step that asks for something shares: the way out, and a reason somebody can read."""

from typing import Any

from handlers import casework
from handlers.contract import LEAVE, Context, InboundMessage, Kind, Outcome
from models.errors import Refusal


def quits(message: InboundMessage) -> bool:
    """The person taps “Thoát”."""
    return message.choice == "=quit"


def left(context: Context) -> Outcome:
    """Nothing was done; the conversation leaves the flow."""
    return Outcome(screens=[context.reply("start.cancelled")], place=LEAVE)


def reason(message: InboundMessage) -> str:
    """A reason in words; “không” is none."""
    if message.kind is not Kind.TEXT or len(message.text) < casework.SHORTEST_REASON:
        raise Refusal("form.reason_please", least=casework.SHORTEST_REASON)
    return message.text


def said(context: Context) -> dict[str, Any]:
    """What the present flow has been told so far."""
    return context.conversation.said() if context.conversation else {}
