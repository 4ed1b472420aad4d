"""Instrument workbooks (XLSX): written for people to fill in, read as if an enemy had made them."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from sipetruk.documents.cells import Column, Found, shown, understood
from sipetruk.documents.instrument_building import UNUSED, Building, Line, build, read_cells
from sipetruk.documents.instrument_rows import Row, rows
from sipetruk.documents.instrument_sheets import HINT, LISTS, SHEETS, Sheet
from sipetruk.documents.places import Parsed
from sipetruk.errors import Invalid
from sipetruk.rules import exchange
from sipetruk.rules.definition import Definition
from sipetruk.rules.reading import UNKNOWN_NAME

MOST_UNZIPPED = 5_000_000
"""Thirty times what an instrument of our own takes; reading goes through every cell of it."""
MOST_PARTS = 200
MOST_ROWS = 3_000
MOST_COLUMNS = 60
FILLED_ROWS = 500
"""How far down a list of words to choose from reaches in a file that is written."""

_EPOCH = (1980, 1, 1, 0, 0, 0)
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_HEAD = PatternFill("solid", fgColor="5B1A2E")
_FORBIDDEN_PARTS = {
    "vbaproject": "Berkas ini memuat makro; simpan sebagai .xlsx biasa.",
    "externallinks/": "Berkas ini menunjuk berkas lain; putuskan tautannya lalu simpan kembali.",
    "embeddings/": "Berkas ini memuat berkas lain di dalamnya; hapus lalu simpan kembali.",
    "activex/": "Berkas ini memuat kendali ActiveX; hapus lalu simpan kembali.",
}
_TOO_LARGE = "Lembar kerja ini terlalu besar: isinya hanya boleh sampai baris %(rows)s dan kolom ke-%(columns)s."
_CELL = re.compile(rb"<(?:\w+:)?c\s[^<>]*>")
_ADDRESS = re.compile(rb'\sr="([A-Z]{1,3})([0-9]{1,7})"')
_DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_BROKEN_ZIP = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError)
_UNREADABLE = "Berkas XLSX ini tidak dapat dibaca; buka dan simpan kembali sebagai .xlsx."


def to_xlsx(document: Mapping[str, Any]) -> bytes:
    """A workbook with one sheet for each part; equal documents give equal bytes."""
    return _workbook(rows(document))


def template_xlsx() -> bytes:
    """An empty workbook to begin with."""
    return _workbook(rows(exchange.write(Definition(title=""))))


def from_xlsx(content: bytes) -> Parsed:
    """The document of a workbook, with every cell that cannot be read; Invalid where it is no harmless workbook at all."""
    _require_harmless(content)
    building = Building()
    document = build(building, _lines(building, content))
    return Parsed(document, building.place_of, tuple(building.problems), {UNKNOWN_NAME: UNUSED})


def _workbook(filled: Mapping[str, Sequence[Row]]) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    words = [column for sheet in SHEETS for column in sheet.columns if column.options]
    for sheet in SHEETS:
        page = book.create_sheet(sheet.name)
        if sheet.is_table:
            _write_table(page, sheet, filled[sheet.name])
        else:
            _write_one(page, sheet, filled[sheet.name][0])
        for at, column in enumerate(sheet.columns, 1):
            if column.options:
                _offer(page, sheet, at, words.index(column) + 1, len(column.options))
    _write_lists(book.create_sheet(LISTS), words)
    return _packed(book)


def _write_table(page: Any, sheet: Sheet, filled: Sequence[Row]) -> None:
    for at, column in enumerate(sheet.columns, 1):
        _head(page.cell(1, at), column.header, column.explain)
        _hint(page.cell(2, at), f"{HINT} {column.explain}" if at == 1 else column.explain)
        letter = get_column_letter(at)
        page.column_dimensions[letter].width = column.width
        if column.is_text:
            page.column_dimensions[letter].number_format = "@"
    for number, row in enumerate(filled, 3):
        for at, (column, value) in enumerate(zip(sheet.columns, row, strict=True), 1):
            _put(page.cell(number, at), column, value)
    page.freeze_panes = "A3"


def _write_one(page: Any, sheet: Sheet, row: Row) -> None:
    for at, (header, width) in enumerate((("Bagian", 30), ("Isi", 60), ("Petunjuk", 60)), 1):
        _head(page.cell(1, at), header, "")
        page.column_dimensions[get_column_letter(at)].width = width
    for number, (column, value) in enumerate(zip(sheet.columns, row, strict=True), 2):
        _text(page.cell(number, 1), column.header)
        _put(page.cell(number, 2), column, value)
        _hint(page.cell(number, 3), column.explain)
    page.freeze_panes = "A2"


def _write_lists(page: Any, words: Sequence[Column]) -> None:
    for at, column in enumerate(words, 1):
        for number, label in enumerate(column.options.values(), 1):
            _text(page.cell(number, at), label)
    page.sheet_state = "hidden"


def _offer(page: Any, sheet: Sheet, at: int, list_at: int, count: int) -> None:
    """A drop-down list with the words of a column."""
    letter = get_column_letter(list_at)
    offer = DataValidation("list", formula1=f"{LISTS}!${letter}$1:${letter}${count}", allow_blank=True)
    offer.error, offer.errorTitle, offer.showErrorMessage = "Pilih salah satu dari daftar.", "Tidak dikenal", True
    here = get_column_letter(at)
    offer.add(f"{here}3:{here}{FILLED_ROWS}" if sheet.is_table else f"B{at + 1}")
    page.add_data_validation(offer)


def _head(cell: Any, header: str, explain: str) -> None:
    _text(cell, header)
    cell.font, cell.fill = Font(bold=True, color="FFFFFF"), _HEAD
    if explain:
        cell.comment = Comment(explain, "SI PETRUK")


def _hint(cell: Any, explain: str) -> None:
    _text(cell, explain)
    cell.font = Font(italic=True, color="666666")


def _text(cell: Any, value: str) -> None:
    cell.value = value
    cell.data_type = "s"  # never a formula, whatever the text begins with
    cell.alignment = Alignment(wrap_text=True, vertical="top")


def _put(cell: Any, column: Column, value: object) -> None:
    if isinstance(value, str):
        _text(cell, str(shown(value)))
        cell.number_format = "@"
    elif value is not None:
        cell.value = value
    elif column.is_text:
        cell.number_format = "@"


def _packed(book: Workbook) -> bytes:
    """The workbook with one fixed time everywhere, so that its bytes depend on its content alone."""
    saved, packed = io.BytesIO(), io.BytesIO()
    book.save(saved)
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(packed, "w") as target:
        for name in source.namelist():
            part = zipfile.ZipInfo(name, _EPOCH)
            part.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(part, _STAMP.sub(rb"\g<1>1980-01-01T00:00:00Z", source.read(name)))
    return packed.getvalue()


def _require_harmless(content: bytes) -> None:
    """Refuse what is no plain workbook before a library opens it: bombs, macros, links to elsewhere, entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNZIPPED:
                raise Invalid("Isi berkas XLSX ini terlalu besar.")
            names = [part.filename.lower() for part in parts]
            for word, template in _FORBIDDEN_PARTS.items():
                if any(word in name for name in names):
                    raise Invalid(template)
            if len(set(names)) < len(names) or "[content_types].xml" not in names:
                raise Invalid("Berkas ini bukan lembar kerja XLSX.")
            for part in parts:
                text = archive.read(part)
                if part.filename.lower().endswith((".xml", ".rels", ".vml")) and (_DTD.search(text) or b"\x00" in text):
                    raise Invalid(_UNREADABLE)
                if part.filename.lower().startswith("xl/worksheets/"):
                    _require_near(text)
    except _BROKEN_ZIP:
        raise Invalid(_UNREADABLE) from None


