"""Employees (PNS and PPPK) and the facts on record about them: attendance, ratings, sanctions, awards, other series."""

import peewee as pw

from sipetruk.models.base import Table, one_of, part_of, refers_to
from sipetruk.models.units import WorkUnit
from sipetruk.rules.vocabulary import AWARD_LEVELS, SANCTION_LEVELS, SERIES

KINDS = ("PNS", "PPPK")
RATINGS = ("DI ATAS", "SESUAI", "DI BAWAH")
PREDICATES = ("SANGAT BAIK", "BAIK", "BUTUH PERBAIKAN", "KURANG", "SANGAT KURANG")


class Employee(Table):
    """A person as the personnel records know them today; a nomination keeps its own copy."""

    nip = pw.CharField(max_length=18, unique=True, verbose_name="NIP / NI PPPK", help_text="18 angka tanpa spasi.")
    kind = pw.CharField(max_length=4, verbose_name="Jenis ASN", choices=[(k, k) for k in KINDS])
    name = pw.CharField(max_length=150, index=True, verbose_name="Nama tanpa gelar")
    title_front = pw.CharField(max_length=40, default="", verbose_name="Gelar depan")
    title_back = pw.CharField(max_length=60, default="", verbose_name="Gelar belakang")
    work_unit = refers_to(WorkUnit, backref="employees", verbose_name="Unit kerja")
    position = pw.CharField(max_length=200, verbose_name="Jabatan")
    position_type = pw.CharField(max_length=2, verbose_name="Jenis jabatan", help_text="Kode SIASN jenis_jabatan.")
    echelon = pw.CharField(max_length=2, default="99", verbose_name="Eselon", help_text="Kode SIASN; 99 berarti non-eselon.")
    grade = pw.CharField(max_length=5, verbose_name="Golongan", help_text="PNS: III/b; PPPK: IX.")
    appointed_on = pw.DateField(verbose_name="TMT pengangkatan pertama")
    born_on = pw.DateField(verbose_name="Tanggal lahir")
    legal_status = pw.CharField(max_length=2, default="01", verbose_name="Kedudukan hukum", help_text="Kode SIASN; 01 berarti aktif.")
    row_version = pw.IntegerField(default=1)

    class Meta:
        constraints = [pw.Check("length(nip) = 18"), one_of("kind", KINDS)]

    @property
    def full_name(self) -> str:
        front = f"{self.title_front} " if self.title_front else ""
        back = f", {self.title_back}" if self.title_back else ""
        return f"{front}{self.name}{back}"

    def __str__(self) -> str:
        return self.full_name


class Attendance(Table):
    """One month: `realisation` = 100 - total_pengurang, not below 0, in hundredths of a percent."""

    employee = part_of(Employee, backref="attendance")
    year = pw.IntegerField(verbose_name="Tahun")
    month = pw.IntegerField(verbose_name="Bulan")
    realisation = pw.IntegerField(verbose_name="Realisasi", help_text="Perseratus persen: 97,50 % = 9750.")

    class Meta:
        primary_key = pw.CompositeKey("employee", "year", "month")
        constraints = [pw.Check("month BETWEEN 1 AND 12"), pw.Check("realisation BETWEEN 0 AND 10000")]


class PerformanceRating(Table):
    """One year: both ratings and the predicate that the 3 x 3 matrix derives from them (PermenPANRB 6/2022)."""

    employee = part_of(Employee, backref="ratings")
    year = pw.IntegerField(verbose_name="Tahun")
    work_result = pw.CharField(max_length=10, verbose_name="Hasil kerja")
    behaviour = pw.CharField(max_length=10, verbose_name="Perilaku kerja")
    predicate = pw.CharField(max_length=20, verbose_name="Predikat kinerja")

    class Meta:
        primary_key = pw.CompositeKey("employee", "year")
        constraints = [one_of("work_result", RATINGS), one_of("behaviour", RATINGS), one_of("predicate", PREDICATES)]


class SeriesValue(Table):
    """One imported number of a named series: monthly e-Kinerja, yearly behaviour score (month 0), in hundredths."""

    employee = part_of(Employee, backref="series")
    series = pw.CharField(max_length=20, verbose_name="Seri")
    year = pw.IntegerField(verbose_name="Tahun")
    month = pw.IntegerField(default=0, verbose_name="Bulan", help_text="0 untuk nilai tahunan.")
    value = pw.IntegerField(verbose_name="Nilai", help_text="Perseratus: 84,99 = 8499.")

    class Meta:
        primary_key = pw.CompositeKey("employee", "series", "year", "month")
        constraints = [one_of("series", SERIES), pw.Check("month BETWEEN 0 AND 12"), pw.Check("value >= 0")]


class Sanction(Table):
    """A disciplinary sanction (PP 94/2021) or, with `is_under_examination`, an examination not yet decided."""

    employee = part_of(Employee, backref="sanctions")
    level = pw.CharField(max_length=1, verbose_name="Tingkat")
    code = pw.CharField(max_length=4, default="", verbose_name="Jenis hukuman", help_text="Kode SIASN jenis_hukuman.")
    decree_number = pw.CharField(max_length=80, default="", verbose_name="Nomor SK")
    starts_on = pw.DateField(verbose_name="TMT hukuman")
    ends_on = pw.DateField(null=True, verbose_name="Akhir hukuman")
    is_under_examination = pw.BooleanField(default=False, verbose_name="Masih dalam pemeriksaan")

    class Meta:
        constraints = [one_of("level", SANCTION_LEVELS)]


class EmployeeAward(Table):
    """An award that an employee has received, as the personnel records name it."""

    employee = part_of(Employee, backref="awards")
    year = pw.IntegerField(verbose_name="Tahun")
    level = pw.CharField(max_length=20, verbose_name="Tingkat")
    name = pw.CharField(max_length=200, verbose_name="Nama penghargaan")
    giver = pw.CharField(max_length=150, default="", verbose_name="Pemberi")

    class Meta:
        indexes = ((("employee", "year", "level", "name"), True),)
        constraints = [one_of("level", AWARD_LEVELS)]
