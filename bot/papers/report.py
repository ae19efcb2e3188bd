"""A report in the format a file name asks for: there as a whole or not at all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from bot.dossier.archive import whole
from bot.papers import docx, pdf, xlsx
from bot.papers.letterhead import MOTTO, STATE
from bot.papers.view import Paper, Section
from bot.papers.words import Speaker
from models.evidence.canonical import canonical
from models.reports.document import Document
from models.reports.frozen import Difference

PAGES = 300  # rows of a list on paper; the workbook and the JSON have them all


class UnknownFormat(ValueError):  # noqa: N818 - what is the case
    """No format of that ending."""


def write(document: Document, speaker: Speaker, path: Path, changes: Sequence[Difference] | None = None) -> None:
    """Write a report.

    Raises:
        UnknownFormat: the file's ending is none of ours.
    """
    writer = _WRITERS.get(path.suffix.casefold())
    if writer is None:
        raise UnknownFormat(path.suffix)
    with whole(path) as part:
        writer(document, speaker.paper(document, changes), part, speaker)


def _json(document: Document, _paper: Paper, path: Path, _speaker: Speaker) -> None:
    path.write_bytes(canonical(document))


def _xlsx(_document: Document, paper: Paper, path: Path, _speaker: Speaker) -> None:
    xlsx.write(paper, path)


def _docx(_document: Document, paper: Paper, path: Path, speaker: Speaker) -> None:
    docx.write(shortened(paper, speaker), path)


def _pdf(_document: Document, paper: Paper, path: Path, speaker: Speaker) -> None:
    pdf.write("report", {"state": STATE, "motto": MOTTO, **asdict(shortened(paper, speaker))}, path)


_WRITERS: Mapping[str, Callable[[Document, Paper, Path, Speaker], None]] = {".json": _json, ".xlsx": _xlsx, ".docx": _docx, ".pdf": _pdf}


def shortened(paper: Paper, speaker: Speaker) -> Paper:
    """The paper with its long lists cut to what somebody reads on paper; each cut says so."""
    return replace(paper, sections=[_shortened(section, speaker) for section in paper.sections])


def _shortened(section: Section, speaker: Speaker) -> Section:
    table = section.table
    if table is None:
        return section
    rows = [tuple(_cell(value, speaker) for value in row) for row in table.rows[:PAGES]]
    cut = [speaker.say("cut", shown=PAGES, number=len(table.rows))] if len(table.rows) > PAGES else []
    return replace(section, sentences=[*section.sentences, *cut], table=replace(table, rows=rows))


def _cell(value: str | int, speaker: Speaker) -> str | int:
    """A cell with thousands of codes names the first ones."""
    if isinstance(value, int) or value.count(", ") < PAGES:
        return value
    codes = value.split(", ")
    return ", ".join(codes[:PAGES]) + " " + speaker.say("cut_codes", number=len(codes) - PAGES)
