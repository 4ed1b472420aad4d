"""What people are told inside the product: every kind of notice, its words, and who gets it; the only place of these words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sipetruk.rules.permissions import Role
from sipetruk.rules.workflow import PeriodState, Stage


class Notice(StrEnum):
    """One kind of event that somebody is told about."""

    NOMINATION_TO_ENDORSE = "nomination_to_endorse"
    NOMINATION_ENDORSED = "nomination_endorsed"
    NOMINATION_SENT_BACK = "nomination_sent_back"
    NOMINATION_SUBMITTED = "nomination_submitted"
    NOMINATION_RETURNED = "nomination_returned"
    NOMINATION_RESUBMITTED = "nomination_resubmitted"
    NOMINATION_ACCEPTED = "nomination_accepted"
    NOMINATION_REJECTED = "nomination_rejected"
    NOMINATION_WITHDRAWN = "nomination_withdrawn"
    NOMINATION_MOVED = "nomination_moved"
    PANEL_JOINED = "panel_joined"
    PANEL_LEFT = "panel_left"
    PANEL_DISSOLVED = "panel_dissolved"
    ASSESSMENT_OPENED = "assessment_opened"
    ASSESSMENT_COMPLETE = "assessment_complete"
    SHEET_ASSIGNED = "sheet_assigned"
    SHEET_REOPENED = "sheet_reopened"
    SHEET_DROPPED = "sheet_dropped"
    SHEET_RECUSED = "sheet_recused"
    RELATION_DECLARED = "relation_declared"
    PERIOD_MOVED = "period_moved"
    PERIOD_BLOCKED = "period_blocked"
    PERIOD_WAITS = "period_waits"
    SCHEDULE_CHANGED = "schedule_changed"
    RANKING_FINAL = "ranking_final"
    OBJECTION_FILED = "objection_filed"
    OBJECTION_ON_BEHALF = "objection_on_behalf"
    OBJECTION_WITHDRAWN = "objection_withdrawn"
    OBJECTION_DECIDED = "objection_decided"
    OBJECTION_SETTLED = "objection_settled"
    APPROVAL_ASKED = "approval_asked"
    APPROVAL_GIVEN = "approval_given"
    APPROVAL_REFUSED = "approval_refused"
    REVOCATION_ASKED = "revocation_asked"
    REVOCATION_GIVEN = "revocation_given"
    REVOCATION_REFUSED = "revocation_refused"
    RESULT_DETERMINED = "result_determined"
    RESULT_PUBLISHED = "result_published"
    RESULT_WITHDRAWN = "result_withdrawn"
    REMINDER_NOMINATE = "reminder_nominate"
    REMINDER_ASSESS = "reminder_assess"
    REMINDER_ASSESS_UNDATED = "reminder_assess_undated"
    ACCOUNT_ROLES = "account_roles"
    ACCOUNT_PASSWORD = "account_password"  # noqa: S105  # the name of an event
    ACCOUNT_FACTOR_RESET = "account_factor_reset"
    ACCOUNT_RECOVERY = "account_recovery"
    ACCOUNT_LINKED = "account_linked"
    ACCOUNT_UNLINKED = "account_unlinked"
    WEBHOOK_PAUSED = "webhook_paused"


@dataclass(frozen=True)
class Wording:
    """The sentence with its `%(param)s` places, and who is told, in words."""

    text: str
    told: str


_UNIT, _ADMINS, _VERIFIERS = "admin dan kepala OPD unit pengusul", "admin BKPSDM", "verifikator"
_OWNER = "pemilik akun itu"

WORDINGS: dict[Notice, Wording] = {
    Notice.NOMINATION_TO_ENDORSE: Wording("Usulan %(number)s menunggu pengesahan Anda.", "kepala OPD"),
    Notice.NOMINATION_ENDORSED: Wording("Usulan %(number)s sudah disahkan kepala OPD dan siap diajukan.", "admin OPD"),
    Notice.NOMINATION_SENT_BACK: Wording("Usulan %(number)s dikembalikan kepala OPD kepada Anda, dengan catatan.", "admin OPD"),
    Notice.NOMINATION_SUBMITTED: Wording("Usulan %(number)s diajukan dan menunggu verifikasi.", _VERIFIERS),
    Notice.NOMINATION_RETURNED: Wording("Usulan %(number)s dikembalikan untuk diperbaiki sampai %(day)s pukul 23.59 WITA.", _UNIT),
    Notice.NOMINATION_RESUBMITTED: Wording("Usulan %(number)s diajukan kembali setelah diperbaiki.", _VERIFIERS),
    Notice.NOMINATION_ACCEPTED: Wording("Usulan %(number)s dinyatakan memenuhi syarat.", _UNIT),
    Notice.NOMINATION_REJECTED: Wording("Usulan %(number)s dinyatakan tidak memenuhi syarat; alasannya ada pada usulan.", _UNIT),
    Notice.NOMINATION_WITHDRAWN: Wording("Usulan %(number)s ditarik; alasannya ada pada usulan.", "unit pengusul dan verifikator"),
    Notice.NOMINATION_MOVED: Wording(
        "Menurut data pegawai, calon pada usulan %(number)s pindah unit kerja; drafnya beralih ke unit yang baru.",
        "admin dan kepala kedua unit",
    ),
    Notice.PANEL_JOINED: Wording("Anda menjadi anggota tim penilai kategori “%(category)s”, %(period)s.", "penilai itu"),
    Notice.PANEL_LEFT: Wording("Anda tidak lagi menjadi anggota tim penilai kategori “%(category)s”, %(period)s.", "penilai itu"),
    Notice.PANEL_DISSOLVED: Wording(
        "Kategori “%(category)s”, %(period)s, dihapus; Anda tidak lagi menjadi anggota tim penilainya.", "penilai itu"
    ),
    Notice.ASSESSMENT_OPENED: Wording("Penilaian %(period)s dimulai: %(count)s lembar penilaian menunggu Anda.", "penilai"),
    Notice.ASSESSMENT_COMPLETE: Wording("Semua lembar penilaian kategori “%(category)s”, %(period)s, sudah selesai.", _ADMINS),
    Notice.SHEET_ASSIGNED: Wording("Lembar penilaian usulan %(number)s ditugaskan kepada Anda.", "penilai itu"),
    Notice.SHEET_REOPENED: Wording("Lembar penilaian Anda untuk usulan %(number)s dibuka kembali.", "penilai itu"),
    Notice.SHEET_DROPPED: Wording("Anda tidak lagi menilai usulan %(number)s; alasannya ada pada lembar Anda.", "penilai itu"),
    Notice.SHEET_RECUSED: Wording("Seorang penilai mengundurkan diri dari menilai usulan %(number)s.", _ADMINS),
    Notice.RELATION_DECLARED: Wording("Seorang penilai menyatakan hubungan dengan seorang pegawai.", _ADMINS),
    Notice.PERIOD_MOVED: Wording("%(period)s memasuki tahap “%(stage)s”.", "semua pengguna yang terlibat"),
    Notice.PERIOD_BLOCKED: Wording(
        "Menurut jadwal tahap “%(stage)s”, %(period)s seharusnya sudah melangkah, tetapi masih ada penghalangnya.", _ADMINS
    ),
    Notice.PERIOD_WAITS: Wording(
        "Menurut jadwal tahap “%(stage)s”, sudah waktunya %(period)s melangkah; langkahnya menunggu keputusan Anda.", _ADMINS
    ),
    Notice.SCHEDULE_CHANGED: Wording(
        "Tahap “%(stage)s” %(period)s kini berlangsung sampai %(day)s pukul 23.59 WITA.", "yang bekerja pada tahap itu"
    ),
    Notice.RANKING_FINAL: Wording("Pemeringkatan kategori “%(category)s”, %(period)s, sudah final.", _ADMINS),
    Notice.OBJECTION_FILED: Wording("Ada sanggahan atas usulan %(number)s yang menunggu keputusan.", _ADMINS),
    Notice.OBJECTION_ON_BEHALF: Wording("BKPSDM mencatat surat sanggahan unit Anda atas usulan %(number)s.", _UNIT),
    Notice.OBJECTION_WITHDRAWN: Wording("Sanggahan atas usulan %(number)s dicabut.", _ADMINS),
    Notice.OBJECTION_DECIDED: Wording("Sanggahan atas usulan %(number)s sudah diputus.", _UNIT),
    Notice.OBJECTION_SETTLED: Wording("Tindak lanjut sanggahan atas usulan %(number)s sudah tercatat.", _UNIT),
    Notice.APPROVAL_ASKED: Wording("Penetapan kategori “%(category)s” menyimpang dari peringkat dan menunggu persetujuan.", _ADMINS),
    Notice.APPROVAL_GIVEN: Wording("Penetapan kategori “%(category)s” sudah disetujui.", _ADMINS),
    Notice.APPROVAL_REFUSED: Wording("Penetapan kategori “%(category)s” tidak disetujui.", _ADMINS),
    Notice.REVOCATION_ASKED: Wording("Pencabutan penetapan kategori “%(category)s” menunggu persetujuan.", _ADMINS),
    Notice.REVOCATION_GIVEN: Wording("Penetapan kategori “%(category)s” dicabut; pemenangnya ditetapkan ulang.", _ADMINS),
    Notice.REVOCATION_REFUSED: Wording("Pencabutan penetapan kategori “%(category)s” tidak disetujui.", _ADMINS),
    Notice.RESULT_DETERMINED: Wording("Pemenang kategori “%(category)s”, %(period)s, sudah ditetapkan.", _ADMINS),
    Notice.RESULT_PUBLISHED: Wording("Hasil %(period)s sudah diumumkan.", "semua pengguna yang terlibat"),
    Notice.RESULT_WITHDRAWN: Wording("Pengumuman hasil %(period)s ditarik.", "semua pengguna yang terlibat"),
    Notice.REMINDER_NOMINATE: Wording(
        "Unit Anda belum mengajukan usulan pada %(period)s; batasnya %(day)s pukul 23.59 WITA.", "admin dan kepala OPD unit itu"
    ),
    Notice.REMINDER_ASSESS: Wording(
        "%(count)s lembar penilaian Anda pada %(period)s belum dikirim; batasnya %(day)s pukul 23.59 WITA.", "penilai itu"
    ),
    Notice.REMINDER_ASSESS_UNDATED: Wording("%(count)s lembar penilaian Anda pada %(period)s belum dikirim.", "penilai itu"),
    Notice.ACCOUNT_ROLES: Wording("Peran Anda diubah oleh BKPSDM.", _OWNER),
    Notice.ACCOUNT_PASSWORD: Wording("Kata sandi Anda diganti oleh BKPSDM. Gantilah dengan kata sandi Anda sendiri.", _OWNER),
    Notice.ACCOUNT_FACTOR_RESET: Wording("Faktor kedua Anda dicabut oleh BKPSDM. Bila bukan Anda yang meminta, hubungi BKPSDM.", _OWNER),
    Notice.ACCOUNT_RECOVERY: Wording("Sebuah kode pemulihan Anda dipakai; tersisa %(count)s. Bila bukan Anda, ganti kata sandi.", _OWNER),
    Notice.ACCOUNT_LINKED: Wording("Akun Anda dihubungkan dengan masuk tunggal. Bila bukan oleh Anda, hubungi BKPSDM.", _OWNER),
    Notice.ACCOUNT_UNLINKED: Wording("Hubungan akun Anda dengan masuk tunggal dilepas oleh BKPSDM.", _OWNER),
    Notice.WEBHOOK_PAUSED: Wording("Webhook “%(webhook)s” dijeda karena pesannya tidak dapat dikirim.", _ADMINS),
}
"""In the order of the round. No wording has a place for a person's name or number: a nomination is named by its own number."""

