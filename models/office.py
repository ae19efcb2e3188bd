"""Everything an office has read from its content and directory: sentences, law, calendar, topics, the router."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from models.deadline import Rules
from models.texts import Texts


class Suggestion(Protocol):
    """A unit the router would ask, how sure it is (0 to 1), and why, in words."""

    @property
    def id(self) -> str: ...  # noqa: D102 - a field
    @property
    def score(self) -> float: ...  # noqa: D102 - a field
    @property
    def reason(self) -> str: ...  # noqa: D102 - a field


class Proposal(Protocol):
    """What the router makes of a question: choose, split, ask_area, desk or help."""

    @property
    def action(self) -> str: ...  # noqa: D102 - a field
    @property
    def units(self) -> Sequence[Suggestion]: ...  # noqa: D102 - a field
    @property
    def abstain(self) -> bool: ...  # noqa: D102 - a field


class Router(Protocol):
    """Finds the units a question may belong to, by the structure of the day it is asked."""

    def route(self, text: str, at: datetime) -> Proposal:
        """Ranked units with reasons, or an honest abstention."""
        ...


@dataclass(frozen=True)
class Topic:
    """A field people subscribe to and releases belong to."""

    id: str
    names: Mapping[str, str]

    def name(self, language: str) -> str:
        """The name in a language."""
        return self.names.get(language) or self.names["vi"]


@dataclass(frozen=True)
class Office:
    """What is the same for every message until the content changes."""

    texts: Texts
    rules: Rules
    topics: Sequence[Topic]
    router: Router
    public_url: str
    undo: timedelta = timedelta(seconds=30)
    bring_link: Callable[[int, datetime], str] = lambda _account, _at: ""  # where an account brings files too large for its channel
    unit_names: Mapping[str, str] = field(default_factory=dict[str, str])  # id → name today, for log entries and labels

    def unit_name(self, unit_id: str | None) -> str:
        """The name of a unit today; the id where the directory no longer knows it."""
        return self.unit_names.get(unit_id or "", unit_id or "–")
