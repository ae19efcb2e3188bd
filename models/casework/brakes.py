"""The brake before something goes out, or on: signs of secrets and private numbers, and the second person who decides (F111)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass as plain
from datetime import datetime
from typing import Any

from pydantic.dataclasses import dataclass
from sqlalchemy import JSON
from sqlmodel import Field, col, select

from models.content import ContentProblem, Document
from models.errors import Refusal
from models.evidence.exchange import Entry
from models.schema import STRICT, ContentProblems, Flag, Words, records
from models.store import Big, Instant, Logged, Row, Store
from models.text import number as row_number

INCOMING = "incoming"
PHONE = "phone"


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Mark:
    """One kind of sign: what it is called, why it matters, how it is recognised in words and in names of files."""

    id: Words
    label: Words
    explain: Words
    incoming: Flag = False
    patterns: tuple[Words, ...]
    names: tuple[Words, ...] = ()


@dataclass(frozen=True, kw_only=True, config=STRICT)
class _File:
    """`content/brakes.yaml`."""

    marks: tuple[Mark, ...]
    published: tuple[str, ...] = ()


@plain(frozen=True)
class Brakes:
    """The signs an office brakes on, ready to be looked for."""

    marks: Sequence[tuple[Mark, Sequence[re.Pattern[str]], Sequence[re.Pattern[str]]]] = ()
    published: frozenset[str] = frozenset()

    @classmethod
    def parse(cls, document: Document) -> "Brakes":
        """The signs of a file.

        Raises:
            ContentProblems: everything its author must mend, patterns that cannot be read among it.
        """
        read = records(document, _File)
        if found := list(_unreadable(read, document)):
            raise ContentProblems(found)
        ready = [(m, [re.compile(p) for p in m.patterns], [re.compile(p) for p in m.names]) for m in read.marks]
        return cls(ready, frozenset(_digits(number) for number in read.published))

    def found(self, text: str, names: Sequence[str] = (), *, incoming: bool = False) -> list[Mark]:
        """The signs in a text and in the names of its files; of what comes in only those that hold it back."""
        return [
            mark
            for mark, words, of_names in self.marks
            if (mark.incoming or not incoming)
            and (self._in(mark, words, text) or any(p.search(n) for p in (*words, *of_names) for n in names))
        ]

    def _in(self, mark: Mark, patterns: Sequence[re.Pattern[str]], text: str) -> bool:
        hits = (match for pattern in patterns for match in pattern.finditer(text))
        return any(mark.id != PHONE or _digits(match[0]) not in self.published for match in hits)

    def labels(self, ids: Sequence[str]) -> str:
        """What marks are called, in a list."""
        return ", ".join(mark.label for mark, _, _ in self.marks if mark.id in ids)


def _digits(text: str) -> str:
    digits = re.sub(r"\D", "", text)
    return f"0{digits[2:]}" if digits.startswith("84") and len(digits) > 10 else digits


def _unreadable(read: _File, document: Document) -> Iterator[ContentProblem]:
    for index, mark in enumerate(read.marks):
        for key in ("patterns", "names"):
            for place, pattern in enumerate(getattr(mark, key)):
                try:
                    re.compile(pattern)
                except re.error as error:
                    yield document.problem(f"mẫu không đọc được ({error}); kiểm tra ngoặc và dấu \\", "marks", index, key, place)


class Brake(Row, Logged, table=True):
    """Something that waits for a second person: the text by its digest, the signs, and how to go on from there."""

    id: int | None = Field(default=None, primary_key=True, sa_type=Big)
    kind: str  # answer, refusal, release, statement, incoming
    case_code: str | None = Field(default=None, index=True)
    digest: str = Field(max_length=64, index=True)
    marks: list[str] = Field(default_factory=list[str], sa_type=JSON)
    files: list[str] = Field(default_factory=list[str], sa_type=JSON)
    resume: dict[str, Any] = Field(default_factory=dict[str, Any], sa_type=JSON)
    asked_by: int | None = Field(default=None, sa_type=Big)
    asked_at: datetime = Field(sa_type=Instant)
    decided_by: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = Field(default=None, sa_type=Instant, index=True)
    allowed: bool = False
    reason: str | None = Field(default=None, max_length=64, foreign_key="item.digest")

    def held(self) -> Entry:
        """It waits; the entry names the signs, never the words."""
        detail = {"brake": self.id, "brake_kind": self.kind, "item": self.digest, "marks": self.marks}
        return Entry("brake.held", (self,), case=self.case_code, detail=detail)

    def decide(self, person_id: int, reason: str, at: datetime, *, allowed: bool) -> Entry:
        """Another person lets it go on, or not, and says why; the first decision stands."""
        if self.decided_at is not None:
            raise Refusal("brake.decided_already")
        if person_id == self.asked_by:
            raise Refusal("brake.second_person")
        self.decided_by, self.decided_at, self.allowed, self.reason = person_id, at, allowed, reason
        detail = {"brake": self.id, "item": self.digest, "marks": self.marks, "allowed": allowed, "reason": reason}
        return Entry("brake.decided", (self,), case=self.case_code, detail=detail)


async def by_number(store: Store, brake_id: str) -> Brake | None:
    """One by its number."""
    wanted = row_number(brake_id)
    return None if wanted is None else await store.get(Brake, wanted)


async def of_text(store: Store, digest: str) -> Sequence[Brake]:
    """What was decided, or waits to be, on a text."""
    return (await store.scalars(select(Brake).where(Brake.digest == digest).order_by(col(Brake.id)))).all()


async def quarantined(store: Store, code: str) -> set[str]:
    """The digests of what came in for a case and nobody has let on."""
    rows = await store.scalars(select(Brake).where(Brake.case_code == code, Brake.kind == INCOMING, col(Brake.allowed).is_(False)))
    return {row.digest for row in rows.all()}


async def waiting(store: Store) -> Sequence[Brake]:
    """Everything that waits for a second person."""
    return (await store.scalars(select(Brake).where(col(Brake.decided_at).is_(None)).order_by(col(Brake.id)))).all()
