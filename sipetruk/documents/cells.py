"""One cell of an instrument workbook: how a value of the document is written in it, and how it is read back exactly."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from sipetruk.errors import Invalid
from sipetruk.rules.exact import exact_text, fraction

NOTHING = "–"
"""Stands for a list that is empty on purpose, and for an abstention; a blank cell means that nothing was said."""

Cell = str | int | None
NONE: Mapping[str, str] = MappingProxyType({})

_GROUPED = re.compile(r"-?[0-9]{1,3}([.][0-9]{3})+")
_WHOLE = re.compile(r"-?[0-9]{1,9}")
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPED = re.compile("_x005[Ff]_(?=x[0-9A-Fa-f]{4}_)")
_AS_TEXT = "Jadikan sel ini teks, lalu tulis kembali isinya."
_DASHES = frozenset({NOTHING, "-", "—"})


@dataclass(frozen=True)
class Found:
    """What stands in a cell: text, a number, true or false, or a day; `is_percent` where it is shown with a percent sign."""

    value: object
    is_percent: bool = False


@dataclass(frozen=True)
class Column:
    """One column: its header, the key in the document, what to write in it, and how cells and values become each other."""

    header: str
    key: str
    explain: str
    write: Callable[[Any], Cell]
    read: Callable[[Found], Any]
    options: Mapping[str, str] = field(default_factory=lambda: NONE)
    width: int = 16

    @property
    def is_text(self) -> bool:
        """Whether a number typed here would lose something."""
        return self.read is read_text or self.read is read_list or self.read is read_months


def text(header: str, key: str, explain: str = "", width: int = 30) -> Column:
    return Column(header, key, explain, lambda value: value or None, read_text, width=width)


def whole(header: str, key: str, explain: str = "") -> Column:
    return Column(header, key, explain, lambda value: value, read_whole)


def number(header: str, key: str, explain: str = "") -> Column:
    return Column(header, key, explain, write_number, read_number)


def percent(header: str, key: str, explain: str = "") -> Column:
    """A share in basis points, written in percent."""
    return Column(header, key, explain, _write_percent, read_percent)


def flag(header: str, key: str, explain: str = "") -> Column:
    words = {"ya": "Ya", "tidak": "Tidak"}
    return Column(header, key, explain, lambda value: None if value is None else words["ya" if value else "tidak"], read_flag, words)


def choice(header: str, key: str, options: Mapping[str, str], explain: str = "") -> Column:
    """One of a few words, shown by its label; the code of the document is understood as well."""
    known = {label.casefold(): code for code, label in options.items()} | {code.casefold(): code for code in options}

    def read(found: Found) -> str:
        code = known.get(read_text(found).casefold())
        if code is None:
            raise Invalid("Pilih salah satu: %(options)s.", options="; ".join(options.values()))
        return code

    return Column(header, key, explain, lambda code: options.get(code, code), read, options, 28)


def texts(header: str, key: str, explain: str = "", *, says_nothing: bool = False) -> Column:
    """Several short texts in one cell, divided by commas; an empty list is a dash where a blank cell means something else."""
    write = _write_list_or_dash if says_nothing else _write_list
    return Column(header, key, explain, write, read_list, width=24)


def months(header: str, key: str, explain: str = "") -> Column:
    return Column(header, key, explain, _write_list, read_months, width=24)


def years(header: str, key: str, explain: str = "") -> Column:
    """One year, or several divided by commas; a list of one year ends with a comma."""
    return Column(header, key, explain, _write_years, read_years)


def shown(cell: Cell) -> Cell:
    """A cell as it is stored: a spreadsheet takes `_x0041_` for a character, so such text is escaped."""
    return _ESCAPE.sub("_x005F_", cell) if isinstance(cell, str) else cell


def understood(value: str) -> str:
    """A stored text as it was meant, with plain ends of lines."""
    return _ESCAPED.sub("_", value).replace("_x000D_", "").replace("\r\n", "\n")


def write_number(value: Any) -> Cell:
    """Whole numbers as numbers, others as text with a comma: a binary fraction never comes in."""
    if value is None or isinstance(value, int):
        return value
    return str(value).replace(".", ",")


def read_text(found: Found) -> str:
    value = found.value
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise Invalid(_AS_TEXT)


def read_whole(found: Found) -> int:
    value = read_number(found)
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        value = int(value)
    if not isinstance(value, int):
        raise Invalid("Harus berupa bilangan bulat.")
    return value


def read_number(found: Found) -> int | str:
    """The number that is meant, as a document carries it; one with more digits than the award uses is refused, never rounded."""
    value = found.value
    if found.is_percent and isinstance(value, (int, float)):
        raise Invalid("Sel ini berformat persen; ubah formatnya menjadi angka biasa.")
    if isinstance(value, float):
        return _exact(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    written = read_text(found)
    if _GROUPED.fullmatch(written):
        raise Invalid("Tulis angka tanpa titik ribuan, misalnya 1000 atau 12,5.")
    return written


def read_percent(found: Found) -> int:
    """Basis points, from 12,5 or "12,5 %" or a cell that shows a share as a percentage."""
    value = found.value
    if found.is_percent and isinstance(value, (int, float)) and not isinstance(value, bool):
        share = Fraction(Decimal(repr(value))) * 100
    else:
        written = read_number(Found(value.rstrip("% ")) if isinstance(value, str) else Found(value))
        try:
            share = fraction(written)
        except ValueError:
            raise Invalid("Ini bukan angka.") from None
    if (share * 100).denominator != 1:
        raise Invalid("Paling banyak dua angka di belakang koma.")
    return int(share * 100)


def read_flag(found: Found) -> bool:
    words = {"ya": True, "1": True, "benar": True, "tidak": False, "0": False, "salah": False}
    if isinstance(found.value, bool):
        return found.value
    word = read_text(found).casefold()
    if word not in words:
        raise Invalid("Harus ya atau tidak.")
    return words[word]


def read_list(found: Found) -> list[str]:
    written = read_text(found)
    if written in _DASHES:
        return []
    rows = list(csv.reader(io.StringIO(written), skipinitialspace=True))
    return [item.strip() for row in rows for item in row if item.strip()]


def read_months(found: Found) -> list[str]:
    """Months as "2024-04"; a spreadsheet makes a day of a single one."""
    if isinstance(found.value, date):
        return [f"{found.value:%Y-%m}"]
    return read_list(found)


def read_years(found: Found) -> int | list[int]:
    given = read_list(found)
    if not all(_WHOLE.fullmatch(year) for year in given):
        raise Invalid("Tulis tahun dengan empat angka, dipisahkan koma.")
    listed = [int(year) for year in given]
    return listed if len(listed) != 1 or "," in read_text(found) else listed[0]


def _write_percent(value: int | None) -> Cell:
    return None if value is None else write_number(value // 100 if value % 100 == 0 else exact_text(Fraction(value, 100)))


def _write_list(value: list[str]) -> Cell:
    if not value:
        return None
    if len(value) == 1 and value[0] in _DASHES:
        return f'"{value[0]}"'
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(value)
    return out.getvalue()


def _write_list_or_dash(value: list[str]) -> Cell:
    return _write_list(value) or NOTHING


def _write_years(value: int | list[int]) -> Cell:
    if isinstance(value, int):
        return value
    return f"{value[0]}," if len(value) == 1 else _write_list([str(year) for year in value])


def _exact(value: float) -> int | str:
    """The shortest decimal that the stored number means, when it has at most two decimals."""
    meant = Decimal(repr(value))
    if not meant.is_finite() or abs(meant) > 10**9:
        raise Invalid("Angka ini terlalu besar.")
    if Fraction(meant) * 100 % 1:
        raise Invalid("Paling banyak dua angka di belakang koma; sel ini berisi %(found)s.", found=repr(value).replace(".", ","))
    return int(meant) if meant == meant.to_integral_value() else f"{meant.normalize():f}"
