"""A paper as a workbook: one sheet a section, nothing in it ever a formula or a link."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.papers.view import Paper, Section

FONT = "Times New Roman"
HEIGHT = 17  # points of a line
LINE = 110  # characters that fit a landscape page
LONGEST = 32_000  # characters of one cell; Excel takes 32,767


def write(paper: Paper, path: Path) -> None:
    """Write the workbook."""
    import xlsxwriter  # noqa: PLC0415 - only whoever wants a workbook waits for the library

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as opened:
        book: Any = opened  # the library has no types
        styles = {
            "title": book.add_format({"font_name": FONT, "font_size": 14, "bold": True}),
            "text": book.add_format({"font_name": FONT, "font_size": 12, "text_wrap": True, "valign": "top"}),
            "head": book.add_format(
                {"font_name": FONT, "font_size": 12, "bold": True, "text_wrap": True, "border": 1, "bg_color": "#EEEEEE"}
            ),
            "cell": book.add_format({"font_name": FONT, "font_size": 12, "text_wrap": True, "valign": "top", "border": 1}),
        }
        for section in paper.sections:
            sheet = book.add_worksheet(section.short[:31])
            sheet.set_paper(9)
            sheet.set_landscape()
            sheet.fit_to_pages(1, 0)
            _sheet(sheet, paper, section, styles)


def _sheet(sheet: Any, paper: Paper, section: Section, styles: dict[str, Any]) -> None:
    shares = section.table.widths if section.table else (100,)
    widths = [max(6, share * LINE // sum(shares)) for share in shares]
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    at = 0
    for text, style in ((paper.title, "title"), *((line, "text") for line in paper.subtitle), (section.heading, "title")):
        _wide(sheet, at, len(widths), text, styles[style])
        at += 1
    for sentence in section.sentences:
        _wide(sheet, at, len(widths), sentence, styles["text"])
        at += 1
    if section.table is not None:
        sheet.write_row(at, 0, list(section.table.columns), styles["head"])
        sheet.freeze_panes(at + 1, 0)
        for row in section.table.rows:
            at += 1
            _row(sheet, at, row, styles["cell"])
            lines = max(_lines(str(value), width) for value, width in zip(row, widths, strict=True))
            sheet.set_row(at, HEIGHT * min(lines, 20))
    _wide(sheet, at + 2, len(widths), paper.footer, styles["text"])


def _wide(sheet: Any, at: int, columns: int, text: str, style: Any) -> None:
    """A line over the whole width, high enough for its words."""
    if columns > 1:
        sheet.merge_range(at, 0, at, columns - 1, "", style)
    sheet.write_string(at, 0, text[:LONGEST], style)
    sheet.set_row(at, HEIGHT * min(_lines(text, LINE), 20))


def _lines(text: str, width: int) -> int:
    """How many lines a text takes in a column of so many characters; programs do not all work it out themselves."""
    return sum(1 + len(line) // max(1, width - 2) for line in text.split("\n"))


def _row(sheet: Any, at: int, row: Sequence[str | int], style: Any) -> None:
    for column, value in enumerate(row):
        if isinstance(value, int):
            sheet.write_number(at, column, value, style)
        else:
            sheet.write_string(at, column, value if len(value) <= LONGEST else f"{value[:LONGEST]}…", style)
