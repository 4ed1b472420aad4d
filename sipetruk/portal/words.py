"""How values of the contract read on a page: dates, numbers, kinds of input and shares of a bar, in Indonesian."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from babel.dates import format_date as babel_date
from flask import Flask
from flask_babel import format_date
from markupsafe import Markup, escape

from sipetruk.rules.dates import span_text
from sipetruk.rules.moments import moment_text
from sipetruk.rules.workflow import WITA
from sipetruk.services import clock

NUMERALS = ("tidak ada", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh")
INPUTS = {
    "SHORT_TEXT": "Teks singkat",
    "LONG_TEXT": "Uraian",
    "NUMBER": "Angka",
    "DATE": "Tanggal",
    "CHOICE": "Satu pilihan",
    "CHOICES": "Boleh lebih dari satu pilihan",
    "FILE": "Berkas",
    "LINK": "Alamat halaman (tautan)",
    "DECLARATION": "Pernyataan yang dicentang",
    "TALLY": "Jumlah untuk setiap jenis",
}
KILO = 1024
FULL_SCORE = 100
_GAP = Decimal("0.5")


def init_words(app: Flask) -> None:
    app.jinja_env.filters.update(
        tanggal=day,
        waktu=moment,
        rentang=span,
        angka=number,
        bilangan=numeral,
        ukuran=size,
        bagian=share,
        segments=segments,
        adds_up=adds_up,
        busiest=busiest,
        stage_time=stage_time,
        paragraphs=paragraphs,
        by_category=by_category,
        by_round=by_round,
        by_group=by_group,
        label_of=label_of,
        bentuk_berkas=accepted_files,
        bentuk_isian=kind_of_input,
        syarat_tampil=condition,
    )


def day(value: str | date) -> str:
    """`24 November 2026`, in WITA when given a moment."""
    return str(format_date(_day(value), "d MMMM y"))


def english_day(value: str | date) -> str:
    """`24 November 2026`, with the names of the months in English."""
    return str(babel_date(_day(value), "d MMMM y", locale="en"))


def moment(value: str) -> str:
    """`24 November 2026 pukul 14.05 WITA`."""
    return moment_text(datetime.fromisoformat(value))


def span(first: str, last: str) -> str:
    """`1–15 Oktober 2024`, `28 Oktober – 3 November 2024`."""
    return span_text(_day(first), _day(last))


def number(value: str | int) -> str:
    """A decimal of the contract with a decimal comma: `82,67`."""
    return str(value).replace(".", ",")


def numeral(value: int) -> str:
    """Small numbers in words, as a sentence begins."""
    return NUMERALS[value] if value < len(NUMERALS) else str(value)


def size(value: int) -> str:
    """`2,4 MB`, `310 KB`."""
    if value >= KILO * KILO:
        return f"{_tenths(Decimal(value) / KILO / KILO)} MB"
    return f"{max(1, value // KILO)} KB"


def share(part: int | str, whole: int | str) -> str:
    """A part as a width of 100 on a bar."""
    return _hundredths(Decimal(part) * 100 / Decimal(whole)) if Decimal(whole) else "0"


def adds_up(components: Sequence[Mapping[str, str]]) -> bool:
    """Whether the components are points that make the total by adding: then their maxima make the full score."""
    return sum((Decimal(each["maximum"]) for each in components), Decimal(0)) == FULL_SCORE


def busiest(units: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Units with the most winners first, then those with the most nominations, then by name."""
    return sorted(units, key=lambda unit: (-unit["winners"], -unit["nominations"], unit["name"]))


