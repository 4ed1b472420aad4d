"""Periods (rounds), the windows of their stages, their categories and panels."""

import peewee as pw

from sipetruk.models.base import DocumentField, Table, UTCDateTimeField, one_of, part_of, refers_to
from sipetruk.models.instruments import InstrumentVersion
from sipetruk.models.numbers import LastingNumberField
from sipetruk.models.users import User
from sipetruk.rules.disagreement import DEFAULT_LIMIT
from sipetruk.rules.workflow import PERIOD_LABELS, STAGE_LABELS, PeriodState, Stage


class Period(Table):
    id = LastingNumberField()
    slug = pw.CharField(max_length=60, unique=True, verbose_name="Alamat", help_text="Bagian akhir alamat halaman publik.")
    name = pw.CharField(max_length=150, verbose_name="Nama periode")
    year = pw.IntegerField(verbose_name="Tahun")
    state = pw.CharField(max_length=20, default=PeriodState.PREPARATION.value, choices=list(PERIOD_LABELS.items()), verbose_name="Tahap")
    is_automatic = pw.BooleanField(
        default=True, verbose_name="Berjalan menurut jadwal", help_text="Pindah tahap sendiri begitu saatnya tiba dan tiada penghalang."
    )
    created_at = UTCDateTimeField(verbose_name="Dibuat")
    archived_at = UTCDateTimeField(null=True, verbose_name="Diarsipkan")
    row_version = pw.IntegerField(default=1)

    class Meta:
        constraints = [one_of("state", PeriodState), pw.Check("year BETWEEN 2000 AND 2200")]

    def __str__(self) -> str:
        return str(self.name)


class StageWindow(Table):
    """First and last day of a stage, both inclusive, in WITA."""

    period = part_of(Period, backref="windows")
    stage = pw.CharField(max_length=20, choices=list(STAGE_LABELS.items()), verbose_name="Tahap")
    opens_on = pw.DateField(verbose_name="Mulai")
    closes_on = pw.DateField(verbose_name="Sampai")

    class Meta:
        primary_key = pw.CompositeKey("period", "stage")
        constraints = [one_of("stage", Stage), pw.Check("opens_on <= closes_on")]


class Category(Table):
    id = LastingNumberField()
    period = part_of(Period, backref="categories", verbose_name="Periode")
    slug = pw.CharField(max_length=60, verbose_name="Kode")
    name = pw.CharField(max_length=150, verbose_name="Nama kategori")
    position = pw.IntegerField(default=1)
    instrument_version = refers_to(InstrumentVersion, backref="categories", verbose_name="Versi instrumen")
    winners = pw.IntegerField(default=3, verbose_name="Jumlah pemenang")
    quota_per_unit = pw.IntegerField(
        null=True, verbose_name="Kuota usulan per unit", help_text="Usulan terbanyak dari satu unit; kosong berarti tanpa batas."
    )
    winners_per_unit = pw.IntegerField(null=True, verbose_name="Pemenang paling banyak per unit", help_text="Kosong berarti tanpa batas.")
    eligibility = DocumentField(default=list)
    is_blind = pw.BooleanField(
        default=False, verbose_name="Penilaian buta", help_text="Penilai tidak melihat nama, unit, dan berkas yang menyebut calon."
    )
    assessors_each = pw.IntegerField(
        null=True, verbose_name="Penilai per calon", help_text="Kosong berarti seluruh tim menilai setiap calon."
    )
    spread_limit = pw.IntegerField(
        default=DEFAULT_LIMIT, verbose_name="Batas perbedaan", help_text="Perseratus persen dari poin tertinggi kriteria: 30 % = 3000."
    )
    first_stage = pw.ForeignKeyField(
        "self", null=True, unique=True, on_delete="RESTRICT", backref="interviews", verbose_name="Tahap pertama"
    )
    finalists = pw.IntegerField(
        null=True, verbose_name="Banyaknya finalis", help_text="Yang terbaik pada tahap pertama; semua yang seri pada batasnya ikut."
    )
    row_version = pw.IntegerField(default=1)

    class Meta:
        indexes = ((("period", "slug"), True),)
        constraints = [
            pw.Check("(first_stage_id IS NULL) = (finalists IS NULL)"),
            pw.Check("finalists IS NULL OR finalists BETWEEN 1 AND 1000"),
            pw.Check("first_stage_id <> id"),
            pw.Check("winners > 0"),
            pw.Check("quota_per_unit IS NULL OR quota_per_unit > 0"),
            pw.Check("winners_per_unit IS NULL OR winners_per_unit > 0"),
            pw.Check("assessors_each IS NULL OR assessors_each BETWEEN 1 AND 99"),
            pw.Check("spread_limit BETWEEN 1 AND 10000"),
        ]

    def __str__(self) -> str:
        return str(self.name)


class PanelMember(Table):
    """An assessor of a category."""

    category = part_of(Category, backref="panel")
    user = refers_to(User, backref="panels")

    class Meta:
        primary_key = pw.CompositeKey("category", "user")
