"""From a file to rows. Whatever cannot be read says which file, which sheet, which line, and what to do."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, cast

from bot.sheets.rows import Place, Table, Unreadable, named, part_of, unguard
from models import content
from models.content import ContentProblem
from models.directory.parts import PARTS

LARGEST = 32 * 1024 * 1024  # bytes of one file
_HEADS_WITHIN = 15  # lines: a title and a letterhead may stand above the headings


def read(path: Path) -> Table:
    """The rows of a file, or of every CSV file of a folder.

    Raises:
        Unreadable: it is no directory file; the sentence says why.
    """
    table = Table()
    files = sorted(path.glob("*.csv")) if path.is_dir() else [path]
    if not files:
        raise Unreadable(f"{path}: thư mục không có tệp .csv nào")
    for file in files:
        if not file.is_file():
            raise Unreadable(f"{file}: không có tệp này")
        if file.stat().st_size > LARGEST:
            raise Unreadable(f"{file.name}: tệp lớn hơn {LARGEST // 1024 // 1024} MB; hãy chia nhỏ")
        reader = _READERS.get(file.suffix.lower())
        if reader is None:
            raise Unreadable(f"{file.name}: chỉ đọc được tệp {', '.join(_READERS)}")
        reader(file, table)
    return table


def _yaml(path: Path, table: Table) -> None:
    try:
        document = content.read(path)
    except ContentProblem as problem:
        raise Unreadable(str(problem)) from problem
    _mapping(path, document.data, table, document.line)


def _json(path: Path, table: Table) -> None:
    try:
        value = json.loads(path.read_text("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"{path.name}: không phải JSON ({error})") from error
    if not isinstance(value, dict):
        raise Unreadable(f"{path.name}: ngoài cùng phải là các mục {', '.join(PARTS)}")
    _mapping(path, cast("dict[str, Any]", value), table, None)


def _mapping(path: Path, value: dict[str, Any], table: Table, line: Any) -> None:
    for part, rows in value.items():
        if part not in PARTS:
            raise Unreadable(f"{path.name}: không có mục “{part}”; các mục là {', '.join(PARTS)}")
        if not isinstance(rows or [], list):
            raise Unreadable(f"{path.name}: “{part}” phải là một danh sách, mỗi dòng bắt đầu bằng dấu gạch ngang")
        for number, row in enumerate(cast("list[Any]", rows or [])):
            place = Place(path.name, line(part, number) if line is not None else number + 1)
            if not isinstance(row, dict):
                raise Unreadable(f"{place}: mỗi mục của “{part}” phải có các dòng “cột: giá trị”")
            table.add(part, cast("dict[str, Any]", row), place)


def _csv(path: Path, table: Table) -> None:
    _grid(path.name, "", csv_lines(path), table)


def csv_lines(path: Path) -> Iterator[tuple[int, Sequence[str]]]:
    """The lines of a CSV file, whatever a spreadsheet put between its cells.

    Raises:
        Unreadable: not UTF-8, or no CSV.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise Unreadable(path.name) from error
    try:
        text = raw.decode("utf-16" if raw[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(f"{path.name}: không phải UTF-8; trong Excel hãy chọn “CSV UTF-8”") from error
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=True)
    try:
        yield from ((reader.line_num, [unguard(cell) for cell in row]) for row in reader)
    except csv.Error as error:
        raise Unreadable(f"{path.name}, dòng {reader.line_num}: CSV sai cú pháp ({error}); kiểm tra dấu ngoặc kép") from error


def _xlsx(path: Path, table: Table) -> None:
    from bot.sheets import workbook  # noqa: PLC0415 - only whoever reads a workbook waits for the library

    for sheet, rows in workbook.sheets(path):
        _grid(path.name, sheet, rows, table)


def _grid(file: str, sheet: str, rows: Iterator[tuple[int, Sequence[Any]]], table: Table) -> None:
    """A sheet: the first line that has the headings of a part, then one row a line."""
    part, heads = None, list[str]()
    for line, cells in rows:
        if part is None:
            part = part_of(cells)
            heads = named(part, cells) if part is not None else []
            if part is None and line >= _HEADS_WITHIN:
                break
            continue
        row = {head: cell for head, cell in zip(heads, cells, strict=False) if head}
        table.add(part, row, Place(file, line, sheet))
    if part is None and not sheet:
        raise Unreadable(f"{file}: không thấy dòng tiêu đề; hãy xuất một tệp mẫu bằng: phatngon directory export --format csv THƯ_MỤC")


_READERS = {".yaml": _yaml, ".yml": _yaml, ".json": _json, ".csv": _csv, ".xlsx": _xlsx}
