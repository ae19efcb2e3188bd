"""The faults of the strict server, and what each means for a call it strikes."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

PATIENCE = 0.5  # seconds of the bot where an answer never comes


class Fate(Enum):
    """What can be known about a call that went wrong."""

    FINE = "accepted, and known to be"
    REFUSED = "not accepted, worth another try"
    CUT = "not accepted, and nobody can know"
    ACCEPTED = "accepted, and nobody can know"
    GONE = "this person cannot be reached"
    WRONG = "this message is not taken"


@dataclass(frozen=True, eq=False)
class Fault:
    """An order to the server, and what it means."""

    kind: str
    fate: Fate
    order: Mapping[str, Any]

    def __str__(self) -> str:
        """Its name in a failure."""
        return " ".join([self.kind, *map(str, self.order.values())])


def fault(kind: str, fate: Fate, **order: Any) -> Fault:
    """One row of the table."""
    return Fault(kind, fate, order)


AT_ONCE = (
    fault("latency", Fate.FINE, seconds=0.05),
    fault("too_many", Fate.REFUSED, seconds=1),
    fault("bad_gateway", Fate.REFUSED),
    fault("status", Fate.REFUSED, code=500, description="Internal Server Error"),
    fault("status", Fate.REFUSED, code=401, description="Unauthorized"),
    fault("status", Fate.REFUSED, code=404, description="Not Found"),
    fault("status", Fate.REFUSED, code=409, description="Conflict"),
    fault("reset_before", Fate.CUT),
    fault("reset_after", Fate.ACCEPTED),
    fault("invalid_json", Fate.ACCEPTED),
    fault("blocked", Fate.GONE),
    fault("bad_request", Fate.GONE, description="Bad Request: chat not found"),
    fault("bad_request", Fate.WRONG, description="Bad Request: message is too strange"),
)
LATE = (fault("timeout_after", Fate.ACCEPTED, seconds=3 * PATIENCE), fault("latency", Fate.CUT, seconds=3 * PATIENCE))
