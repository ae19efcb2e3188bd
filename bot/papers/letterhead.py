"""The frame of an official document as Decree 30/2020/NĐ-CP (annex I) lays it out, in DOCX: page, letters, heading, signature."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FONT = "Times New Roman"
STATE, MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"
MARGINS = {"top_margin": 20, "bottom_margin": 20, "left_margin": 30, "right_margin": 15}  # mm; the decree allows 20–25, 30–35, 15–20


@dataclass(frozen=True)
class Head:
    """What stands above the text: the agency above, the agency, number and sign, place and day, and in a letter what it is about."""

    above: str
    agency: str
    number: str
    place_and_day: str
    about: str = ""


class Sheet:
    """A page being written; the library is loaded with the first one."""

    def __init__(self, head: Head) -> None:
        import docx  # noqa: PLC0415 - only whoever wants a document waits for the library
        from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415
        from docx.oxml.ns import qn  # noqa: PLC0415
        from docx.shared import Mm, Pt  # noqa: PLC0415

        self._mm, self._pt, self._side, self._name = Mm, Pt, WD_ALIGN_PARAGRAPH, qn
        self._file: Any = docx.Document()
        section = self._file.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        for name, width in MARGINS.items():
            setattr(section, name, Mm(width))
        style = self._file.styles["Normal"]
        style.font.name, style.font.size = FONT, Pt(14)
        style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
        style.element.rPr.rFonts.set(qn("w:cs"), FONT)
        self._head(head)

    def _head(self, head: Head) -> None:
        """Two columns: the agency with its number on the left, the state and its motto on the right."""
        left, right = self.columns(1, (60, 105))
        if head.above:
            self.line(left, head.above.upper(), size=12)
        self.line(left, head.agency.upper(), size=12, bold=True)
        self.line(left, "─" * 8, size=8)
        if head.number:
            self.line(left, head.number, size=13)
        if head.about:
            self.line(left, head.about, size=12)
        self.line(right, STATE, size=12, bold=True)
        self.line(right, MOTTO, size=13, bold=True)
        self.line(right, "─" * 22, size=8)
        self.line(right, head.place_and_day, size=13, italic=True)

    def columns(self, rows: int, widths: Sequence[int]) -> list[Any]:
        """A frame without lines; returns the cells of its first row."""
        table = self._file.add_table(rows=rows, cols=len(widths))
        table.autofit = False
        for column, cell, width in zip(table.columns, table.rows[0].cells, widths, strict=True):
            column.width = cell.width = self._mm(width)  # some programs read the one, some the other
        return list(table.rows[0].cells)

    def line(self, cell: Any, text: str, *, size: int, bold: bool = False, italic: bool = False, centre: bool = True) -> None:
        """A line in a cell; the cell's first, empty paragraph is used first."""
        paragraph = cell.paragraphs[0] if len(cell.paragraphs) == 1 and not cell.paragraphs[0].runs else cell.add_paragraph()
        self._set(paragraph, text, size=size, bold=bold, italic=italic)
        paragraph.alignment = self._side.CENTER if centre else self._side.LEFT
        paragraph.paragraph_format.space_after = self._pt(0)

    def _set(self, paragraph: Any, text: str, *, size: int, bold: bool, italic: bool) -> None:
        run = paragraph.add_run(text)
        run.font.name, run.font.size, run.bold, run.italic = FONT, self._pt(size), bold, italic
        run.element.get_or_add_rPr().get_or_add_rFonts().set(self._name("w:eastAsia"), FONT)

    def title(self, text: str, size: int = 14) -> None:
        """The name of the document, in the middle."""
        self._paragraph(text, size=size, bold=True, before=12, centre=True)

    def addressee(self, text: str) -> None:
        """To whom: upright, in the middle."""
        self._paragraph(text, size=14, before=12, centre=True)

    def centred(self, text: str) -> None:
        """A line below the title."""
        self._paragraph(text, size=13, italic=True, centre=True)

    def heading(self, text: str) -> None:
        """A heading, never alone at the foot of a page."""
        self._paragraph(text, size=14, bold=True, before=10).paragraph_format.keep_with_next = True

    def text(self, text: str, size: int = 14) -> None:
        """A paragraph of the body: first line indented, both sides straight."""
        paragraph = self._paragraph(text, size=size)
        paragraph.alignment = self._side.JUSTIFY
        paragraph.paragraph_format.first_line_indent = self._mm(10)

    def _paragraph(self, text: str, *, size: int, bold: bool = False, italic: bool = False, before: int = 0, centre: bool = False) -> Any:
        paragraph = self._file.add_paragraph()
        self._set(paragraph, text, size=size, bold=bold, italic=italic)
        paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = self._pt(before), self._pt(6)
        if centre:
            paragraph.alignment = self._side.CENTER
        return paragraph

    def table(
        self,
        columns: Sequence[str],
        rows: Sequence[Sequence[str | int]],
        widths: Sequence[int],
        *,
        centred: Sequence[int] = (),
        size: int = 11,
    ) -> None:
        """A table whose heading repeats on every page."""
        table = self._file.add_table(rows=1 + len(rows), cols=len(columns))
        table.style, table.autofit = "Table Grid", False
        head = table.rows[0]._tr.get_or_add_trPr()  # noqa: SLF001 - the library has no word for it
        head.append(head.makeelement(self._name("w:tblHeader"), {self._name("w:val"): "true"}))
        shares = [self._mm(165 * width / sum(widths)) for width in widths]
        cells: list[Any] = table._cells  # noqa: SLF001 - all at once: asking row by row takes the square of the time
        for place, cell in enumerate(cells):
            number, column = divmod(place, len(columns))
            value = rows[number - 1][column] if number else columns[column]
            cell.width = shares[column]
            self.line(cell, str(value), size=size, bold=not number, centre=not number or column in centred or isinstance(value, int))
        for column, width in zip(table.columns, shares, strict=True):
            column.width = width

    def signature(self, receivers: Sequence[str], capacity: str, name: str) -> None:
        """Who gets it on the left, who signs on the right, with room for hand and seal."""
        left, right = self.columns(1, (80, 85))
        if receivers:
            self.line(left, "Nơi nhận:", size=12, bold=True, italic=True, centre=False)
            for receiver in receivers:
                self.line(left, receiver, size=11, centre=False)
        self.line(right, capacity.upper(), size=13, bold=True)
        for _ in range(4):
            self.line(right, " ", size=13)
        self.line(right, name, size=14, bold=True)

    def small(self, text: str) -> None:
        """A small line at the end."""
        self._paragraph(text, size=9, before=6)

    def save(self, path: Path) -> None:
        """Write the file."""
        self._file.save(str(path))