def _require_near(sheet: bytes) -> None:
    """Refuse a sheet with a filled cell further out than is read: nothing may be left out silently."""
    for cell in _CELL.findall(sheet):
        found = None if cell.endswith(b"/>") else _ADDRESS.search(cell)
        if found and (int(found.group(2)) > MOST_ROWS or column_index_from_string(found.group(1).decode()) > MOST_COLUMNS):
            raise Invalid(_TOO_LARGE, rows=MOST_ROWS, columns=MOST_COLUMNS)


def _lines(building: Building, content: bytes) -> dict[str, list[Line]]:
    lines: dict[str, list[Line]] = {sheet.name: [] for sheet in SHEETS}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
            try:
                for sheet, page in _pages(building, book):
                    lines[sheet.name] = list(_sheet_lines(building, sheet, page))
            finally:
                book.close()
    except Invalid:
        raise
    except Exception:  # noqa: BLE001  # a damaged workbook makes the library fail in any way at all
        raise Invalid(_UNREADABLE) from None
    return lines


def _pages(building: Building, book: Any) -> Iterator[tuple[Sheet, Any]]:
    by_name = {sheet.name.casefold(): sheet for sheet in SHEETS}
    found = {name.strip().casefold(): name for name in book.sheetnames}
    for key, name in found.items():
        if key not in by_name and key != LISTS.casefold():
            building.complain(f"lembar {name}", "Lembar ini tidak dikenal; hapus atau perbaiki namanya.")
    for key, sheet in by_name.items():
        if key in found:
            yield sheet, book[found[key]]
        elif sheet.is_needed:
            building.complain(f"lembar {sheet.name}", "Lembar ini tidak ada.")


