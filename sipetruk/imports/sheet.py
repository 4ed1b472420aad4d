"""Reads a CSV file into rows of typed values and notes every cell that does not fit."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sipetruk.errors import Invalid, Problem
from sipetruk.rules.reading import clean_text

_LONG_NUMBER = re.compile(r"[0-9][0-9.,\s]{4,}[0-9]")
_LONGEST_SHOWN = 40


@dataclass(frozen=True)
class Column:
    """A column of a file. `empty` is the value of an empty cell, `REQUIRED` when it may not be empty."""

    name: str
    read: Callable[[str], Any]
    empty: Any
    may_be_left_out: bool = False


REQUIRED = object()
"""Stands for: a cell of this column must be filled in."""


@dataclass(frozen=True)
class Row:
    """A row by its number in a spreadsheet (the heading is 1), with the values that could be read."""

    number: int
    values: dict[str, Any]

    def shown(self, column: str) -> str:
        return shown(self.values[column])


def read(content: bytes, columns: Sequence[Column]) -> tuple[list[Row], list[Problem]]:
    """The rows of a file and what is wrong with them; raises Invalid, without a path, for a file that cannot be used."""
    lines = _records(_decoded(content))
    heading = _heading(next(lines, (1, []))[1], columns)
    by_name = {column.name: column for column in columns}
    rows: list[Row] = []
    problems: list[Problem] = []
    for number, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        row = Row(number, {column.name: column.empty for column in columns if column.may_be_left_out})
        rows.append(row)
        if len(cells) > len(heading) and any(cell.strip() for cell in cells[len(heading) :]):
            template = (
                "Baris ini berisi %(found)s kolom, judulnya %(expected)s; teks atau angka yang memuat pemisah harus diapit tanda kutip."
            )
            problems.append(Problem(template, (str(number),), params={"found": len(cells), "expected": len(heading)}))
            continue
        padded = [*cells, *[""] * (len(heading) - len(cells))]
        for name, cell in zip(heading, padded, strict=False):
            try:
                row.values[name] = _value(by_name[name], cell)
            except Invalid as refusal:
                problems += [Problem(p.template, (str(number), name), p.code, p.params) for p in refusal.problems]
    if not rows:
        raise Invalid("Berkas ini kosong: tidak ada baris di bawah judul kolom.")
    return rows, problems


def shown(text: str) -> str:
    """A piece of the file as it may stand in a message: short, printable, and without anything like a number of a person."""
    printable = "".join(letter if letter.isprintable() else "?" for letter in text)
    hidden = _LONG_NUMBER.sub("…", printable)
    return hidden if len(hidden) <= _LONGEST_SHOWN else hidden[:_LONGEST_SHOWN] + "…"


def _decoded(content: bytes) -> str:
    if content.startswith(b"PK"):
        raise Invalid("Ini buku kerja Excel, bukan CSV. Simpan sebagai “CSV UTF-8 (dipisahkan koma)”.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid("Berkas ini bukan teks UTF-8. Simpan sebagai “CSV UTF-8 (dipisahkan koma)”.") from None
    if not text.strip():
        raise Invalid("Berkas ini kosong.")
    return text


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Every record with its number, by the separator that the heading uses."""
    heading = text.partition("\n")[0]
    separator = ";" if heading.count(";") > heading.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, 1):
            yield number, cells
    except csv.Error:
        raise Invalid("Baris %(row)s tidak dapat dibaca; periksa tanda kutipnya.", row=number + 1) from None


def _heading(cells: Sequence[str], columns: Sequence[Column]) -> list[str]:
    found = [cell.strip().lower() for cell in cells]
    while found and not found[-1]:
        found.pop()
    known = [column.name for column in columns]
    problems = []
    for template, names in (
        ("Kolom tidak dikenal: %(names)s.", [shown(name) or "(tanpa judul)" for name in found if name not in known]),
        ("Kolom tidak ada: %(names)s.", [column.name for column in columns if column.name not in found and not column.may_be_left_out]),
        ("Kolom tertulis dua kali: %(names)s.", [name for name in known if found.count(name) > 1]),
    ):
        if names:
            problems.append(Problem(template, params={"names": ", ".join(names)}))
    if problems:
        problems.append(Problem("Kolom berkas ini: %(names)s.", params={"names": ", ".join(known)}))
        raise Invalid(problems)
    return found


def _value(column: Column, cell: str) -> Any:
    text = clean_text(cell)
    if text is None:
        raise Invalid("Berisi karakter yang tidak boleh ada.")
    if text:
        return column.read(text)
    if column.empty is REQUIRED:
        raise Invalid("Wajib diisi.")
    return column.empty
