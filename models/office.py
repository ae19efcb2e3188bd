"""Everything an office has read from its content and directory: sentences, law, calendar, topics, the router."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from models.casework.brakes import Brakes
from models.clocks.deadline import Rules
from models.evidence.keeping import Retention
from models.texts import Names, Texts

PART_OF = "\n\n↳ "  # below this a question carries the message it was taken from


def asked(question: str) -> str:
    """The question itself, without the message it was taken from."""
    return question.partition(PART_OF)[0]


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

    @property
    def parts(self) -> Sequence[str]: ...  # noqa: D102 - a field
    @property
    def concepts(self) -> Sequence[str]: ...  # noqa: D102 - a field
    @property
    def note(self) -> str: ...  # noqa: D102 - a field


class Router(Protocol):
    """Finds the units a question may belong to, by the structure of the day it is asked."""

    def route(self, text: str, at: datetime, language: str = "vi", sender: str | None = None) -> Proposal:
        """Ranked units with reasons in a language, or an honest abstention."""
        ...

    def concepts(self, text: str, at: datetime) -> Sequence[str]:
        """The matters a question is about, the plainest first."""
        ...

    def matter(self, concept: str) -> str:
        """A matter in words."""
        ...

    def heirs(self, unit_id: str, at: datetime) -> Sequence[str]:
        """Who stands on that day for a unit that is gone; communes for a former district."""
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
    retention: Retention = field(default_factory=Retention)
    brakes: Brakes = field(default_factory=Brakes)
    unit_names: Mapping[str, str] = field(default_factory=dict[str, str])  # id → name of the units there are today
    rules_stamp: tuple[tuple[str, int, int], ...] = ()  # the files the rules were read from, as they were then
    former_names: Mapping[str, str] = field(default_factory=dict[str, str])  # id → name of those that are gone or still to come
    english_names: Mapping[str, str] = field(default_factory=dict[str, str])  # id → English name, where there is one

    def unit_name(self, unit_id: str | None, language: str = "vi") -> str:
        """The name of a unit today, or its last one; the id where the directory has never known it."""
        key = unit_id or ""
        english = self.english_names.get(key) if language == "en" else None
        return english or self.unit_names.get(key) or self.former_names.get(key) or unit_id or "–"

    def unit(self, unit_id: str | None) -> Names:
        """A unit by its name, for a sentence whose reader's language is not known yet."""
        return Names(self.unit_name(unit_id), self.unit_name(unit_id, "en"))
