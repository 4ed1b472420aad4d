"""Forms for the parts of an instrument; their fields carry the names of the document, so refusals find them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, Self

import wtforms
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, NumberRange, Optional

from sipetruk.panel.kit import (
    Choice,
    Choices,
    CreateForm,
    DecimalComma,
    LineList,
    PanelForm,
    PlainText,
    Required,
    VersionedForm,
    WholeNumber,
)
from sipetruk.panel.kit.fields import Fits
from sipetruk.rules import instrument as rules
from sipetruk.rules import scales
from sipetruk.rules.exact import document_number
from sipetruk.rules.reading import is_month
from sipetruk.starters import starters

CODE_HELP = "Huruf kecil, angka, dan garis bawah; diawali huruf. Dipakai sebagai pengenal pada hasil dan ekspor."
FREE_CODE_HELP = "Huruf kecil, angka, dan garis bawah. Dibuat dari namanya bila dikosongkan."
YEAR = re.compile(r"(199|20[0-9])[0-9]")
SPARE_ROWS = 3
MOST_ROWS = 60
SOURCE_FIELDS = ("source", "months", "months_from", "months_to", "years", "series", "check", "within_years", "levels")
"""What together says where the value of a criterion comes from."""


def code_field() -> Any:
    return wtforms.StringField("Kode", [Required(), PlainText(), Length(max=50)], description=CODE_HELP)


def free_code_field() -> Any:
    """The code of something new: it follows from the name when none is typed."""
    return wtforms.StringField("Kode", [PlainText(), Length(max=50)], description=FREE_CODE_HELP)


def text_field(label: str, longest: int, description: str = "", *, required: bool = False) -> Any:
    needed: list[Any] = [Required()] if required else []
    return wtforms.StringField(label, [*needed, PlainText(), Length(max=longest)], description=description)


def long_field(label: str, description: str = "") -> Any:
    return wtforms.TextAreaField(label, [PlainText(), Length(max=4000)], description=description)


def code_from(label: str, taken: Collection[str]) -> str:
    """A code that says what the label says: "Jenis inovasi" is `jenis_inovasi`, the second one `jenis_inovasi_2`."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    stem = re.sub("[^a-z0-9]+", "_", plain).strip("_").lstrip("0123456789_")[:40].rstrip("_") or "isian"
    number, code = 1, stem
    while code in taken:
        number += 1
        code = f"{stem}_{number}"
    return code


def weight_field(of: str) -> Any:
    """A weight in percent; `basis_points` reads it."""
    help_ = f"Persen dari {of}, paling banyak dua angka di belakang koma. Kosongkan bila instrumen ini tidak memakai bobot."
    return DecimalComma("Bobot (%)", [Optional(), Fits(5, 2), NumberRange(0, 100)], description=help_)


def basis_points(percent: Decimal | None) -> int | None:
    return None if percent is None else int(percent * 100)


def in_percent(weight: int | None) -> Decimal | None:
    return None if weight is None else Decimal(weight) / 100


def exact(value: Decimal | None) -> int | str | None:
    """A typed number as a document carries it."""
    return None if value is None else document_number(Fraction(value))


def decimal(value: Fraction | None) -> Decimal | None:
    return None if value is None else Decimal(value.numerator) / Decimal(value.denominator)


def called(form: Any, code: str) -> str:
    """The code of a thing after its form was saved; one that was refused is not taken over."""
    return code if form.code.errors else str(form.code.data)


class NamedForm(VersionedForm):
    """Base: a label, and a code that follows from it when none is typed."""

    code = free_code_field()

    def coded(self, taken: Collection[str]) -> Self:
        """Fill in the code that was left empty, once there is a name."""
        if not (self.code.data or "").strip() and (label := (self.label.data or "").strip()):
            self.code.data = code_from(label, taken)
        return self