def segments(components: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """Where each component lies on a bar of 100 that stands for the sum of all maxima, and last what is left of it."""
    whole = sum((Decimal(each["maximum"]) for each in components), Decimal(0))
    shown, start = [], Decimal(0)
    for each in components:
        width = Decimal(each["score"]) * 100 / whole if whole else Decimal(0)
        shown.append(_segment(start, width))
        start += width
    return [*shown, _segment(start, 100 - start)]


def stage_time(stage: Mapping[str, Any]) -> str:
    """Whether a stage is `past`, `now` or `next` on the schedule of today."""
    if stage["isOpen"]:
        return "now"
    return "past" if date.fromisoformat(stage["closesOn"]) < clock.today() else "next"


def paragraphs(text: str) -> Markup:
    """Lines of a plain text as paragraphs."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return Markup("").join(Markup("<p>{}</p>").format(line) for line in lines)


def by_category(winners: Sequence[Mapping[str, Any]]) -> list[tuple[Mapping[str, Any], list[Mapping[str, Any]]]]:
    """Winners by category, both in the order of the publication."""
    found: dict[str, tuple[Mapping[str, Any], list[Mapping[str, Any]]]] = {}
    for each in winners:
        found.setdefault(each["category"]["slug"], (each["category"], []))[1].append(each)
    return list(found.values())


def by_round(winners: Sequence[Mapping[str, Any]]) -> list[tuple[Mapping[str, Any], Mapping[str, Any], list[Mapping[str, Any]]]]:
    """Winners of several periods by period and category, in the order in which they come."""
    found: dict[tuple[str, str], tuple[Mapping[str, Any], Mapping[str, Any], list[Mapping[str, Any]]]] = {}
    for each in winners:
        period, category = each["period"], each["category"]
        found.setdefault((period["slug"], category["slug"]), (period, category, []))[2].append(each)
    return list(found.values())


def by_group(fields: Iterable[Mapping[str, Any]]) -> list[tuple[str, list[Mapping[str, Any]]]]:
    """Questions under the headings of their groups, in order."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for each in fields:
        found.setdefault(each["group"], []).append(each)
    return list(found.items())


def label_of(things: Iterable[Mapping[str, Any]], code: str) -> str:
    """The label of the thing with this code."""
    return next((str(each["label"]) for each in things if each["code"] == code), code)


def accepted_files(wanted: Mapping[str, Any]) -> str:
    """`PDF, JPG atau PNG, paling besar 5 MB, paling banyak 2 berkas`."""
    kinds = " atau ".join(", ".join(kind.upper() for kind in wanted["accept"]).rsplit(", ", 1))
    files = f", paling banyak {wanted['maxFiles']} berkas" if wanted["maxFiles"] > 1 else ""
    return f"{kinds}, paling besar {wanted['maxMegabytes']} MB{files}"


def kind_of_input(field: Mapping[str, Any]) -> str:
    """`Uraian, 100 sampai 3000 karakter`."""
    if field["file"]:
        return f"{INPUTS['FILE']} {accepted_files(field['file'])}"
    parts = [INPUTS[field["kind"]]]
    parts += _bounds(field["minChars"], field["maxChars"], "karakter")
    parts += _bounds(field["minimum"], field["maximum"], field["unit"])
    return ", ".join(parts)


def condition(field: Mapping[str, Any], fields: Iterable[Mapping[str, Any]]) -> Markup:
    """When a question is asked, in words."""
    shown = field["shownWhen"]
    asked = next((each for each in fields if each["code"] == shown["field"]), None)
    if asked is None:
        return Markup("")
    if asked["kind"] == "DECLARATION":
        return escape(f"Diisi bila “{asked['label']}” dicentang.")
    return escape(f"Diisi bila “{asked['label']}” dijawab “{label_of(asked['options'], shown['equals'])}”.")


def _segment(start: Decimal, width: Decimal) -> dict[str, str]:
    return {"start": _hundredths(start), "width": _hundredths(max(width - _GAP, Decimal(0)))}


def _bounds(low: str | int | None, high: str | int | None, unit: str) -> list[str]:
    unit = f" {unit}" if unit else ""
    if low is not None and high is not None:
        return [f"{number(low)} sampai {number(high)}{unit}"]
    if high is not None:
        return [f"paling banyak {number(high)}{unit}"]
    return [f"paling sedikit {number(low)}{unit}"] if low is not None else []


def _day(value: str | date) -> date:
    if isinstance(value, date):
        return value
    return datetime.fromisoformat(value).astimezone(WITA).date() if "T" in value else date.fromisoformat(value)


def _hundredths(value: Decimal) -> str:
    return format(value.quantize(Decimal("0.01"), ROUND_HALF_UP), "f")


def _tenths(value: Decimal) -> str:
    return number(format(value.quantize(Decimal("0.1"), ROUND_HALF_UP), "f"))
