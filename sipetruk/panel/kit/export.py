"""A list as a CSV or XLSX file that no spreadsheet program can be tricked by."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

PLAIN_NUMBER = re.compile(r"[-+]?\d+([.,]\d+)?")
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")


def formula_safe(value: object) -> str:
    """The value as text; what a spreadsheet would take for a formula gets an apostrophe in front."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(RISKY) and not PLAIN_NUMBER.fullmatch(text) else text


def csv_bytes(titles: Iterable[object], rows: Iterable[Iterable[object]]) -> bytes:
    """The file, with the mark by which Excel recognises UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([formula_safe(title) for title in titles])
    writer.writerows([[formula_safe(value) for value in row] for row in rows])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def xlsx_bytes(name: str, titles: Iterable[object], rows: Iterable[Iterable[object]]) -> bytes:
    """A workbook with one sheet; whole numbers stay numbers, everything else is text and never a formula."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = name[:31]
    for line, values in enumerate([titles, *rows], start=1):
        for column, value in enumerate(values, start=1):
            cell = sheet.cell(line, column)
            if isinstance(value, int) and not isinstance(value, bool):
                cell.value = value
            else:
                cell.value, cell.data_type = ILLEGAL_CHARACTERS_RE.sub("", str(value or "")), "s"
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