def _sheet_lines(building: Building, sheet: Sheet, page: Any) -> Iterator[Line]:
    """The rows of a sheet in which something stands, without header and hints."""
    page.reset_dimensions()
    headers: dict[int, str] = {}
    for number, cells in enumerate(page.iter_rows(max_col=MOST_COLUMNS + 1, max_row=MOST_ROWS + 1), 1):
        found = {at: _found(building, sheet, number, cell) for at, cell in enumerate(cells) if _is_filled(cell)}
        if not found:
            continue
        if number > MOST_ROWS or max(found) >= MOST_COLUMNS:
            raise Invalid(
                "Lembar %(sheet)s terlalu besar: paling banyak %(rows)s baris dan %(columns)s kolom.",
                sheet=sheet.name,
                rows=MOST_ROWS,
                columns=MOST_COLUMNS,
            )
        if number == 1:
            headers = _headers(building, sheet, found)
        elif not sheet.is_table:
            yield from _labelled(building, sheet, number, found)
        elif not str(found.get(0, Found("")).value).startswith(HINT):
            yield read_cells(building, sheet, number, _by_key(building, sheet, number, headers, found))


def _headers(building: Building, sheet: Sheet, found: Mapping[int, Found]) -> dict[int, str]:
    if not sheet.is_table:
        return {}
    known = {column.header.casefold(): column.key for column in sheet.columns}
    headers: dict[int, str] = {}
    for at, cell in found.items():
        name = str(cell.value).strip()
        key = known.get(name.casefold())
        if key is None:
            building.complain(
                f"lembar {sheet.name}, baris 1, kolom {get_column_letter(at + 1)}", "Judul kolom “%(name)s” tidak dikenal.", name=name[:60]
            )
        elif key in headers.values():
            building.complain(
                f"lembar {sheet.name}, baris 1, kolom {get_column_letter(at + 1)}",
                "Judul kolom “%(name)s” tertulis dua kali.",
                name=name[:60],
            )
        headers[at] = key or ""
    if missing := [column.header for column in sheet.columns if column.key not in headers.values()]:
        building.complain(f"lembar {sheet.name}, baris 1", "Judul kolom ini tidak ada: %(names)s.", names=", ".join(missing))
    return headers


def _by_key(building: Building, sheet: Sheet, number: int, headers: Mapping[int, str], found: Mapping[int, Found]) -> dict[str, Found]:
    for at in found:
        if at not in headers:
            place = f"lembar {sheet.name}, baris {number}, kolom {get_column_letter(at + 1)}"
            building.complain(place, "Kolom ini tidak berjudul; hapus isinya.")
    return {headers[at]: cell for at, cell in found.items() if headers.get(at)}


def _labelled(building: Building, sheet: Sheet, number: int, found: Mapping[int, Found]) -> Iterator[Line]:
    label = str(found.get(0, Found("")).value).strip()
    key = next((column.key for column in sheet.columns if column.header.casefold() == label.casefold()), None)
    if key is None:
        building.complain(f"lembar {sheet.name}, baris {number}", "Bagian “%(name)s” tidak dikenal.", name=label[:60])
    else:
        yield read_cells(building, sheet, number, {key: found.get(1, Found(""))})


def _is_filled(cell: Any) -> bool:
    value = cell.value
    return value is not None and not (isinstance(value, str) and not value.strip())


def _found(building: Building, sheet: Sheet, number: int, cell: Any) -> Found:
    if cell.data_type in {"f", "e"}:
        place = f"lembar {sheet.name}, baris {number}, kolom {get_column_letter(cell.column)}"
        template = "Sel ini berisi rumus; tulis nilainya." if cell.data_type == "f" else "Sel ini berisi kesalahan lembar kerja."
        building.complain(place, template)
        return Found("")
    value = understood(cell.value) if isinstance(cell.value, str) else cell.value
    is_percent = not isinstance(value, str) and "%" in str(cell.number_format or "")
    return Found(value, is_percent)
