"""The readable part of a dossier: one page in plain Vietnamese, complete in itself, good on paper."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast

import jinja2

from bot.dossier.contents import Contents, Own
from bot.heads import SignedHead
from models.deadline import Deadline, Rules
from models.explaining import explain
from models.item import Attachment, Item, ItemKind
from models.texts import Due, Texts, Words

SHORT = 80  # characters of a text repeated in the table of entries
_TEMPLATE = Path(__file__).with_name("ho-so.html")
_FACTS = frozenset({ItemKind.REQUESTER, ItemKind.SPEAKER})  # JSON about a person, not somebody's words
_MOMENTS = frozenset({"due", "before", "own_deadline", "sent_at"})
_CODED = {"form": "ask.form_", "rating": "choice.rate_", "failure": "dossier.failure_"}
Ground = Callable[[str, str], str]  # pack and ground → label


@dataclass(frozen=True)
class Page:
    """Turns contents into sentences."""

    contents: Contents
    head: SignedHead
    at: datetime
    texts: Texts
    ground: Ground
    rules: Rules

    def render(self) -> str:
        """The page."""
        template = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
        return template.from_string(_TEMPLATE.read_text("utf-8")).render(
            say=self._say,
            code=self.contents.case.code,
            made=self._spoken(self.at),
            facts=self._facts(),
            words=[self._text(item) for item in self.contents.items if item.kind not in _FACTS],
            entries=[self._entry(own) for own in self.contents.own],
            loose=[self._file(file) for file in self.contents.files if file.item_digest not in self._items],
            head=self.head,
        )

    def paper(self) -> dict[str, Any]:
        """The same in the words of the paper: with the deadline explained, and the fingerprint of every file."""
        items = [item for item in self.contents.items if item.kind not in _FACTS]
        return {
            "title": self._say("dossier.title", code=self.contents.case.code),
            "code": self.contents.case.code,
            "made": self._say("dossier.made", at=self._spoken(self.at)),
            "facts": self._facts(),
            "heading_words": self._say("dossier.words"),
            "words": [self._printed(item) for item in items],
            "erased": self._say("dossier.erased"),
            "file": self._say("dossier.file"),
            "heading_deadline": self._say("dossier.deadline"),
            "deadline": [line for clock in self.contents.clocks for line in self._explained(clock)],
            "no_deadline": self._say("dossier.no_deadline"),
            "heading_entries": self._say("dossier.entries"),
            "columns": [self._say(f"dossier.column_{name}") for name in ("number", "at", "who", "what")],
            "entries": [self._entry(own) for own in self.contents.own],
            "heading_files": self._say("dossier.files"),
            "file_columns": [self._say(f"dossier.column_{name}") for name in ("file", "sha256", "size")],
            "files": [self._file(file) | {"sha256": file.sha256} for file in self.contents.files],
            "no_files": self._say("dossier.no_files"),
            "heading_checking": self._say("dossier.checking"),
            "how": [self._say("dossier.how")],
            "head_label": self._say("dossier.head"),
            "head_day": f"{self.head.seq} ({self.head.day})",
            "head_hash": self.head.hash,
            "key_label": self._say("dossier.key"),
            "key": self.head.key,
        }

    def _printed(self, item: Item) -> dict[str, Any]:
        said = self._text(item)
        return said | {"files": [file["name"] for file in said["files"]]}

    def _explained(self, clock: Deadline) -> list[str]:
        """How a deadline comes about: each day or hour that counted or was left out, and why."""
        counted = self.rules.counted(clock)
        if counted is None:
            state = self._say(f"dossier.clock_{clock.state.value}")
            return [self._say("dossier.clock_line", clock=clock.clock_id, state=state)]
        sentences = {key.removeprefix("law."): text for key, text in self.texts.sentences["vi"].items() if key.startswith("law.")}
        return [
            self._say("dossier.clock_line", clock=clock.clock_id, state=self._say(f"dossier.clock_{clock.state.value}")),
            *explain(counted, sentences, self.rules.calendar),
        ]

    @property
    def _items(self) -> Mapping[str, Item]:
        return {item.digest: item for item in self.contents.items}

    @property
    def _units(self) -> Mapping[str, str]:
        """Units by the names they had when they had the case."""
        return {str(own.value["unit"]["id"]): str(own.value["unit"]["name"]) for own in self.contents.own if "unit" in own.value}

    def _say(self, key: str, **values: Any) -> str:
        """A sentence; the key's own last part where an entry speaks of something newer than our words."""
        return self.texts.say("vi", key, values) if key in self.texts.sentences["vi"] else key.rpartition(".")[2]

    def _spoken(self, value: object) -> str:
        return self.texts.spoken(value, "vi")

    def _facts(self) -> Sequence[tuple[str, str]]:
        """Who asked, what became of it, by which rules."""
        case, asked = self.contents.case, self._json(self.contents.case.requester)
        unit = next((own.value["unit"]["name"] for own in reversed(self.contents.own) if "unit" in own.value), "–")
        due = next((own.value["detail"]["due"] for own in reversed(self.contents.own) if own.value["detail"].get("due")), None)
        found = {
            "reporter": asked.get("name"),
            "outlet": asked.get("outlet"),
            "credential": self._say(f"choice.{asked['credential']}") if "credential" in asked else None,
            "number": asked.get("number"),
            "expires": self._spoken(date.fromisoformat(asked["expires"])) if "expires" in asked else None,
            "standing": self._say(f"dossier.standing_{asked['standing']}") if "standing" in asked else None,
            "unit": unit,
            "received": self._spoken(case.received_at),
            "form": self._say(f"ask.form_{case.wanted_form}"),
            "own_deadline": self._spoken(case.own_deadline or Words.of("case.no_own_deadline")),
            "due": self._spoken(Due(datetime.fromisoformat(due))) if due else None,
            "state": self._say(f"case.state_{case.state.value}"),
            "pack": case.pack_id,
        }
        return [(self._say(f"dossier.fact_{name}"), str(value)) for name, value in found.items() if value]

    def _json(self, digest: str | None) -> dict[str, Any]:
        item = self._items.get(digest or "")
        return cast("dict[str, Any]", json.loads(item.text)) if item is not None and item.text is not None else {}

    def _text(self, item: Item) -> dict[str, Any]:
        """One text: what it is, by whom, when, whether it replaces another; an answer with its attribution."""
        entry = next((own for own in self.contents.own if _names(own, item.digest)), None)
        kind = self._say(f"dossier.kind_{item.kind.value}" if entry is not None else "dossier.kind_unsent")
        return {
            "id": item.digest,
            "kind": kind,
            "at": self._spoken(item.created_at),
            "text": None if item.text is None else str(item),  # what two people covered stays covered
            "version": item.replaces in self._items,
            "attribution": self._attribution(item),
            "files": [self._file(file) for file in self.contents.files if file.item_digest == item.digest],
        }

    def _attribution(self, item: Item) -> str | None:
        """Who said it for the agency, by what right."""
        for own in self.contents.own:
            detail, who = own.value["detail"], own.value["detail"].get("speaker")
            if isinstance(who, dict) and item.digest in {detail.get("item"), detail.get("reason")}:
                said = self._json(cast("dict[str, Any]", who).get("item"))
                known = {"name": "–", "position": "–", "unit": "–", "decision_no": "–", "capacity": "standing"} | said
                capacity = self._say(f"dossier.capacity_{known['capacity']}")
                return self._say("dossier.attribution", **(known | {"capacity": capacity}), day=own.row.at)
        return None

    def _file(self, file: Attachment) -> dict[str, Any]:
        erased = file.erased_at is not None
        name = file.name or self._say("dossier.erased" if erased else "dossier.unnamed")
        return {"name": name, "path": None if erased else self.contents.path(file), "size": f"{max(1, file.size // 1024)} kB"}

    def _entry(self, own: Own) -> dict[str, Any]:
        actor = own.value["actor"]
        role = self._say(f"dossier.role_{actor['role']}")
        person = self.contents.people.get(int(actor["person"] or 0))
        return {
            "number": own.value["case_seq"],
            "seq": own.row.seq,
            "at": self._spoken(own.row.at),
            "who": f"{person} ({role})" if person else role,
            "unit": own.value.get("unit", {}).get("name", ""),
            "what": self._say(f"history.{own.row.action.replace('.', '_')}"),
            "detail": [line for key, value in own.value["detail"].items() if (line := self._line(own, key, value)) is not None],
            "digest": own.row.digest,
        }

    def _line(self, own: Own, key: str, value: Any) -> tuple[str, str] | None:
        """One fact of an entry in words; None for what stands elsewhere on the page."""
        label = f"dossier.detail_{key}"
        if value in (None, "", []) or label not in self.texts.sentences["vi"]:
            return None
        return self._say(label), self._value(own, key, value)

    def _value(self, own: Own, key: str, value: Any) -> str:
        if isinstance(value, str) and value in self._items:
            return self._excerpt(self._items[value])
        if isinstance(value, list):
            return str(len(cast("list[object]", value)))
        if key in _MOMENTS:
            return self._spoken(Due(datetime.fromisoformat(value)))
        people = {str(number): name for number, name in self.contents.people.items()}
        names = {"origin": self._units, "asked_by": people}.get(key, {})
        if key == "ground":
            return self.ground(str(own.value.get("pack", "")), str(value))
        return self._say(f"{_CODED[key]}{value}") if key in _CODED else names.get(str(value), str(value))

    def _excerpt(self, item: Item) -> str:
        """A text's first words; a longer one stands above in full."""
        if item.text is None:
            return self._say("dossier.erased")
        words = " ".join(str(item).split())
        return words if len(words) <= SHORT else f"{words[:SHORT].rstrip()}…"


def _names(own: Own, digest: str) -> bool:
    """Whether an entry says that a text was used; that it is to be erased does not."""
    erasing = own.row.action.startswith("erasure.")
    return own.value["detail"].get("reason") == digest if erasing else digest in own.row.entry
