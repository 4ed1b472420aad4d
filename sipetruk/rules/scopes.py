"""What a token may be used for: one table of scopes, each a set of actions of the permission table.

A token never has more than the person it acts for; the table leaves out what only a person may do: judging, endorsing,
deciding, publishing results, and managing users, tokens and settings.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sipetruk.rules.permissions import Action


class Scope(StrEnum):
    """What the holder of a token may do, named `things:verb`."""

    UNITS_READ = "units:read"
    PERIODS_READ = "periods:read"
    INSTRUMENTS_READ = "instruments:read"
    EMPLOYEES_READ = "employees:read"
    ATTENDANCE_IMPORT = "attendance:import"
    NOMINATIONS_READ = "nominations:read"
    NOMINATIONS_WRITE = "nominations:write"
    PROGRESS_READ = "progress:read"
    RESULTS_READ = "results:read"
    OBJECTIONS_READ = "objections:read"
    ANNOUNCEMENTS_READ = "announcements:read"
    ANNOUNCEMENTS_WRITE = "announcements:write"
    AUDIT_READ = "audit:read"


@dataclass(frozen=True)
class Meaning:
    label: str
    explanation: str
    actions: frozenset[Action]


def _means(label: str, explanation: str, *actions: Action) -> Meaning:
    return Meaning(label, explanation, frozenset(actions))


SCOPES: dict[Scope, Meaning] = {
    Scope.UNITS_READ: _means("Membaca unit kerja", "daftar unit kerja dengan kode dan riwayat namanya", Action.UNIT_READ),
    Scope.PERIODS_READ: _means("Membaca periode", "periode, jadwal, kategori, dan syaratnya", Action.PERIOD_READ),
    Scope.INSTRUMENTS_READ: _means("Membaca instrumen", "versi instrumen, termasuk draf", Action.INSTRUMENT_READ),
    Scope.EMPLOYEES_READ: _means(
        "Membaca data pegawai", "nama, NIP, jabatan, dan unit kerja: data pribadi, berikan seperlunya", Action.EMPLOYEE_READ
    ),
    Scope.ATTENDANCE_IMPORT: _means(
        "Memuat kehadiran dan data kepegawaian",
        "pegawai, kehadiran, predikat kinerja, nilai bulanan, hukuman disiplin, dan penghargaan, juga sebagai berkas CSV",
        Action.EMPLOYEE_IMPORT,
        Action.UNIT_READ,
    ),
    Scope.NOMINATIONS_READ: _means(
        "Membaca usulan", "usulan, isian, keadaan pemeriksaan, dan bukti dukungnya", Action.NOMINATION_READ, Action.EVIDENCE_READ
    ),
    Scope.NOMINATIONS_WRITE: _means(
        "Menyusun dan mengajukan usulan",
        "memilih pegawai, draf, isian, bukti dukung, pengajuan, dan penarikan; pengesahan tetap dilakukan kepala OPD sendiri",
        Action.PERIOD_READ,
        Action.EMPLOYEE_READ,
        Action.NOMINATION_READ,
        Action.NOMINATION_DRAFT,
        Action.NOMINATION_SUBMIT,
        Action.NOMINATION_WITHDRAW,
        Action.EVIDENCE_READ,
        Action.EVIDENCE_ATTACH,
    ),
    Scope.PROGRESS_READ: _means("Membaca kemajuan", "banyaknya usulan dan lembar penilaian yang sudah masuk", Action.PROGRESS_READ),
    Scope.RESULTS_READ: _means(
        "Membaca hasil", "pemeringkatan, penetapan, dan nilai akhir yang sudah boleh diketahui", Action.RANKING_READ, Action.SCORE_READ
    ),
    Scope.OBJECTIONS_READ: _means("Membaca sanggahan", "sanggahan beserta keputusannya", Action.OBJECTION_READ),
    Scope.ANNOUNCEMENTS_READ: _means("Membaca kabar", "pengumuman umum, termasuk draf", Action.ANNOUNCEMENT_READ),
    Scope.ANNOUNCEMENTS_WRITE: _means(
        "Menulis kabar", "menulis, menerbitkan, dan menarik pengumuman umum", Action.ANNOUNCEMENT_READ, Action.ANNOUNCEMENT_EDIT
    ),
    Scope.AUDIT_READ: _means("Membaca jejak audit", "siapa melakukan apa, kapan, dan lewat mana", Action.AUDIT_READ),
}
"""Scope -> what it means and which actions it allows, in the order in which they are offered."""


def actions_of(scopes: Iterable[str]) -> frozenset[Action]:
    """All that these scopes allow; one that is no longer known allows nothing."""
    known = [SCOPES[Scope(each)].actions for each in scopes if each in set(Scope)]
    return frozenset().union(*known)