class NewInstrumentForm(CreateForm):
    starter = Choice(
        "Mulai dari",
        choices=starters,
        blank="Instrumen kosong",
        description="Instrumen awal berisi komponen, kriteria, dan bukti dukung dari putaran nyata, dan dapat diubah sebelum dikunci.",
    )
    name = text_field("Nama instrumen", 150, required=True)
    code = wtforms.StringField(
        "Kode", [Required(), PlainText(), Length(max=60)], description="Huruf kecil, angka, dan tanda hubung, misalnya asn-berprestasi."
    )


class AboutForm(VersionedForm):
    title = text_field("Judul", 200, required=True)
    description = long_field("Keterangan", "Untuk siapa instrumen ini dan bagaimana nilai akhirnya dibentuk.")
    source = long_field("Sumber", "Peraturan atau surat yang menjadi dasar.")

    def values(self) -> dict[str, Any]:
        return self.sound({"title": self.title.data, "description": self.description.data or "", "source": self.source.data or ""})


class ComponentForm(VersionedForm):
    label = text_field("Nama komponen", 200, required=True)
    code = code_field()
    weight = weight_field("nilai akhir")
    help = long_field("Petunjuk", "Apa yang dinilai pada komponen ini; dibaca penilai dan ditampilkan kepada umum.")

    def values(self) -> dict[str, Any]:
        values = {
            "code": self.code.data,
            "label": self.label.data,
            "help": self.help.data or "",
            "weight": basis_points(self.weight.data),
        }
        return self.sound(values)


class NewComponentForm(ComponentForm, NamedForm):
    """The same for one that is added."""

    code = free_code_field()


class NamedChoice(wtforms.RadioField):  # type: ignore[misc]  # wtforms is untyped
    """One of a few choices, each shown with its name and one sentence on what it does."""

    def __init__(self, label: str, validators: Sequence[Any] = (), *, words: Mapping[str, str], effects: str = "", **more: Any) -> None:
        self.effects = rules.EFFECTS.get(effects, {})
        super().__init__(label, list(validators), choices=[SelectChoice(*pair) for pair in words.items()], **more)


class YearList(wtforms.Field):  # type: ignore[misc]  # wtforms is untyped
    """Years in one line: "2022, 2023"."""

    data: Any
    widget = wtforms.widgets.TextInput()

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else ", ".join(map(str, self.data or ()))

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist:
            return
        self.data = []
        words = valuelist[0].replace(",", " ").replace(";", " ").split()
        if any(not YEAR.fullmatch(word) for word in words):
            raise ValueError("Tulis tahun dengan empat angka, misalnya 2023, dipisah koma bila lebih dari satu.")
        self.data = sorted({int(word) for word in words})


class MonthText(wtforms.StringField):  # type: ignore[misc]  # wtforms is untyped
    """A month as "2024-04", with the browser's own picker."""

    widget = wtforms.widgets.MonthInput()

    def pre_validate(self, _form: object) -> None:
        if self.data and not is_month(self.data):
            raise wtforms.ValidationError("Tulis bulan seperti 2024-04.")


