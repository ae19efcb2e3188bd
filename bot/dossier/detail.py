"""The facts of an entry in words: every name an entry may use has a label, `dossier.detail_…`, or stands elsewhere on the page."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from bot.dossier.contents import PEOPLE, Own
from models.clocks.deadline import Rules
from models.evidence.item import Item
from models.law.packs import NoPack
from models.texts import Due, Texts

SHORT = 80  # characters of a text repeated in the table of entries
ELSEWHERE = frozenset({"requester", "speaker", "replaces"})  # on the page itself; whoever is named by a number is named here
_DUE = frozenset({"due", "before", "wanted_by", "own_deadline"})
_UNITS = frozenset({"origin", "accepted_from", "unit", "unit_asked", "units"})
_CODED = {"form": "ask.form_", "rating": "choice.rate_", "credential": "choice.", "roles": "dossier.role_"}
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d.*")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
Ground = Callable[[str, str], str]  # pack and ground → label


@dataclass(frozen=True)
class Details:
    """What the page knows of names and texts."""

    texts: Texts
    items: Mapping[str, Item]
    people: Mapping[int, str]
    units: Mapping[str, str]
    ground: Ground
    rules: Rules

    def lines(self, own: Own) -> list[tuple[str, str]]:
        """Label and value of everything an entry says."""
        said = cast("Mapping[str, Any]", own.value["detail"])
        return [
            (self.say(f"dossier.detail_{key}"), self._value(own, key, value))
            for key, value in said.items()
            if (key not in ELSEWHERE or isinstance(value, int)) and value not in (None, "", [], {})
        ]

    def say(self, key: str, **values: Any) -> str:
        """A sentence; the key's own last part where an entry speaks of something newer than our words."""
        return self.texts.say("vi", key, values) if key in self.texts.sentences["vi"] else key.rpartition(".")[2]

    def _value(self, own: Own, key: str, value: Any) -> str:
        if isinstance(value, bool):
            return self.say("dossier.yes" if value else "dossier.no")
        if isinstance(value, dict):
            pairs = cast("Mapping[str, Any]", value).items()
            return "; ".join(f"{self.say(f'dossier.detail_{name}')}: {self._value(own, name, part)}" for name, part in pairs)
        if isinstance(value, list):
            parts = cast("list[Any]", value)
            return str(len(parts)) if key in {"items", "files"} else ", ".join(self._value(own, key, part) for part in parts)
        if isinstance(value, str) and value in self.items:
            return self.excerpt(self.items[value])
        return self._one(own, key, value)

    def _one(self, own: Own, key: str, value: str | int) -> str:
        """A single value that is no text: a name, a moment, a code with words of its own."""
        text = str(value)
        if isinstance(value, int):
            return self.people.get(value, text) if key in {*PEOPLE, "people"} else text
        if key in _UNITS and text in self.units:
            return self.units[text]
        if key == "ground":
            return self.ground(str(own.value.get("pack", "")), text)
        if key == "kind":
            return self._kind(own, text)
        if f"{_CODED.get(key, f'dossier.{key}_')}{text}" in self.texts.sentences["vi"]:
            return self.say(f"{_CODED.get(key, f'dossier.{key}_')}{text}")
        return self._moment(key, text)

    def _moment(self, key: str, text: str) -> str:
        if _MOMENT.fullmatch(text):
            moment, named = datetime.fromisoformat(text), f"dossier.detail_{key}" in self.texts.sentences["vi"]
            return self.texts.spoken(moment if named and key not in _DUE else Due(moment), "vi")  # clocks stand under their own ids
        return self.texts.spoken(date.fromisoformat(text), "vi") if _DAY.fullmatch(text) else text

    def _kind(self, own: Own, kind: str) -> str:
        """A kind of inquiry or matter as its pack names it; any other kind by a word of ours."""
        try:
            rows = self.rules.law.pack(str(own.value.get("pack", ""))).inquiry_kinds
        except NoPack:
            rows = ()
        return next((row.label for row in rows if row.id == kind), None) or self.say(f"dossier.kind_{kind}")

    def excerpt(self, item: Item) -> str:
        """A text's first words; a longer one stands above in full."""
        if item.text is None:
            return self.say("dossier.erased")
        words = " ".join(str(item).split())
        return words if len(words) <= SHORT else f"{words[:SHORT].rstrip()}…"
