"""Directory files in and out: YAML, JSON, CSV and XLSX, all of them the same rows (`models.directory.parts`).

A file from outside is never trusted: its size is bounded, formulas count by their shown value only, nothing that begins like a formula
leaves as one.
"""

from bot.sheets.preview import heading, page
from bot.sheets.reading import read
from bot.sheets.rows import Place, Table, Unreadable
from bot.sheets.writing import FORMATS, listed, said, write

__all__ = ["FORMATS", "Place", "Table", "Unreadable", "heading", "listed", "page", "read", "said", "write"]
