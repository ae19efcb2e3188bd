"""What the bot says, in every language, from `content/texts/`: the key of a sentence is its file's name and its own.

``content/texts/vi/inquiry.yaml`` with ``received: "Chúng tôi đã tiếp nhận {code}."`` is the key ``inquiry.received``.
"""

import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from models import content
from models.directory.unit import Unit

LANGUAGES = ("vi", "en")


@dataclass(frozen=True)
class Due:
    """A due moment; midnight is spoken as the end of the day before, because it is exclusive (LAW.md, counting)."""

    at: datetime


@dataclass(frozen=True)
class Words:
    """A value that is itself a sentence of ours: spoken in the reader's language."""

    key: str
    values: Mapping[str, Any]

    @classmethod
    def of(cls, key: str, **values: Any) -> "Words":
        """A nested sentence."""
        return cls(key, values)


class _Spoken(dict[str, str]):
    """The values a sentence asks for, spoken as it asks for them: screens offer many more than they say."""

    def __init__(self, texts: "Texts", language: str, values: Mapping[str, Any]) -> None:
        super().__init__()
        self._texts, self._language, self._values = texts, language, values

    def __missing__(self, name: str) -> str:
        return self._texts.spoken(self._values[name], self._language)


@dataclass(frozen=True)
class Names:
    """What something is called in each language: said in the reader's."""

    vi: str
    en: str

    def name(self, language: str) -> str:
        """In one of them."""
        return self.en if language == "en" else self.vi


class Texts:
    """The sentences of every language, and how values are spoken in them."""

    def __init__(self, sentences: Mapping[str, Mapping[str, str]], zone: ZoneInfo) -> None:
        self.sentences = sentences
        self.zone = zone

    @classmethod
    def load(cls, zone: ZoneInfo, *overlays: Path) -> "Texts":
        """Every sentence of `content/texts/`, an overlay's over the shipped one.

        Raises:
            ContentProblem: a file is no YAML, or a sentence is no text or has a placeholder that cannot be read.
        """
        found: dict[str, dict[str, str]] = {}
        for language in LANGUAGES:
            sentences = found.setdefault(language, {})
            for document in content.documents(f"texts/{language}", *overlays):
                for name, sentence in document.data.items():
                    if not isinstance(sentence, str):
                        raise document.problem(f"“{name}” phải là một câu trong ngoặc kép", name)
                    try:
                        list(string.Formatter().parse(sentence))
                    except ValueError as error:
                        raise document.problem(f"“{name}” có dấu ngoặc nhọn không khép: {{ten}} là một chỗ điền", name) from error
                    sentences[f"{document.path.stem}.{name}"] = sentence.strip()
        return cls(found, zone)

    def say(self, language: str, key: str, values: Mapping[str, Any] | None = None) -> str:
        """One sentence with its values; Vietnamese where a language lacks it."""
        sentences = self.sentences.get(language) or self.sentences["vi"]
        sentence = sentences.get(key) or self.sentences["vi"][key]
        return sentence.format_map(_Spoken(self, language, values)) if values else sentence

    def spoken(self, value: object, language: str) -> str:
        """A value as people read it."""
        if isinstance(value, Words):
            return self.say(language, value.key, value.values)
        if isinstance(value, Due):
            return self._due(value.at, language)
        if isinstance(value, datetime):
            local = value.astimezone(self.zone)
            return self.say(language, "time.moment", {"time": f"{local:%H:%M}", "day": local.date()})
        if isinstance(value, date):
            weekday = self.say(language, f"time.weekday_{value.weekday()}")
            return self.say(language, "time.day", {"weekday": weekday, "date": f"{value:%d/%m/%Y}"})
        if isinstance(value, Unit | Names):
            return value.name(language)
        return str(value)

    def _due(self, at: datetime, language: str) -> str:
        local = at.astimezone(self.zone)
        if local.time() == time.min:
            return self.say(language, "time.end_of_day", {"day": local.date() - timedelta(days=1)})
        return self.spoken(local, language)

    def of_file(self, name: str, language: str) -> dict[str, str]:
        """The sentences of one file under their own keys, in a language."""
        sentences = self.sentences.get(language) or self.sentences["vi"]
        return {key.removeprefix(f"{name}."): sentence for key, sentence in sentences.items() if key.startswith(f"{name}.")}

    def missing(self) -> Iterator[tuple[str, str]]:
        """Language and key of every sentence another language has and this one lacks."""
        every = {key for sentences in self.sentences.values() for key in sentences}
        for language in LANGUAGES:
            for key in sorted(every - self.sentences[language].keys()):
                yield language, key
