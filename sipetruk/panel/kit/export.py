"""A list as a CSV file that no spreadsheet program can be tricked by."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

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
