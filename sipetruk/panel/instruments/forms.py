"""Forms for the parts of an instrument; their fields carry the names of the document, so refusals find them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import wtforms
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, NumberRange, Optional

from sipetruk.panel.kit import Choice, Choices, DecimalComma, LineList, PanelForm, PlainText, Required, VersionedForm, WholeNumber
from sipetruk.panel.kit.fields import Fits
from sipetruk.rules import instrument as rules
from sipetruk.rules import scales
from sipetruk.rules.exact import document_number
from sipetruk.starters import starters

CODE_HELP = "Huruf kecil, angka, dan garis bawah; diawali huruf. Dipakai sebagai pengenal pada hasil dan ekspor."
SPARE_ROWS = 3
MOST_ROWS = 60


def code_field() -> Any:
    return wtforms.StringField("Kode", [Required(), PlainText(), Length(max=50)], description=CODE_HELP)


def text_field(label: str, longest: int, description: str = "", *, required: bool = False) -> Any:
    needed: list[Any] = [Required()] if required else []
    return wtforms.StringField(label, [*needed, PlainText(), Length(max=longest)], description=description)


def long_field(label: str, description: str = "") -> Any:
    return wtforms.TextAreaField(label, [PlainText(), Length(max=4000)], description=description)


def weight_field(of: str) -> Any:
    """A weight in percent; `basis_points` reads it."""
    help_ = f"Persen dari {of}, paling banyak dua angka di belakang koma. Kosongkan bila instrumen ini tidak memakai bobot."
    return DecimalComma("Bobot (%)", [Optional(), Fits(5, 2)], description=help_)


def basis_points(percent: Decimal | None) -> int | None:
    return None if percent is None else int(percent * 100)


def in_percent(weight: int | None) -> Decimal | None:
    return None if weight is None else Decimal(weight) / 100


def exact(value: Decimal | None) -> int | str | None:
    """A typed number as a document carries it."""
    return None if value is None else document_number(Fraction(value))


def decimal(value: Fraction | None) -> Decimal | None:
    return None if value is None else Decimal(value.numerator) / Decimal(value.denominator)


class NewInstrumentForm(PanelForm):
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


class ComponentForm(VersionedForm):
    label = text_field("Nama komponen", 200, required=True)
    code = code_field()
    weight = weight_field("nilai akhir")
    help = long_field("Petunjuk", "Apa yang dinilai pada komponen ini; dibaca penilai dan ditampilkan kepada umum.")

    def values(self) -> dict[str, Any]:
        return {
            "code": self.code.data,
            "label": self.label.data,
            "help": self.help.data or "",
            "weight": basis_points(self.weight.data),
        }


class NewCriterionForm(VersionedForm):
    label = text_field("Nama kriteria", 300, required=True)
    code = code_field()
    kind = Choice(
        "Jenis skala",
        [Required()],
        choices=list(scales.LABELS.items()),
        description="Isi skalanya ditentukan pada halaman berikutnya.",
    )
    source = Choice("Sumber nilai", [Required()], choices=list(rules.SOURCES.items()))


class CriterionForm(VersionedForm):
    """Everything about a criterion but its scale."""

    label = text_field("Nama kriteria", 300, required=True)
    code = code_field()
    component = Choice("Komponen", [Required()])
    help = long_field("Petunjuk", "Bagaimana membaca kriteria ini; sama untuk semua penilai.")
    weight = weight_field("komponen")
    source = Choice("Sumber nilai", [Required()], choices=list(rules.SOURCES.items()))
    months = LineList("Bulan data", description="Untuk kehadiran atau nilai bulanan: satu bulan per baris, misalnya 2024-04.")
    year = WholeNumber("Tahun data", [Optional()], description="Untuk predikat kinerja atau nilai tahunan.")
    series = Choice("Data nilai", choices=list(rules.SERIES.items()), description="Untuk data nilai bulanan atau tahunan.")
    evidence = Choices("Bukti dukung yang diperiksa")
    note_min_chars = WholeNumber(
        "Panjang catatan penilai",
        [Optional(), NumberRange(0, 5000)],
        description="Jumlah huruf paling sedikit; 0 berarti catatan tidak wajib.",
    )

    def offer(self, definition: rules.Definition, chosen: Sequence[str]) -> CriterionForm:
        """Fill in what can be chosen within this instrument; evidence already chosen comes first and keeps its order."""
        parts = [SelectChoice(part.code, part.label) for part in definition.components]
        labels = {need.code: need.label for need in definition.evidence}
        ordered = [*(code for code in chosen if code in labels), *(code for code in labels if code not in chosen)]
        needs = [SelectChoice(code, labels[code]) for code in ordered]
        self.component.choices = lambda: parts
        self.evidence.choices = lambda: needs
        return self

    def values(self) -> dict[str, Any]:
        return {
            "code": self.code.data,
            "label": self.label.data,
            "help": self.help.data or "",
            "weight": basis_points(self.weight.data),
            "source": self.source_document(),
            "evidence": list(self.evidence.data or ()),
            "note_min_chars": self.note_min_chars.data or 0,
        }

    def source_document(self) -> dict[str, Any]:
        """Only what the chosen source needs, so that a forgotten month of another source is not kept."""
        kind = self.source.data
        document: dict[str, Any] = {"kind": kind}
        if kind in {"attendance", "imported"}:
            document["months"] = list(self.months.data or ())
        if kind in {"predicate", "imported"}:
            document["year"] = self.year.data
        if kind == "imported":
            document["series"] = self.series.data
        return document


class FloorRow(PanelForm):
    component = Choice("Komponen", blank="–")
    at_least = DecimalComma("Nilai paling rendah", [Optional()])


class TieRow(PanelForm):
    step = Choice("Penentu", blank="–")


class PolicyForm(VersionedForm):
    combine = Choice("Cara menggabungkan nilai", [Required()], choices=list(rules.COMBINE.items()))
    aggregation = Choice("Cara menggabungkan nilai para penilai", [Required()], choices=list(rules.AGGREGATION.items()))
    k = WholeNumber(
        "Nilai ekstrem yang dibuang",
        [Optional(), NumberRange(1, 20)],
        description="Banyaknya di tiap ujung; hanya untuk rata-rata tanpa nilai ekstrem.",
    )
    rounding = Choice("Pembulatan", [Required()], choices=list(rules.ROUNDING_STAGE.items()))
    decimals = WholeNumber("Angka di belakang koma", [Required(), NumberRange(0, 4)])
    min_assessors = WholeNumber("Jumlah penilai paling sedikit", [Required(), NumberRange(1, 99)])
    floors = wtforms.FieldList(wtforms.FormField(FloorRow), "Batas nilai komponen", max_entries=MOST_ROWS)
    tie_chain = wtforms.FieldList(wtforms.FormField(TieRow), "Penentu bila nilai sama, berurutan", max_entries=MOST_ROWS)

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

    def values(self, mode: str) -> dict[str, Any]:
        aggregation: dict[str, Any] = {"kind": self.aggregation.data}
        if self.aggregation.data == "trimmed":
            aggregation["k"] = self.k.data or 1
        floors = [row.form for row in self.floors if row.form.component.data]
        steps = [row.form.step.data.partition(":") for row in self.tie_chain if row.form.step.data]
        return {
            "combine": self.combine.data,
            "aggregation": aggregation,
            "rounding": {"stage": self.rounding.data, "mode": mode, "decimals": self.decimals.data},
            "min_assessors": self.min_assessors.data,
            "floors": [{"component": row.component.data, "at_least": exact(row.at_least.data or Decimal(0))} for row in floors],
            "tie_chain": [{"by": by, "code": code} for by, _, code in steps],
        }


class EvidenceForm(VersionedForm):
    label = text_field("Nama bukti dukung", 300, required=True)
    code = code_field()
    help = long_field("Petunjuk", "Apa yang harus terlihat pada dokumen ini.")
    required = wtforms.BooleanField("Wajib ada")
    source = Choice(
        "Diperoleh dari", [Required()], choices=[("unit", "Diunggah perangkat daerah"), ("system", "Data sistem, tidak diunggah")]
    )
    accept = Choices("Jenis berkas", choices=[(kind, kind.upper()) for kind in rules.FILE_TYPES])
    max_mb = WholeNumber("Ukuran terbesar (MB)", [Required(), NumberRange(1, 50)])
    max_files = WholeNumber("Jumlah berkas paling banyak", [Required(), NumberRange(1, 20)])

    def values(self) -> dict[str, Any]:
        return {
            "code": self.code.data,
            "label": self.label.data,
            "help": self.help.data or "",
            "required": bool(self.required.data),
            "source": self.source.data,
            "accept": list(self.accept.data or ()),
            "max_mb": self.max_mb.data,
            "max_files": self.max_files.data,
        }


class FieldForm(VersionedForm):
    label = text_field("Pertanyaan", 300, required=True)
    code = code_field()
    kind = Choice("Jenis isian", [Required()], choices=list(rules.FIELD_KINDS.items()))
    group = text_field("Kelompok", 100, "Judul bagian formulir; pertanyaan dengan kelompok sama tampil bersama.")
    help = long_field("Petunjuk")
    required = wtforms.BooleanField("Wajib diisi")
    min_chars = WholeNumber("Huruf paling sedikit", [Optional()])
    max_chars = WholeNumber("Huruf paling banyak", [Optional()])
    min = DecimalComma("Angka terkecil", [Optional()])
    max = DecimalComma("Angka terbesar", [Optional()])
    unit = text_field("Satuan", 50)
    options = LineList("Pilihan jawaban", description="Satu pilihan per baris: kode = tulisan, misalnya individu = Inovasi perorangan.")
    shown_field = Choice("Tampil hanya bila", blank="selalu tampil")
    equals = text_field("berisi jawaban", 200, "Kode pilihan; 1 untuk pernyataan yang disetujui.")

    def offer(self, definition: rules.Definition, code: str | None) -> FieldForm:
        others = [SelectChoice("", "selalu tampil"), *(SelectChoice(f.code, f.label) for f in definition.fields if f.code != code)]
        self.shown_field.choices = lambda: others
        return self

    def values(self) -> dict[str, Any]:
        pairs = [line.partition("=") for line in self.options.data or ()]
        shown = self.shown_field.data
        return {
            "code": self.code.data,
            "label": self.label.data,
            "help": self.help.data or "",
            "group": self.group.data or "",
            "kind": self.kind.data,
            "required": bool(self.required.data),
            "min_chars": self.min_chars.data,
            "max_chars": self.max_chars.data,
            "min": exact(self.min.data),
            "max": exact(self.max.data),
            "unit": self.unit.data or "",
            "options": [{"code": key.strip(), "label": text.strip() or key.strip()} for key, _, text in pairs],
            "shown_when": {"field": shown, "equals": self.equals.data or ""} if shown else None,
        }


class LockForm(VersionedForm):
    """Only the version: what is locked is what was on the screen."""


class ReasonForm(VersionedForm):
    reason = wtforms.TextAreaField("Alasan", [Required(), PlainText(), Length(max=2000)])
