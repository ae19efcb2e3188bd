"""The shipped calendar and packs as the law tests use them, and files written on the spot."""

import textwrap
from functools import cache
from pathlib import Path
from typing import Any

from models import content
from models.content import ContentProblem, Document
from models.law import packs
from models.law.calendar import Calendar
from models.law.calendar_file import OfficeHours, OfficeSpan
from models.schema import ContentProblems


@cache
def shipped_calendar() -> Calendar:
    """The calendar as it ships."""
    return Calendar.parse(content.document("calendar.yaml"))


@cache
def shipped_book() -> packs.LawBook:
    """Both packs as they ship."""
    return packs.LawBook.parse(content.documents("law"))


def clock(pack: str, name: str) -> packs.Clock:
    """A clock of a shipped pack."""
    found = shipped_book().pack(pack).clock(name)
    assert found, f"{pack} has no {name}"
    return found


def sentences(language: str = "vi") -> dict[str, str]:
    """The sentences that explain a deadline."""
    return content.document(f"texts/{language}/law.yaml").data


def written(folder: Path, text: str, name: str = "sample.yaml") -> Document:
    """A content file written on the spot."""
    path = folder / name
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    return content.read(path)


def edited(folder: Path, shipped: str, *changes: tuple[str, str], name: str = "") -> Document:
    """A shipped file with some of its text replaced, each replacement found exactly where it is expected."""
    text = (content.SHIPPED / shipped).read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    path = folder / (name or Path(shipped).name)
    path.write_text(text, encoding="utf-8")
    return content.read(path)


def line_of(document: Document, text: str) -> int:
    """The line on which a text stands."""
    lines = document.path.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def found(error: ContentProblems) -> list[ContentProblem]:
    """The problems of an error, in order of file and line."""
    return sorted(error.problems, key=lambda problem: (str(problem.path), problem.line))


def hours(opens: str, closes: str) -> OfficeHours:
    """Office hours without a break, written as in the file."""
    span: dict[str, Any] = {"opens": opens, "closes": closes}
    return OfficeHours(spans=(OfficeSpan(**span),))
