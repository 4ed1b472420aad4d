"""The shapes of the values that eligibility rules compare with: how each is read from a document and put into words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sipetruk.rules.exact import document_number, format_number, fraction
from sipetruk.rules.predicate import PREDICATES
from sipetruk.rules.reading import Reader, is_month
from sipetruk.rules.vocabulary import SANCTION_LEVELS

ASN_KINDS = {"PNS": "PNS", "PPPK": "PPPK"}
POSITION_TYPES = {"1": "Struktural", "2": "Fungsional tertentu", "3": "Rangkap", "4": "Fungsional umum (pelaksana)"}
ECHELONS = {
    "11": "I.a",
    "12": "I.b",
    "21": "II.a",
    "22": "II.b",
    "31": "III.a",
    "32": "III.b",
    "41": "IV.a",
    "42": "IV.b",
    "51": "V.a",
    "52": "V.b",
    "99": "Non-eselon",
}
LEGAL_STATUS = {"01": "Aktif", "02": "CLTN", "03": "Tugas belajar", "04": "Pemberhentian sementara"}
GRADES = {
    "PNS": tuple(f"{rank}/{room}" for rank in ("I", "II", "III", "IV") for room in "abcde" if room != "e" or rank == "IV"),
    "PPPK": ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV", "XVI", "XVII"),
}
"""Grades from the lowest to the highest."""


def codes(known: Mapping[str, str], reader: Reader) -> list[str]:
    """A list of codes of one table."""
    chosen = reader.texts("value")
    if not chosen and reader.sound("value"):
        reader.note("value", "Pilih sedikitnya satu.")
    if not set(chosen) <= known.keys():
        reader.note("value", "Pilih hanya dari: %(options)s.", options=", ".join(known))
    return [code for code in known if code in chosen]


def names(known: Mapping[str, str], value: Iterable[str]) -> str:
    return ", ".join(known[code] for code in value)


def whole(low: int, high: int, reader: Reader) -> int:
    """A whole number."""
    return reader.integer("value", low, high)


def years(value: int) -> str:
    return f"{value} tahun"


def last_years(value: int) -> str:
    return f"dalam {value} tahun terakhir"


def nominations(value: int) -> str:
    return f"{value} per kategori"


def grade_ranges(reader: Reader) -> dict[str, dict[str, str]]:
    """{"PNS": {"from": "III/a", "to": "IV/e"}, "PPPK": {...}}; a kind without limits stays unknown."""
    part = reader.nested("value")
    ranges = {}
    for kind, grades in GRADES.items():
        if part.has(kind):
            limits = part.nested(kind)
            low, high = limits.one_of("from", grades), limits.one_of("to", grades)
            if grades.index(low) > grades.index(high):
                limits.note("to", "Batas tertinggi berada di bawah batas terendah.")
            limits.done()
            ranges[kind] = {"from": low, "to": high}
    if part.is_object and not ranges:
        part.note(None, "Isi batas bagi PNS atau PPPK.")
    part.done()
    return ranges


def show_grade_ranges(value: Mapping[str, Mapping[str, str]]) -> str:
    return "; ".join(f"{kind} {limits['from']} sampai {limits['to']}" for kind, limits in value.items())


def predicate_years(reader: Reader) -> dict[str, Any]:
    """{"years": 2, "predicate": "BAIK"}."""
    part = reader.nested("value")
    value = {"years": part.integer("years", 1, 10), "predicate": part.one_of("predicate", PREDICATES)}
    part.done()
    return value


def show_predicate_years(value: Mapping[str, Any]) -> str:
    return f"{value['predicate']} dalam {value['years']} tahun terakhir"


def levels(reader: Reader) -> dict[str, Any]:
    """{"levels": ["R", "S", "B"]}."""
    part = reader.nested("value")
    value = {"levels": _levels(part)}
    part.done()
    return value


def show_levels(value: Mapping[str, Any]) -> str:
    return f"(tingkat {', '.join(SANCTION_LEVELS[level].lower() for level in value['levels'])})"


def level_years(reader: Reader) -> dict[str, Any]:
    """{"years": 2, "levels": ["S", "B"]}."""
    part = reader.nested("value")
    value = {"years": part.integer("years", 1, 40), "levels": _levels(part)}
    part.done()
    return value


def show_level_years(value: Mapping[str, Any]) -> str:
    return f"dalam {value['years']} tahun terakhir {show_levels(value)}"


def nothing(reader: Reader) -> None:
    """No value at all."""
    if reader.raw("value") is not None:
        reader.note("value", "Syarat ini tidak memerlukan nilai.")


def show_nothing(_value: None) -> str:
    return ""


def attendance(reader: Reader) -> dict[str, Any]:
    """{"months": ["2024-04", ...], "percent": 95}."""
    part = reader.nested("value")
    months = part.texts("months", 120, 7)
    if not months or not all(map(is_month, months)):
        part.note("months", "Tulis bulan seperti 2024-04.")
    value = {"months": sorted(months), "percent": document_number(part.number("percent", 0, 100))}
    part.done()
    return value


def show_attendance(value: Mapping[str, Any]) -> str:
    return f"{format_number(fraction(value['percent']))} % pada {', '.join(value['months'])}"


def _levels(part: Reader) -> list[str]:
    chosen = part.texts("levels") if part.has("levels") else tuple(SANCTION_LEVELS)
    part.raw("levels")
    if not chosen or not set(chosen) <= SANCTION_LEVELS.keys():
        part.note("levels", "Pilih tingkat R, S atau B.")
    return [level for level in SANCTION_LEVELS if level in chosen]
