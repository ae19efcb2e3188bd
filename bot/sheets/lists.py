"""One plain list – the first sheet of a workbook, or a CSV file – as rows by the names of their columns."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.sheets.reading import csv_lines
from bot.sheets.rows import Unreadable
from models.text import fold

MOST = 50_000  # rows of one file


def rows(file: Path, columns: Mapping[str, str]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The rows that hold something, numbered as the program numbers them; dates stay dates where the file knows them as such.

    Raises:
        Unreadable: it is no such file.
    """
    lines = csv_lines(file) if file.suffix.lower() == ".csv" else _workbook(file)
    names = {fold(label): name for name, label in columns.items()}
    heading = [names.get(fold(str(cell or ""))) for cell in next(lines, (0, ()))[1]]
    for number, line in lines:
        if any(cell not in {None, ""} for cell in line):
            yield number, {name: cell for name, cell in zip(heading, line, strict=False) if name is not None}


def template(file: Path, title: str, columns: Mapping[str, str]) -> None:
    """A workbook with the headings alone."""
    import xlsxwriter  # noqa: PLC0415 - only for whoever wants the template

    with xlsxwriter.Workbook(str(file)) as opened:
        book: Any = opened
        sheet = book.add_worksheet(title)
        sheet.write_row(0, 0, list(columns.values()))
        sheet.set_column(0, len(columns) - 1, 20)


def _workbook(file: Path) -> Iterator[tuple[int, Sequence[Any]]]:
    import openpyxl  # noqa: PLC0415 - only for whoever imports a workbook

    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
    except Exception as error:
        raise Unreadable(file.name) from error  # the library raises whatever its parts raise
    try:
        yield from enumerate(book.worksheets[0].iter_rows(values_only=True, max_row=MOST), 1)
    finally:
        book.close()
