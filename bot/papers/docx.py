"""A paper as a document people go on writing in."""

from pathlib import Path

from bot.papers.letterhead import Head, Sheet
from bot.papers.view import Paper


def write(paper: Paper, path: Path) -> None:
    """Write the document."""
    sheet = Sheet(Head("", paper.agency, paper.number, paper.place_and_day))
    if paper.name:
        sheet.title(paper.name)
    sheet.title(paper.title)
    for line in paper.subtitle:
        sheet.centred(line)
    if paper.addressee:
        sheet.addressee(paper.addressee)
    for number, section in enumerate(paper.sections, 1):
        sheet.heading(f"{number}. {section.heading}")
        for sentence in section.sentences:
            sheet.text(sentence)
        if section.table is not None:
            sheet.table(section.table.columns, section.table.rows, section.table.widths, centred=section.table.centred)
    sheet.signature(paper.receivers, paper.signer, paper.signature)
    sheet.small(paper.footer)
    sheet.save(path)
