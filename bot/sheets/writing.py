"""From rows to a file: what is read again gives the same rows."""

import csv
import html
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from bot.sheets.rows import TITLES, flat, guard, heading
from models.directory.parts import PARTS

FORMATS = ("yaml", "json", "csv", "xlsx")
Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def write(rows: Rows, form: str, out: Path) -> None:
    """One file; for CSV a folder with one file for each part, because a CSV file is one table."""
    if form == "csv":
        out.mkdir(parents=True, exist_ok=True)
        for part, found in rows.items():
            (out / f"{part}.csv").write_text(_csv(part, found), encoding="utf-8-sig", newline="")
    elif form == "xlsx":
        out.write_bytes(xlsx([(TITLES[part], [heading(c) for c in PARTS[part]], _cells(part, found)) for part, found in rows.items()]))
    else:
        out.write_text(said(rows, form), encoding="utf-8")


def said(rows: Rows, form: str) -> str:
    """YAML or JSON."""
    plain = {part: [dict(row) for row in found] for part, found in rows.items()}
    if form == "json":
        return json.dumps(plain, ensure_ascii=False, indent=1) + "\n"
    return yaml.safe_dump(plain, allow_unicode=True, sort_keys=False, width=140)


def _cells(part: str, rows: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    return [[flat(column, row.get(column.name)) for column in PARTS[part]] for row in rows]


def _csv(part: str, rows: Sequence[Mapping[str, Any]]) -> str:
    return table([heading(c) for c in PARTS[part]], _cells(part, rows))


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """CSV in which nothing begins like a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([guard(cell) for cell in row] for row in rows)
    return out.getvalue()


def xlsx(sheets: Sequence[tuple[str, Sequence[str], Sequence[Sequence[str]]]]) -> bytes:
    """A workbook of text cells: no formula, no link, headings that stay in sight."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    import xlsxwriter  # noqa: PLC0415 - only whoever wants a workbook waits for the library

    book: Any = xlsxwriter.Workbook(out, options)
    with book:
        bold, text = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"num_format": "@"})
        for title, heads, rows in sheets:
            sheet = book.add_worksheet(title[:31])
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, max(0, len(heads) - 1), 24, text)
            sheet.write_row(0, 0, heads, bold)
            for number, row in enumerate(rows, 1):
                for column, cell in enumerate(row):
                    sheet.write_string(number, column, cell, text)
    return out.getvalue()


def listed(heads: Mapping[str, str], rows: Sequence[Mapping[str, str]], form: str, title: str) -> bytes:
    """A public list: the same columns in every format; the page stands alone, so that a portal can show it as it is."""
    cells = [[row.get(name, "") for name in heads] for row in rows]
    if form == "xlsx":
        return xlsx([(title, list(heads.values()), cells)])
    if form == "csv":
        return table(list(heads.values()), cells).encode("utf-8-sig")
    if form == "html":
        return _page(list(heads.values()), cells, title).encode()
    plain = [{name: row.get(name, "") for name in heads} for row in rows]
    return (said({"rows": plain}, "yaml") if form == "yaml" else json.dumps(plain, ensure_ascii=False, indent=1) + "\n").encode()


def _page(heads: Sequence[str], rows: Sequence[Sequence[str]], title: str) -> str:
    top = "".join(f'<th scope="col">{html.escape(head)}</th>' for head in heads)
    body = "\n".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return (
        f'<!doctype html>\n<html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{html.escape(title)}</title></head>\n<body><h1>{html.escape(title)}</h1>\n"
        f"<table>\n<thead><tr>{top}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table></body></html>\n"
    )
