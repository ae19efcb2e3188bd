"""Reading XLSX: shown values only, merged cells filled from their first one, sizes bounded before anything is unpacked."""

import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries

from bot.sheets.rows import Unreadable

UNPACKED = 256 * 1024 * 1024  # bytes of a workbook's parts together
_WIDEST = 60  # columns
_TALLEST = 60_000  # lines of a sheet
_MERGED = re.compile(rb'<mergeCell ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')


def sheets(path: Path) -> Iterator[tuple[str, Iterator[tuple[int, Sequence[Any]]]]]:
    """Every sheet with its lines, numbered as people see them.

    Raises:
        Unreadable: no workbook, too large, or a formula whose value was never computed.
    """
    try:
        with zipfile.ZipFile(path) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > UNPACKED:
                raise Unreadable(f"{path.name}: tệp mở ra quá lớn; hãy xóa hình ảnh và các trang không dùng")
        book = load_workbook(path, read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(f"{path.name}: không mở được như một tệp XLSX; hãy lưu lại dạng .xlsx") from error
    try:
        for sheet in book.worksheets:
            marks = _marks(path, getattr(sheet, "_worksheet_path", ""))
            if marks.formulas:
                _computed(path, sheet.title)
            yield sheet.title, _lines(sheet, marks)
    finally:
        book.close()


class _Marks:
    """What the plain text of a sheet shows faster than its cells: formulas, and merged ranges."""

    def __init__(self, xml: bytes) -> None:
        self.formulas = b"<f>" in xml or b"<f " in xml
        self.merged = [range_boundaries(found.decode()) for found in _MERGED.findall(xml)]


def _marks(path: Path, inside: str) -> _Marks:
    with zipfile.ZipFile(path) as packed:
        name = inside.lstrip("/")
        return _Marks(packed.read(name) if name in packed.namelist() else b"")


def _computed(path: Path, title: str) -> None:
    """Formulas count by the value the spreadsheet last showed; one that was never computed would come in as an empty cell."""
    shown, written = load_workbook(path, read_only=True, data_only=True), load_workbook(path, read_only=True)
    pairs = zip(shown[title].iter_rows(values_only=True), written[title].iter_rows(values_only=True), strict=False)
    for line, (values, sources) in enumerate(pairs, 1):
        for value, source in zip(values, sources, strict=False):
            if value is None and isinstance(source, str) and source.startswith("="):
                raise Unreadable(
                    f"{path.name}, trang “{title}”, dòng {line}: công thức chưa có giá trị; hãy mở bằng Excel, lưu lại, hoặc dán giá trị"
                )
    shown.close()
    written.close()


def _lines(sheet: Any, marks: _Marks) -> Iterator[tuple[int, Sequence[Any]]]:
    below = {(row, column): first for first, cells in _filled(marks) for row, column in cells}
    kept: dict[tuple[int, int], Any] = {}
    firsts = set(below.values())
    for number, cells in enumerate(sheet.iter_rows(values_only=True, max_col=_WIDEST), 1):
        if number > _TALLEST:
            raise Unreadable(f"trang “{sheet.title}” có hơn {_TALLEST} dòng; hãy chia nhỏ")
        values = [_plain(cell) for cell in cells]
        if below:
            for column in range(len(values)):
                if (number, column + 1) in firsts:
                    kept[number, column + 1] = values[column]
                values[column] = kept.get(below.get((number, column + 1), (0, 0)), values[column])
        yield number, values


def _filled(marks: _Marks) -> Iterator[tuple[tuple[int, int], list[tuple[int, int]]]]:
    """The cells of merged ranges that run down a column, and the first cell of each; a merge across columns is a title."""
    for left, top, right, bottom in marks.merged:
        if left == right and top is not None and bottom is not None and left is not None and bottom - top < _TALLEST:
            yield (top, left), [(row, left) for row in range(top + 1, bottom + 1)]


def _plain(value: Any) -> Any:
    """A cell as text: whole numbers without a fraction, dates as people write them here."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date):
        return f"{value:%d/%m/%Y}"
    return "" if value is None else str(value)