class CriterionForm(VersionedForm):
    """Everything about a criterion but its scale."""

    label = text_field("Nama kriteria", 300, required=True)
    code = code_field()
    component = Choice("Komponen", [Required()])
    help = long_field("Petunjuk", "Bagaimana membaca kriteria ini; sama untuk semua penilai.")
    weight = weight_field("komponen")
    source = NamedChoice("Sumber nilai", [Required()], words=rules.SOURCES, effects="source")
    months = LineList("Bulan data", description="Satu bulan per baris, misalnya 2024-04; atau isi rentang di bawah.")
    months_from = MonthText("Tambahkan bulan dari")
    months_to = MonthText("sampai")
    years = YearList("Tahun data", description="Satu tahun, atau beberapa tahun dipisah koma.")
    series = Choice("Data nilai", choices=list(rules.SERIES.items()))
    check = NamedChoice("Yang diperiksa", words=rules.SANCTION_CHECKS, default="ever")
    within_years = WholeNumber("Dalam berapa tahun terakhir", [Optional(), NumberRange(1, 40)])
    levels = Choices("Tingkat hukuman yang dihitung", choices=list(rules.SANCTION_LEVELS.items()), default=list(rules.SANCTION_LEVELS))
    evidence = Choices("Bukti dukung yang diperiksa")
    note_min_chars = WholeNumber(
        "Panjang catatan penilai",
        [Optional(), NumberRange(0, 5000)],
        description="Jumlah huruf paling sedikit; 0 berarti catatan tidak wajib.",
    )

    def offer(self, definition: rules.Definition, chosen: Sequence[str]) -> CriterionForm:
        """Fill in what can be chosen within this instrument; evidence already chosen comes first and keeps its order."""
        parts = [SelectChoice(part.code, part.label) for part in definition.components]
        labels = {need.code: need.label for need in definition.requirements}
        ordered = [*(code for code in chosen if code in labels), *(code for code in labels if code not in chosen)]
        needs = [SelectChoice(code, labels[code]) for code in ordered]
        if "component" in self:
            self.component.choices = lambda: parts
        self.evidence.choices = lambda: needs
        return self

    def validate_months_to(self, field: Any) -> None:
        if bool(field.data) != bool(self.months_from.data):
            raise wtforms.ValidationError("Isi bulan awal dan bulan akhir.")
        if field.data and field.data < self.months_from.data:
            raise wtforms.ValidationError("Bulan akhir tidak boleh sebelum bulan awal.")

    def validate_years(self, field: Any) -> None:
        if self.source.data == "imported" and len(field.data or ()) > 1:
            raise wtforms.ValidationError("Data nilai tahunan memakai satu tahun saja.")

    def refuse(self, path: Iterable[str], message: str) -> bool:
        return bool(super().refuse(("years" if step == "year" else step for step in path), message))

    def values(self) -> dict[str, Any]:
        values = {
            "code": self.code.data,
            "label": self.label.data,
            "help": self.help.data or "",
            "weight": basis_points(self.weight.data),
            "source": self.source_document(),
            "evidence": list(self.evidence.data or ()),
            "note_min_chars": self.note_min_chars.data or 0,
        }
        return self.sound(values, source=SOURCE_FIELDS)

    def source_document(self) -> dict[str, Any]:
        """Only what the chosen source needs, so that a forgotten month of another source is not kept."""
        kind, years = self.source.data, list(self.years.data or ())
        document: dict[str, Any] = {"kind": kind}
        if kind in {"attendance", "imported"}:
            document["months"] = self.all_months()
        if kind == "award" or (kind == "predicate" and len(years) > 1):
            document["years"] = years
        elif kind in {"predicate", "imported"}:
            document["year"] = years[0] if years else None
        if kind == "imported":
            document["series"] = self.series.data
        if kind == "sanction":
            document |= {"check": self.check.data, "within_years": self.within_years.data if self.check.data == "within" else None}
            document |= {} if self.check.data == "examination" else {"levels": list(self.levels.data or ())}
        return {key: value for key, value in document.items() if key != "within_years" or value is not None}

    def all_months(self) -> list[str]:
        """The listed months and those of the span, each once."""
        listed = list(self.months.data or ())
        if self.months_from.data and self.months_to.data:
            listed += [month for month in months_between(self.months_from.data, self.months_to.data) if month not in listed]
        return sorted(listed)


