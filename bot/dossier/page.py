"""The readable part of a dossier: plain Vietnamese, file after file, complete in itself, good on paper."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from bot.dossier.contents import Contents, Own
from bot.dossier.detail import Details, Ground
from bot.dossier.facts import Introduction
from bot.watch.heads import SignedHead
from models.clocks.deadline import Deadline, Rules
from models.evidence.item import Attachment, Item, ItemKind
from models.law.explaining import explain
from models.texts import Texts

PRINTED = 1500  # entries on paper; a longer period is printed as the list of its files, the page and the JSON have everything
_TEMPLATE = Path(__file__).with_name("ho-so.html")
_FACTS = frozenset({ItemKind.REQUESTER, ItemKind.SPEAKER})  # JSON about a person, not somebody's words


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
        import jinja2  # noqa: PLC0415 - nobody who never exports a dossier loads what makes its page

        template = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
        return template.from_string(_TEMPLATE.read_text("utf-8")).render(
            say=self._say,
            code=self.contents.subject.name,
            made=self._spoken(self.at),
            parts=self._parts,
            head=self.head,
        )

    def paper(self) -> dict[str, Any]:
        """The same in the words of the paper, and the fingerprint of every file."""
        short = len(self.contents.own) > PRINTED
        labels = ("words", "deadline", "no_deadline", "entries", "files", "no_files", "checking", "erased", "file", "key")
        return {
            "title": self._say("dossier.title", code=self.contents.subject.name),
            "code": self.contents.subject.name,
            "made": self._say("dossier.made", at=self._spoken(self.at)),
            "say": {name: self._say(f"dossier.{name}") for name in labels},
            "short": self._say("dossier.short", number=len(self.contents.own)) if short else "",
            "parts": [part | {"words": [], "deadline": [], "entries": [], "loose": []} if short else part for part in self._parts],
            "columns": [self._say(f"dossier.column_{name}") for name in ("number", "at", "who", "what")],
            "file_columns": [self._say(f"dossier.column_{name}") for name in ("file", "sha256", "size")],
            "files": [self._file(file) | {"sha256": file.sha256} for file in self.contents.files],
            "how": [self._say("dossier.how")],
            "head_label": self._say("dossier.head"),
            "head_day": f"{self.head.seq} ({self.head.day})",
            "head_hash": self.head.hash,
            "key": self.head.key,
        }

    @cached_property
    def _parts(self) -> list[dict[str, Any]]:
        """File after file in the order they first appear; what belongs to none comes last."""
        own: dict[str | None, list[Own]] = {code: [] for code in self.contents.subject.cases}
        for entry in self.contents.own:
            own.setdefault(entry.row.case_code, []).append(entry)
        items, files, clocks = defaultdict[str | None, list[Item]](list), defaultdict[str | None, list[Attachment]](list), self._clocks
        for item in self.contents.items:
            items[item.case_code if item.case_code in own else None].append(item)
        for file in self.contents.files:
            files[file.case_code if file.case_code in own else None].append(file)
        order = [*(code for code in own if code is not None), *([None] if None in own or items[None] or files[None] else [])]
        return [self._part(code, own.get(code, []), items[code], files[code], clocks[code]) for code in order]

    @property
    def _clocks(self) -> Mapping[str | None, list[Deadline]]:
        found = defaultdict[str | None, list[Deadline]](list)
        for clock in self.contents.clocks:
            found[clock.case_code].append(clock)
        return found

    def _part(
        self, code: str | None, own: Sequence[Own], items: Sequence[Item], files: Sequence[Attachment], clocks: Sequence[Deadline]
    ) -> dict[str, Any]:
        """One file: who asked or what happened, every text, the deadline explained, every entry."""
        alone = len(self.contents.subject.cases) == 1
        inside = {item.digest for item in items}
        return {
            "heading": "" if alone else code or self._say("dossier.of_no_file"),
            "facts": self._introduction.of(self.contents.records.get(code or ""), own),
            "words": [self._text(item, own, files, inside) for item in items if item.kind not in _FACTS],
            "loose": [self._file(file) for file in files if file.item_digest not in inside],
            "deadline": [line for clock in clocks for line in self._explained(clock)],
            "entries": [self._entry(entry) for entry in own],
        }

    def _explained(self, clock: Deadline) -> list[str]:
        """How a deadline comes about: each day or hour that counted or was left out, and why."""
        counted = self.rules.counted(clock)
        said = self._say("dossier.clock_line", clock=clock.clock_id, state=self._say(f"dossier.clock_{clock.state.value}"))
        if counted is None:
            return [said]
        return [said, *explain(counted, self.texts.of_file("law", "vi"), self.rules.calendar)]

    @cached_property
    def _items(self) -> Mapping[str, Item]:
        return {item.digest: item for item in self.contents.items}

    @cached_property
    def _details(self) -> Details:
        return Details(self.texts, self._items, self.contents.people, self._units, self.ground, self.rules)

    @cached_property
    def _introduction(self) -> Introduction:
        return Introduction(self.texts, self._items, self._json, self._units)

    @cached_property
    def _units(self) -> Mapping[str, str]:
        """Units by the names they had when something happened there; the others by the name they have."""
        return {**self.contents.units} | {
            str(o.value["unit"]["id"]): str(o.value["unit"]["name"]) for o in self.contents.own if "unit" in o.value
        }

    def _say(self, key: str, **values: Any) -> str:
        return self._details.say(key, **values)

    def _spoken(self, value: object) -> str:
        return self.texts.spoken(value, "vi")

    def _json(self, digest: str | None) -> dict[str, Any]:
        item = self._items.get(digest or "")
        return cast("dict[str, Any]", json.loads(item.text)) if item is not None and item.text is not None else {}

    def _text(self, item: Item, own: Sequence[Own], files: Sequence[Attachment], inside: set[str]) -> dict[str, Any]:
        """One text: what it is, by whom, when, whether it replaces another; an answer with its attribution."""
        entry = next((one for one in own if _names(one, item.digest)), None)
        kind = self._say(f"dossier.kind_{item.kind.value}" if entry is not None else "dossier.kind_unsent")
        return {
            "id": item.digest,
            "kind": kind,
            "at": self._spoken(item.created_at),
            "text": None if item.text is None else str(item),  # what two people covered stays covered
            "covered": self._say("dossier.covered") if item.masked else "",
            "version": item.replaces in inside,
            "attribution": self._attribution(item, own),
            "files": [self._file(file) for file in files if file.item_digest == item.digest],
        }

    def _attribution(self, item: Item, own: Sequence[Own]) -> str | None:
        """Who said it for the agency, by what right."""
        for one in own:
            detail, who = one.value["detail"], one.value["detail"].get("speaker")
            if isinstance(who, dict) and item.digest in {detail.get("item"), detail.get("reason")}:
                said = self._json(cast("dict[str, Any]", who).get("item"))
                known = {"name": "–", "position": "–", "unit": "–", "decision_no": "–", "capacity": "standing"} | said
                capacity = self._say(f"dossier.capacity_{known['capacity']}")
                return self._say("dossier.attribution", **(known | {"capacity": capacity}), day=one.row.at)
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
            "number": own.value.get("case_seq", own.row.seq),
            "seq": own.row.seq,
            "at": self._spoken(own.row.at),
            "who": f"{person} ({role})" if person else role,
            "unit": own.value.get("unit", {}).get("name", ""),
            "what": self._say(f"history.{own.row.action.replace('.', '_')}"),
            "detail": self._details.lines(own),
            "digest": own.row.digest,
        }


def _names(own: Own, digest: str) -> bool:
    """Whether an entry says that a text was used; that it is to be erased or covered does not."""
    deciding = own.row.action.startswith(("erasure.", "mask."))
    return own.value["detail"].get("reason") == digest if deciding else digest in own.row.entry