TOLD_OF_STAGE: dict[Stage, frozenset[Role]] = {
    Stage.NOMINATION: frozenset({Role.OPD_ADMIN, Role.OPD_HEAD}),
    Stage.VERIFICATION: frozenset({Role.VERIFIER}),
    Stage.ASSESSMENT: frozenset({Role.ASSESSOR}),
    Stage.RANKING: frozenset({Role.BKPSDM_ADMIN}),
    Stage.OBJECTION: frozenset({Role.OPD_ADMIN, Role.OPD_HEAD, Role.BKPSDM_ADMIN}),
    Stage.DETERMINATION: frozenset({Role.BKPSDM_ADMIN}),
    Stage.PUBLICATION: frozenset({Role.BKPSDM_ADMIN}),
}
"""Who works in a stage, and is told when its last day changes."""
TOLD_OF_MOVE: dict[PeriodState, frozenset[Role]] = {
    PeriodState.OPEN: frozenset({Role.BKPSDM_ADMIN, Role.OPD_ADMIN, Role.OPD_HEAD, Role.VERIFIER, Role.VIEWER}),
    PeriodState.VERIFICATION: frozenset({Role.BKPSDM_ADMIN, Role.VERIFIER}),
    PeriodState.ASSESSMENT: frozenset({Role.BKPSDM_ADMIN}),
    PeriodState.RANKING: frozenset({Role.BKPSDM_ADMIN, Role.VIEWER}),
    PeriodState.OBJECTION: frozenset({Role.BKPSDM_ADMIN, Role.OPD_ADMIN, Role.OPD_HEAD}),
    PeriodState.DETERMINATION: frozenset({Role.BKPSDM_ADMIN, Role.VIEWER}),
}
"""Who is told that a period has reached a state; assessors and the readers of a result have notices of their own."""
_ON_ITS_WAY = frozenset(
    {
        Notice.NOMINATION_TO_ENDORSE,
        Notice.NOMINATION_ENDORSED,
        Notice.NOMINATION_SENT_BACK,
        Notice.NOMINATION_SUBMITTED,
        Notice.NOMINATION_RETURNED,
        Notice.NOMINATION_RESUBMITTED,
    }
)
_UNDER_CHECK = frozenset({Notice.NOMINATION_SUBMITTED, Notice.NOMINATION_RESUBMITTED})
OVERTAKES: dict[Notice, frozenset[Notice]] = {
    Notice.NOMINATION_ENDORSED: frozenset({Notice.NOMINATION_TO_ENDORSE}),
    Notice.NOMINATION_SENT_BACK: frozenset({Notice.NOMINATION_TO_ENDORSE}),
    Notice.NOMINATION_SUBMITTED: _ON_ITS_WAY - _UNDER_CHECK,
    Notice.NOMINATION_RESUBMITTED: _ON_ITS_WAY - _UNDER_CHECK,
    Notice.NOMINATION_RETURNED: _UNDER_CHECK,
    Notice.NOMINATION_ACCEPTED: _UNDER_CHECK,
    Notice.NOMINATION_REJECTED: _UNDER_CHECK,
    Notice.NOMINATION_WITHDRAWN: _ON_ITS_WAY,
    Notice.NOMINATION_MOVED: _ON_ITS_WAY,
    Notice.PERIOD_MOVED: frozenset({Notice.PERIOD_MOVED, Notice.PERIOD_BLOCKED, Notice.PERIOD_WAITS, Notice.REMINDER_NOMINATE}),
    Notice.PANEL_DISSOLVED: frozenset({Notice.PANEL_JOINED}),
    Notice.RANKING_FINAL: frozenset({Notice.ASSESSMENT_COMPLETE}),
}
"""What nobody has to read any more about a thing once this has happened to it: it counts as read."""
PARAMS = frozenset({"number", "period", "category", "stage", "day", "count", "webhook"})
"""What a wording may be filled with: nothing about a person."""
_PLACE = re.compile(r"%\((\w+)\)s")


def params_of(notice: Notice) -> frozenset[str]:
    """What the wording of a notice has to be filled with."""
    return frozenset(_PLACE.findall(WORDINGS[notice].text))


def text_of(notice: str, params: Mapping[str, str]) -> str:
    """The sentence as it is read; a kind that this version no longer knows still says that something happened."""
    if notice not in set(Notice):
        return "Pemberitahuan ini dibuat oleh versi lain aplikasi."
    wording = WORDINGS[Notice(notice)].text
    return _PLACE.sub(lambda place: params.get(place[1], "…"), wording)