class NewCriterionForm(CriterionForm, NamedForm):
    """The same for one that is added, with the kind of its scale; the scale itself is filled in on the next page."""

    code = free_code_field()
    kind = Choice(
        "Jenis skala",
        [Required()],
        choices=list(scales.LABELS.items()),
        description="Isi skalanya ditentukan pada halaman berikutnya.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self["component"]  # the one to which it is added


def months_between(first: str, last: str) -> list[str]:
    """Every month from one to another, both included; at most ten years."""
    (year, month), (last_year, last_month) = ((int(part) for part in text.split("-")) for text in (first, last))
    count = min(120, 12 * (last_year - year) + last_month - month + 1)
    return [f"{year + (month - 1 + at) // 12}-{(month - 1 + at) % 12 + 1:02}" for at in range(count)]


class FloorRow(PanelForm):
    component = Choice("Komponen", blank="–")
    at_least = DecimalComma("Nilai paling rendah", [Optional()])


class TieRow(PanelForm):
    step = Choice("Penentu", blank="–")


class PolicyForm(VersionedForm):
    combine = NamedChoice("Cara menggabungkan nilai", [Required()], words=rules.COMBINE, effects="combine")
    aggregation = NamedChoice("Cara menggabungkan nilai para penilai", [Required()], words=rules.AGGREGATION, effects="aggregation")
    k = WholeNumber(
        "Nilai ekstrem yang dibuang",
        [Optional(), NumberRange(1, 20)],
        description="Banyaknya di tiap ujung; hanya untuk rata-rata tanpa nilai ekstrem.",
    )
    rounding = NamedChoice("Pembulatan", [Required()], words=rules.ROUNDING_STAGE, effects="rounding")
    mode = NamedChoice("Cara membulatkan", [Required()], words=rules.ROUNDING_MODE, effects="mode")
    decimals = WholeNumber("Angka di belakang koma", [Required(), NumberRange(0, 4)], description=rules.EFFECTS["decimals"][""])
    min_assessors = WholeNumber(
        "Jumlah penilai paling sedikit", [Required(), NumberRange(1, 99)], description=rules.EFFECTS["min_assessors"][""]
    )
    floors = wtforms.FieldList(
        wtforms.FormField(FloorRow), "Batas nilai komponen", description=rules.EFFECTS["floors"][""], max_entries=MOST_ROWS
    )
    tie_chain = wtforms.FieldList(
        wtforms.FormField(TieRow), "Penentu bila nilai sama, berurutan", description=rules.EFFECTS["tie_chain"][""], max_entries=MOST_ROWS
    )

    def offer(self, definition: rules.Definition) -> PolicyForm:
        parts = [SelectChoice("", "–"), *(SelectChoice(part.code, part.label) for part in definition.components)]
        steps = [SelectChoice("", "–")]
        steps += [SelectChoice(f"component:{part.code}", f"Komponen {part.label}") for part in definition.components]
        steps += [SelectChoice(f"criterion:{c.code}", f"Kriteria {c.label}") for _, c in rules.all_criteria(definition) if c.is_scored]
        steps += [SelectChoice(f"attribute:{code}", label) for code, label in rules.ATTRIBUTES.items()]
        for row in self.floors:
            row.form.component.choices = lambda: parts
        for row in self.tie_chain:
            row.form.step.choices = lambda: steps
        return self

    def values(self) -> dict[str, Any]:
        aggregation: dict[str, Any] = {"kind": self.aggregation.data}
        if self.aggregation.data == "trimmed":
            aggregation["k"] = self.k.data or 1
        floors = [row.form for row in self.floors if row.form.component.data]
        steps = [row.form.step.data.partition(":") for row in self.tie_chain if row.form.step.data]
        values = {
            "combine": self.combine.data,
            "aggregation": aggregation,
            "rounding": {"stage": self.rounding.data, "mode": self.mode.data, "decimals": self.decimals.data},
            "min_assessors": self.min_assessors.data,
            "floors": [{"component": row.component.data, "at_least": exact(row.at_least.data or Decimal(0))} for row in floors],
            "tie_chain": [{"by": by, "code": code} for by, _, code in steps],
        }
        return self.sound(values, aggregation=("aggregation", "k"), rounding=("rounding", "mode", "decimals"))


class LockForm(VersionedForm):
    """Only the version: what is locked is what was on the screen."""


class ReasonForm(VersionedForm):
    reason = wtforms.TextAreaField("Alasan", [Required(), PlainText(), Length(max=2000)])
