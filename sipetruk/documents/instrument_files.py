"""Instruments as files: TOML, JSON and XLSX of one format, written to equal bytes each time and read without trust.

Numbers never pass through a binary float: what stands in the file is read digit by digit, and a number that the rules do
not allow is refused at its place. Whatever is wrong with a file becomes an Invalid whose problems name line or cell.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import tomli_w

from sipetruk.documents.instrument_xlsx import from_xlsx, template_xlsx, to_xlsx
from sipetruk.documents.places import Parsed, Path, PlacedProblem, is_named_too_deeply, json_lines, line_of, toml_lines
from sipetruk.errors import Invalid, Problem
from sipetruk.rules import exchange
from sipetruk.rules.definition import FORMAT, Definition
from sipetruk.rules.examples import Example

MOST_BYTES = 1_000_000
"""More than ten times the largest instrument seen (60 criteria of 6 levels with long descriptions)."""

_NUMBERS = frozenset({"points", "at_least", "max", "min", "step", "yes", "no", "cap", "points_each", "else", "score"})
_NUMBER_TABLES = frozenset({"table", "marks", "values"})
_PARTS = frozenset({("policy",), ("components",), ("evidence",), ("fields",), ("examples",)})
_MOST_DIGITS = 15
_TOML_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")
_TOO_LARGE = "Berkas instrumen paling besar %(most)s kB; berkas ini %(found)s kB."
_BAD_TOML = "Penulisan TOML tidak benar di sini; periksa nama, tanda petik, dan kurung."
_DOUBLED = "Nama yang sama tertulis dua kali."
_TOO_DEEP = "Dokumen ini bersusun terlalu dalam."
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"


@dataclass(frozen=True)
class FileKind:
    """One of the ways to write an instrument."""

    name: str
    label: str
    media_type: str
    write: Callable[[Mapping[str, Any]], bytes]


@dataclass(frozen=True)
class InstrumentFile:
    """A file that was read: its kind, the SHA-256 of its bytes, and what it holds."""

    kind: str
    sha256: str
    definition: Definition
    examples: tuple[Example, ...]
    parsed: Parsed = field(compare=False, repr=False)

    def placed(self, problems: Iterable[Problem]) -> list[Problem]:
        """Problems found later, those of the document at their places in the file."""
        return [self.parsed.placed([found])[0] if found.path[:1] in _PARTS else found for found in problems]


def to_toml(document: Mapping[str, Any]) -> bytes:
    """TOML has no null: what is empty is left out, an abstention among marks is an empty text."""
    text = tomli_w.dumps(_without_null(document), multiline_strings=True)
    return f"# Instrumen SI PETRUK, format {FORMAT}\n\n{text}".encode()


def to_json(document: Mapping[str, Any]) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()


KINDS = {
    kind.name: kind
    for kind in (
        FileKind("toml", "TOML", "application/toml", to_toml),
        FileKind("json", "JSON", "application/json", to_json),
        FileKind("xlsx", "XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", to_xlsx),
    )
}
"""Every kind of file by the ending of its name."""

__all__ = [
    "KINDS", "MOST_BYTES", "FileKind", "InstrumentFile",
    "read_file", "template_xlsx", "to_json", "to_toml", "to_xlsx", "write_file",
]  # fmt: skip


def write_file(kind: str, definition: Definition, examples: tuple[Example, ...] = ()) -> bytes:
    """The bytes of an instrument in one kind of file; equal instruments give equal bytes."""
    if kind not in KINDS:
        raise Invalid("Jenis berkas yang tersedia: %(kinds)s.", "format", kinds=", ".join(KINDS))
    return KINDS[kind].write(exchange.write(definition, examples))


def read_file(content: bytes) -> InstrumentFile:
    """Read a file of any kind, told by its content and not by its name; Invalid names every problem and its place."""
    kind = _kind_of(content)
    try:
        parsed = from_xlsx(content) if kind == "xlsx" else _READERS[kind](_text_of(content))
    except RecursionError:
        raise Invalid(_TOO_DEEP) from None
    problems = list(parsed.problems)
    try:
        definition, examples = exchange.read(parsed.document)
    except Invalid as refusal:
        problems = parsed.placed(refusal.problems)
    if problems:
        raise Invalid(problems)
    if (size := len(to_json(exchange.write(definition, examples)))) > 2 * MOST_BYTES:
        raise Invalid(_TOO_LARGE, most=2 * MOST_BYTES // 1000, found=size // 1000)
    return InstrumentFile(kind, hashlib.sha256(content).hexdigest(), definition, examples, parsed)


def _kind_of(content: bytes) -> str:
    if not content:
        raise Invalid("Berkas ini kosong.")
    if len(content) > MOST_BYTES:
        raise Invalid(_TOO_LARGE, most=MOST_BYTES // 1000, found=len(content) // 1000)
    if content.startswith(_ZIP):
        return "xlsx"
    if content.startswith(_OLD_EXCEL):
        raise Invalid("Berkas ini lembar kerja Excel lama atau bersandi; simpan sebagai .xlsx tanpa sandi.")
    return "json" if content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in {b"{", b"["} and not _opens_table(content) else "toml"


def _opens_table(content: bytes) -> bool:
    """A TOML file may begin with a table; a JSON list goes on with something that is no name."""
    return re.match(rb"\s*\[\[?\s*[A-Za-z_]", content.removeprefix(b"\xef\xbb\xbf")) is not None


def _text_of(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid("Berkas ini bukan TOML, JSON (UTF-8), atau XLSX.") from None
    if "\x00" in text:
        raise Invalid("Berkas ini bukan TOML, JSON (UTF-8), atau XLSX.")
    return text.replace("\r\n", "\n")


def _from_toml(text: str) -> Parsed:
    if is_named_too_deeply(text):
        raise Invalid(_TOO_DEEP)
    try:
        document = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        found = _TOML_PLACE.search(message)
        place = f"baris {found.group(1)}, kolom {found.group(2)}" if found else "akhir berkas"
        doubled = message.startswith(("Cannot overwrite", "Cannot declare", "Duplicate", "Cannot redefine"))
        template = _DOUBLED if doubled else _BAD_TOML
        raise Invalid(PlacedProblem(template, place=place)) from None
    except ValueError:
        raise Invalid("Ada bilangan atau tanggal yang tidak dapat dibaca dalam berkas ini.") from None
    lines = toml_lines(text)
    return Parsed(_exact(document, is_number=False), lambda path: _line(line_of(lines, path), path))


def _from_json(text: str) -> Parsed:
    try:
        document = json.loads(text, parse_float=Decimal, parse_constant=Decimal)
    except json.JSONDecodeError as error:
        place = f"baris {error.lineno}, kolom {error.colno}"
        raise Invalid(PlacedProblem("Penulisan JSON tidak benar di sini.", place=place)) from None
    except ValueError:
        raise Invalid("Ada bilangan yang terlalu panjang dalam berkas ini.") from None
    lines, doubled = json_lines(text)
    if doubled:
        raise Invalid(PlacedProblem(_DOUBLED, path, place=_line(line, path)) for path, line in doubled)
    return Parsed(_exact(document, is_number=False), lambda path: _line(line_of(lines, path), path))


_READERS = {"toml": _from_toml, "json": _from_json}


def _line(line: int | None, path: Path) -> str:
    words = ".".join(path)
    if line is None:
        return words
    return f"baris {line} ({words})" if words else f"baris {line}"


def _exact(value: object, *, is_number: bool) -> object:
    """Decimals as the text that stands in the file, where a number belongs; elsewhere they stay what no rule accepts."""
    if isinstance(value, dict):
        return {key: _exact(item, is_number=key in _NUMBERS or key in _NUMBER_TABLES or is_number) for key, item in value.items()}
    if isinstance(value, list):
        return [_exact(item, is_number=is_number) for item in value]
    if isinstance(value, Decimal) and is_number and value.is_finite() and abs(value.adjusted()) < _MOST_DIGITS:
        return f"{value:f}"
    return value


def _without_null(value: object) -> Any:
    if isinstance(value, Mapping):
        return {key: _without_null(item) for key, item in value.items() if item is not None}
    if isinstance(value, (list, tuple)):
        return ["" if item is None else _without_null(item) for item in value]
    return value
