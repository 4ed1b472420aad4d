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


SCOPES: dict[Scope, Meaning] = {
    Scope.UNITS_READ: Meaning("Membaca unit kerja", "daftar unit kerja dengan kode dan riwayat namanya", frozenset({Action.UNIT_READ})),
    Scope.PERIODS_READ: Meaning("Membaca periode", "periode, jadwal, kategori, dan syaratnya", frozenset({Action.PERIOD_READ})),
    Scope.INSTRUMENTS_READ: Meaning("Membaca instrumen", "versi instrumen, termasuk draf", frozenset({Action.INSTRUMENT_READ})),
    Scope.EMPLOYEES_READ: Meaning(
        "Membaca data pegawai", "nama, NIP, jabatan, dan unit kerja: data pribadi, berikan seperlunya", frozenset({Action.EMPLOYEE_READ})
    ),
    Scope.ATTENDANCE_IMPORT: Meaning(
        "Memuat kehadiran dan data kepegawaian",
        "pegawai, kehadiran, predikat kinerja, nilai bulanan, hukuman disiplin, dan penghargaan, juga sebagai berkas CSV",
        frozenset({Action.EMPLOYEE_IMPORT, Action.UNIT_READ}),
    ),
    Scope.NOMINATIONS_READ: Meaning(
        "Membaca usulan",
        "usulan, isian, keadaan pemeriksaan, dan bukti dukungnya",
        frozenset({Action.NOMINATION_READ, Action.EVIDENCE_READ}),
    ),
    Scope.NOMINATIONS_WRITE: Meaning(
        "Menyusun dan mengajukan usulan",
        "memilih pegawai, draf, isian, bukti dukung, pengajuan, dan penarikan; pengesahan tetap dilakukan kepala OPD sendiri",
        frozenset(
            {
                Action.PERIOD_READ,
                Action.EMPLOYEE_READ,
                Action.NOMINATION_READ,
                Action.NOMINATION_DRAFT,
                Action.NOMINATION_SUBMIT,
                Action.NOMINATION_WITHDRAW,
                Action.EVIDENCE_READ,
                Action.EVIDENCE_ATTACH,
            }
        ),
    ),
    Scope.PROGRESS_READ: Meaning(
        "Membaca kemajuan", "banyaknya usulan dan lembar penilaian yang sudah masuk", frozenset({Action.PROGRESS_READ})
    ),
    Scope.RESULTS_READ: Meaning(
        "Membaca hasil",
        "pemeringkatan, penetapan, dan nilai akhir yang sudah boleh diketahui",
        frozenset({Action.RANKING_READ, Action.SCORE_READ}),
    ),
    Scope.OBJECTIONS_READ: Meaning("Membaca sanggahan", "sanggahan beserta keputusannya", frozenset({Action.OBJECTION_READ})),
    Scope.ANNOUNCEMENTS_READ: Meaning("Membaca kabar", "pengumuman umum, termasuk draf", frozenset({Action.ANNOUNCEMENT_READ})),
    Scope.ANNOUNCEMENTS_WRITE: Meaning(
        "Menulis kabar",
        "menulis, menerbitkan, dan menarik pengumuman umum",
        frozenset({Action.ANNOUNCEMENT_READ, Action.ANNOUNCEMENT_EDIT}),
    ),
    Scope.AUDIT_READ: Meaning("Membaca jejak audit", "siapa melakukan apa, kapan, dan lewat mana", frozenset({Action.AUDIT_READ})),
}
"""Scope -> what it means and which actions it allows, in the order in which they are offered."""


def actions_of(scopes: Iterable[str]) -> frozenset[Action]:
    """All that these scopes allow; one that is no longer known allows nothing."""
    known = [SCOPES[Scope(each)].actions for each in scopes if each in set(Scope)]
    return frozenset().union(*known)
