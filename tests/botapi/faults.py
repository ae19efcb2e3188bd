"""Faults on order: by script (the next N calls of a method), by probability with a seed, everywhere or in one chat."""

import random
from dataclasses import dataclass, field
from typing import Literal, get_args

from tests.botapi.common import Json, Refused

Kind = Literal[
    "bad_gateway",  # 502 with an HTML body
    "reset_before",  # the connection is cut, nothing was done
    "reset_after",  # the call was accepted, the connection is cut before the answer
    "latency",  # `seconds` late, then as usual
    "blocked",  # 403: bot was blocked by the user
    "bad_request",  # 400 with `description`
    "status",  # `code` and `description`
    "too_many",  # 429 with retry_after `seconds`
    "invalid_json",  # the call was accepted, the answer is cut JSON
    "timeout_after",  # the call was accepted, the answer never comes (`seconds`)
]
KINDS: tuple[str, ...] = get_args(Kind)
ACCEPTED: frozenset[str] = frozenset({"reset_after", "invalid_json", "timeout_after", "latency"})


@dataclass(slots=True)
class Fault:
    """One order: what goes wrong, for which calls, how often."""

    kind: str
    method: str = "*"
    chat: int | None = None
    times: int | None = None  # None: for ever
    skip: int = 0  # let this many matching calls pass first
    probability: float = 1.0
    seconds: float = 1.0
    code: int = 400
    description: str = "Bad Request: as ordered"
    happened: int = 0

    def answer(self) -> Refused:
        """The refusal this fault stands for."""
        if self.kind == "blocked":
            return Refused("bot was blocked by the user", 403)
        if self.kind == "too_many":
            seconds = max(1, round(self.seconds))
            return Refused(f"Too Many Requests: retry after {seconds}", 429, retry_after=seconds)
        refusal = Refused(self.description, self.code if self.kind == "status" else 400)
        refusal.description = self.description
        return refusal


@dataclass
class Faults:
    """The orders in force, in the order they were given; the first that fits a call hits it."""

    seed: int
    orders: list[Fault] = field(default_factory=list[Fault])

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)

    def order(self, wanted: Json) -> Fault:
        """Take one order from its JSON."""
        if wanted.get("kind") not in KINDS:
            raise Refused(f"unknown fault {wanted.get('kind')}; known: {', '.join(KINDS)}")
        try:
            fault = Fault(**wanted)
        except TypeError as error:
            raise Refused(str(error)) from error
        self.orders.append(fault)
        return fault

    def strike(self, method: str, chat: int | None) -> Fault | None:
        """The fault that hits this call, if one does."""
        for fault in self.orders:
            if fault.method not in {"*", method} or (fault.chat is not None and fault.chat != chat) or fault.times == 0:
                continue
            if fault.skip:
                fault.skip -= 1
                continue
            if fault.probability < 1 and self.dice.random() >= fault.probability:
                continue
            fault.happened += 1
            if fault.times:
                fault.times -= 1
            return fault
        return None
