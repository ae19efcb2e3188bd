"""The first lines of a file: who asked or what happened, what became of it, by which rules."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.dossier.contents import Own, Record
from models.casework.imported import ImportedCase
from models.casework.inquiry import Inquiry
from models.evidence.item import Item
from models.texts import Due, Texts, Words

Facts = Sequence[tuple[str, str]]
Json = Callable[[str | None], Mapping[str, Any]]


@dataclass(frozen=True)
class Introduction:
    """Says a record in this office's words; `json` reads the facts kept about a person."""

    texts: Texts
    items: Mapping[str, Item]
    json: Json
    units: Mapping[str, str]

    def of(self, record: Record | None, own: Sequence[Own]) -> Facts:
        """Label and value of everything that is known."""
        if record is None:
            return []
        if isinstance(record, Inquiry):
            found = self._inquiry(record, own)
        elif isinstance(record, ImportedCase):
            found = self._older(record)
        else:
            found = self._matter(record)
        return [(self._say(f"dossier.fact_{name}"), self._spoken(value)) for name, value in found if value]

    def _inquiry(self, case: Inquiry, own: Sequence[Own]) -> Iterator[tuple[str, object]]:
        due = next((entry.value["detail"]["due"] for entry in reversed(own) if entry.value["detail"].get("due")), None)
        yield from self._asker(case.requester)
        yield "unit", next((entry.value["unit"]["name"] for entry in reversed(own) if "unit" in entry.value), None)
        yield "received", case.received_at
        yield "came_by", Words.of(f"dossier.came_by_{case.came_by}") if case.recorded_by is not None else None
        yield "form", Words.of(f"ask.form_{case.wanted_form}")
        yield "own_deadline", case.own_deadline or Words.of("case.no_own_deadline")
        yield "due", Due(datetime.fromisoformat(due)) if due else None
        yield "state", Words.of(f"case.state_{case.state.value}")
        yield "matter", case.matter_code
        yield "document_no", case.document_no
        yield "pack", case.pack_id

    def _older(self, case: ImportedCase) -> Iterator[tuple[str, object]]:
        yield from self._asker(case.requester)
        yield "unit", self.units.get(case.unit_id, case.unit_id)
        yield "received", case.received_at
        yield "due", Due(case.due_at) if case.due_at else None
        yield "state", Words.of(f"report.outcome_{case.outcome.value}")
        yield "ended", case.ended_at
        yield "reference", case.reference
        yield "source", f"{case.source}, {case.row}"
        yield "pack", case.pack_id

    def _matter(self, matter: Any) -> Iterator[tuple[str, object]]:
        yield "title", self.items.get(matter.title)
        yield "unit", self.units.get(matter.unit_id, matter.unit_id)
        for name in ("occurred_at", "received_handled_at", "impact_determined_at", "first_statement_at"):
            yield name, getattr(matter, name)
        yield "state", Words.of(f"matter.state_{matter.state.value}")
        yield "pack", matter.pack_id

    def _asker(self, digest: str | None) -> Iterator[tuple[str, object]]:
        asked = self.json(digest)
        yield "reporter", asked.get("name")
        yield "outlet", asked.get("outlet")
        yield "credential", Words.of(f"choice.{asked['credential']}") if asked.get("credential") else None
        yield "number", asked.get("number")
        yield "expires", date.fromisoformat(asked["expires"]) if asked.get("expires") else None
        yield "standing", Words.of(f"dossier.standing_{asked['standing']}") if asked.get("standing") else None

    def _say(self, key: str) -> str:
        return self.texts.say("vi", key)

    def _spoken(self, value: object) -> str:
        return self.texts.spoken(value, "vi")
