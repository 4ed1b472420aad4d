"""Forms for what a nomination is asked for: evidence, and the questions of its form."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

import wtforms
from flask import current_app
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, NumberRange, Optional

from sipetruk.errors import NotFound
from sipetruk.panel.instruments.forms import (
    MOST_ROWS,
    SPARE_ROWS,
    NamedChoice,
    NamedForm,
    code_from,
    decimal,
    exact,
    long_field,
    text_field,
)  # fmt: skip
from sipetruk.panel.kit import Choice, Choices, DecimalComma, PanelForm, PlainText, Required, VersionedForm, WholeNumber
from sipetruk.queries import settings
from sipetruk.queries.instruments import VersionView
from sipetruk.rules import instrument as rules
from sipetruk.services.templates import MOST_MB as TEMPLATE_MB

T = TypeVar("T", rules.EvidenceRequirement, rules.FormField)
TEXTS = ("short_text", "long_text", "link")
CHOICES = ("choice", "choices")
OF_KIND = ("min_chars", "max_chars", "min", "max", "unit", "options", "accept", "max_mb", "max_files")
"""What a question has by its kind."""
EVIDENCE_SOURCES = {"unit": "Diunggah perangkat daerah", "system": "Dari data sistem, tidak diunggah"}


def largest_upload() -> int:
    """The largest file in MB that both this server and a document allow."""
    return int(min(current_app.config["SETTINGS"].max_upload_mb, rules.MOST_MB))


def usual_mb() -> int:
    """The limit that a new piece of evidence begins with."""
    return min(settings.number("evidence_mb"), largest_upload())


class WithinUpload:
    """Validator: no limit may promise more than the server takes."""

    def __call__(self, _form: object, field: Any) -> None:
        if field.data is not None and field.data > largest_upload():
            raise wtforms.ValidationError(f"Server ini menerima berkas paling besar {largest_upload()} MB.")


class FileForm(NamedForm):
    """Base of whatever asks for files."""

    accept = Choices("Jenis berkas", choices=[(kind, kind.upper()) for kind in rules.FILE_TYPES])
    max_mb = WholeNumber("Ukuran terbesar (MB)", [Optional(), NumberRange(1), WithinUpload()])
    max_files = WholeNumber("Jumlah berkas paling banyak", [Optional(), NumberRange(1, 20)])

    def limits(self) -> dict[str, Any]:
        """What may be uploaded; a limit left empty is the usual one."""
        return {"accept": list(self.accept.data or ()), "max_mb": self.max_mb.data or 5, "max_files": self.max_files.data or 1}


class EvidenceForm(FileForm):
    label = text_field("Nama bukti dukung", 300, required=True)
    help = long_field("Petunjuk", "Apa yang harus terlihat pada dokumen ini.")
    required = wtforms.BooleanField("Wajib ada")
    source = NamedChoice("Diperoleh dari", [Required()], words=EVIDENCE_SOURCES)

    def values(self) -> dict[str, Any]:
        values = {
            "code": self.code.data,
            "label": self.label.data,
            "help": self.help.data or "",
            "required": bool(self.required.data),
            "source": self.source.data,
            **self.limits(),
        }
        return self.sound(values)


class OptionRow(PanelForm):
    label = wtforms.StringField("Jawaban", [PlainText(), Length(max=200)])
    code = wtforms.StringField("Kode", [PlainText(), Length(max=50)])


class FieldForm(FileForm):
    label = text_field("Pertanyaan", 300, required=True)
    kind = NamedChoice("Jenis isian", [Required()], words=rules.FIELD_KINDS, effects="field")
    group = text_field("Kelompok", 100, "Judul bagian formulir; pertanyaan dengan kelompok sama tampil bersama.")
    help = long_field("Petunjuk")
    required = wtforms.BooleanField("Wajib diisi")
    min_chars = WholeNumber("Huruf paling sedikit", [Optional(), NumberRange(0, 20_000)])
    max_chars = WholeNumber("Huruf paling banyak", [Optional(), NumberRange(1, 20_000)])
    min = DecimalComma("Angka terkecil", [Optional()])
    max = DecimalComma("Angka terbesar", [Optional()])
    unit = text_field("Satuan", 50, "Misalnya orang, persen, rupiah.")
    options = wtforms.FieldList(
        wtforms.FormField(OptionRow), "Pilihan jawaban", description="Kode dibuat dari jawabannya bila dikosongkan.", max_entries=MOST_ROWS
    )
    shown_when = Choice("Tampil hanya bila", blank="selalu tampil", description="Jawaban pertanyaan yang lebih dahulu.")

    def offer(self, definition: rules.Definition, code: str | None) -> FieldForm:
        """The answers of the earlier questions by their words, and the condition that is stored now."""
        fields = definition.fields
        at = next((place for place, field in enumerate(fields) if field.code == code), len(fields))
        conditions = [SelectChoice("", "selalu tampil"), *(pair for field in fields[:at] for pair in answers_of(field))]
        now = fields[at].shown_when if at < len(fields) else None
        if now is not None and _key(now.field, now.equals) not in {choice.value for choice in conditions}:
            labels = {field.code: field.label for field in fields}
            conditions.append(SelectChoice(_key(now.field, now.equals), f"{labels.get(now.field, now.field)}: {now.equals}"))
        self.shown_when.choices = lambda: conditions
        return self

    def refuse(self, path: Iterable[str], message: str) -> bool:
        """A problem of an answer stands in its row; blank rows do not count in the document."""
        steps = tuple(path)
        if "options" in steps:
            at = steps.index("options")
            filled = self.filled_options()
            if at + 1 < len(steps) and steps[at + 1].isdecimal() and int(steps[at + 1]) < len(filled):
                return bool(filled[int(steps[at + 1])].refuse(steps[at + 2 :], message))
        return bool(super().refuse(("shown_when" if step in {"field", "equals"} else step for step in steps), message))

    def filled_options(self) -> list[Any]:
        return [row.form for row in self.options if row.form.label.data or row.form.code.data]

    def values(self) -> dict[str, Any]:
        """Only what the chosen kind uses, so that a limit of another kind is not kept."""
        kind = self.kind.data
        field, _, answer = (self.shown_when.data or "").partition(":")
        values: dict[str, Any] = {
            "code": self.code.data,
            "label": self.label.data,
            "help": self.help.data or "",
            "group": self.group.data or "",
            "kind": kind,
            "required": bool(self.required.data),
            "min_chars": self.min_chars.data if kind in TEXTS else None,
            "max_chars": self.max_chars.data if kind in TEXTS else None,
            "min": exact(self.min.data) if kind == "number" else None,
            "max": exact(self.max.data) if kind == "number" else None,
            "unit": (self.unit.data or "") if kind == "number" else "",
            "options": self.answers() if kind in CHOICES else [],
            "shown_when": {"field": field, "equals": answer} if field else None,
        }
        return self.sound(values | (self.limits() if kind == "file" else {}), **{name: (name, "kind") for name in OF_KIND})

    def answers(self) -> list[dict[str, str]]:
        """The answers to choose from; a code left empty follows from the words."""
        found: list[dict[str, str]] = []
        for row in self.filled_options():
            label = row.label.data or row.code.data
            taken = {answer["code"] for answer in found} | {other.code.data for other in self.filled_options()}
            found.append({"code": row.code.data or code_from(label, taken), "label": label})
        return found


class TemplateForm(VersionedForm):
    file = wtforms.FileField(
        "Berkas yang akan diunduh dan diisi", description=f"PDF, Word (.docx), Excel (.xlsx), JPG, atau PNG; paling besar {TEMPLATE_MB} MB."
    )


def entry_form(view: VersionView, part: str, code: str | None, sent: Any) -> EvidenceForm | FieldForm:
    """The form of one piece of evidence or one question; without `code` that of a new one."""
    tree, start = view.definition, {"row_version": view.row.row_version}
    taken = {need.code for need in tree.requirements} | {asked.code for asked in tree.fields}
    taken |= {found.code for _, found in rules.all_criteria(tree)}
    if part == "bukti":
        stored: dict[str, Any] = {"required": True, "source": "unit", "accept": ["pdf"], "max_mb": usual_mb(), "max_files": 1}
        if code:
            stored = _named(tree.evidence, code).to_dict()
        evidence = EvidenceForm(sent, data={**start, **stored})
        return evidence.coded(taken) if sent else evidence
    field = FieldForm(sent, data={**start, **_field_values(_named(tree.fields, code) if code else None)}).offer(tree, code)
    return field.coded(taken) if sent else field


def _field_values(field: rules.FormField | None) -> dict[str, Any]:
    spare: list[dict[str, Any]] = [{} for _ in range(SPARE_ROWS)]
    if field is None:
        return {"kind": "short_text", "options": spare, "accept": ["pdf"], "max_mb": usual_mb(), "max_files": 1}
    shown = field.shown_when
    return {
        "accept": ["pdf"],
        **field.to_dict(),
        "min": decimal(field.min),
        "max": decimal(field.max),
        "options": [{"code": option.code, "label": option.label} for option in field.options] + spare,
        "shown_when": _key(shown.field, shown.equals) if shown else "",
    }


def _named(things: Iterable[T], code: str) -> T:
    for thing in things:
        if thing.code == code:
            return thing
    raise NotFound("Bagian ini tidak ada dalam instrumen.")


def answers_of(field: rules.FormField) -> list[SelectChoice]:
    """Every answer on which another question may depend, as "question: answer"."""
    if field.kind == "declaration":
        return [SelectChoice(_key(field.code, "1"), f"{field.label}: dicentang")]
    return [SelectChoice(_key(field.code, option.code), f"{field.label}: {option.label}") for option in field.options]


def _key(field: str, answer: str) -> str:
    return f"{field}:{answer}"
