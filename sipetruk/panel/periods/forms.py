"""Forms of periods and categories."""

from __future__ import annotations

from datetime import date
from typing import Any

import wtforms
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, NumberRange, Optional

from sipetruk.panel.kit import Choice, Choices, CreateForm, PanelForm, PlainText, Required, VersionedForm, WholeNumber
from sipetruk.rules.workflow import STAGE_LABELS, Stage

SLUG_HELP = "Huruf kecil, angka, dan tanda hubung."


def _name(label: str) -> Any:
    return wtforms.StringField(label, [Required(), PlainText(), Length(max=150)])


class NewPeriodForm(CreateForm):
    name = _name("Nama periode")
    year = WholeNumber("Tahun", [Required(), NumberRange(2000, 2200)])
    slug = wtforms.StringField(
        "Alamat", [Required(), PlainText(), Length(max=60)], description=f"Bagian akhir alamat halaman publik. {SLUG_HELP}"
    )


class CopyForm(NewPeriodForm):
    """The new period, with the version of every category that has a choice."""

    def versions(self) -> dict[int, int]:
        """Category of the copied period -> chosen version."""
        prefix = "version_"
        return {int(field.name.removeprefix(prefix)): field.data for field in self if field.name.startswith(prefix) and field.data}

    def refuse(self, path: Any, message: str) -> bool:
        """Problems of a version stand at its own field: ("versions", "7")."""
        steps = tuple(path)
        return bool(super().refuse((*steps, "_".join(("version", *steps[1:]))) if steps[:1] == ("versions",) else steps, message))


def copy_form(choices: dict[int, tuple[str, list[tuple[int, str]]]], sent: Any, **start: Any) -> CopyForm:
    """The form with one field for each category: its label and the versions that it may take."""
    fields = {
        f"version_{category_id}": Choice(label, [Required()], coerce=int, choices=versions)
        for category_id, (label, versions) in choices.items()
    }
    metaclass: Any = type(CopyForm)
    form: CopyForm = metaclass("CopyFormOfPeriod", (CopyForm,), fields)(sent, data=start)
    return form


class PeriodForm(VersionedForm):
    name = _name("Nama periode")
    year = WholeNumber("Tahun", [Required(), NumberRange(2000, 2200)])


class ReasonForm(VersionedForm):
    """A step of the round; the reason is needed only when the step comes before its time."""

    reason = wtforms.TextAreaField(
        "Alasan", [PlainText(), Length(max=2000)], description="Hanya perlu diisi bila langkah ini mendahului jadwal."
    )


class ScheduleForm(VersionedForm):
    """Two days for each stage, made from the list of stages below; a stage without days has no window."""

    def windows(self) -> dict[Stage, tuple[date, date]]:
        found = {}
        for stage in Stage:
            opens_on, closes_on = self[f"{stage}_opens"].data, self[f"{stage}_closes"].data
            if opens_on and closes_on:
                found[stage] = (opens_on, closes_on)
        return found

    def validate(self, extra_validators: Any = None) -> bool:
        """A window has both days or none."""
        is_valid = bool(super().validate(extra_validators))
        for stage in Stage:
            first, last = self[f"{stage}_opens"], self[f"{stage}_closes"]
            if not first.errors and not last.errors and (first.data is None) != (last.data is None):
                missing = first if first.data is None else last
                missing.errors = [*missing.errors, "Isi kedua tanggal, atau kosongkan keduanya."]
                is_valid = False
        return is_valid


for _stage in Stage:
    setattr(ScheduleForm, f"{_stage}_opens", wtforms.DateField(f"{STAGE_LABELS[_stage]} mulai", [Optional()]))
    setattr(ScheduleForm, f"{_stage}_closes", wtforms.DateField(f"{STAGE_LABELS[_stage]} sampai", [Optional()]))
ScheduleForm.reason = wtforms.TextAreaField(
    "Alasan perubahan", [PlainText(), Length(max=2000)], description="Wajib diisi bila periode sudah berjalan."
)

STAGE_FIELDS = {str(stage): f"{stage}_opens" for stage in Stage}
"""Where a refusal of a stage is shown."""


class CategoryFields(PanelForm):
    name = _name("Nama kategori")
    slug = wtforms.StringField("Kode", [Required(), PlainText(), Length(max=60)], description=SLUG_HELP)
    version = Choice("Versi instrumen", [Required()], coerce=int, description="Instrumen harus terkunci sebelum pengusulan dibuka.")
    winners = WholeNumber("Jumlah pemenang", [Required(), NumberRange(1, 1000)])
    quota = WholeNumber("Kuota usulan per unit kerja", [Optional(), NumberRange(1, 1000)], description="Kosongkan bila tanpa batas.")
    winners_per_unit = WholeNumber(
        "Pemenang paling banyak per unit kerja", [Optional(), NumberRange(1, 1000)], description="Kosongkan bila tanpa batas."
    )

    def offer(self, versions: list[tuple[int, str]]) -> Any:
        options = [SelectChoice("", "– pilih –"), *(SelectChoice(str(key), label) for key, label in versions)]
        self.version.choices = lambda: options
        return self


class NewCategoryForm(CreateForm, CategoryFields):
    """A category that is added."""


class CategoryForm(VersionedForm, CategoryFields):
    """A category that is there."""


CATEGORY_PATHS = {
    "quotaPerUnit": "quota",
    "winnersPerUnit": "winners_per_unit",
    "instrumentVersionId": "version",
    "userIds": "members",
    "firstStageId": "first_stage",
}
"""Names of the services -> fields of the forms here."""


class InterviewForm(VersionedForm):
    """Whose best are interviewed in a category, made with the other categories of its period."""

    first_stage = Choice(
        "Tahap pertama",
        coerce=int,
        blank="– bukan tahap wawancara –",
        description="Kategori lain yang calon terbaiknya diwawancarai di sini. Pemenang ditetapkan di sini.",
    )
    finalists = WholeNumber(
        "Banyaknya finalis", [Optional()], description="Yang terbaik pada tahap pertama; semua yang seri pada batasnya ikut."
    )

    def offer(self, categories: list[tuple[int, str]]) -> InterviewForm:
        self.first_stage.choices = [
            SelectChoice("", "– bukan tahap wawancara –"),
            *(SelectChoice(str(id_), name) for id_, name in categories),
        ]
        return self


class TeamForm(VersionedForm):
    members = Choices("Anggota tim penilai", coerce=int)

    def offer(self, assessors: list[tuple[int, str]]) -> TeamForm:
        options = [SelectChoice(str(key), label) for key, label in assessors]
        self.members.choices = lambda: options
        return self
