"""The enums of the contract; the words of their values are those of the rules."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, StrEnum
from typing import Any, TypeVar

import strawberry

from sipetruk.models.assessment import MARK_STATES, SHEET_STATES
from sipetruk.models.instruments import VERSION_STATES
from sipetruk.models.nominations import DECISIONS, VERDICTS
from sipetruk.models.rankings import RANKING_STATES
from sipetruk.models.results import PROPOSAL_KINDS, PROPOSAL_STATES
from sipetruk.queries.panels import MODES
from sipetruk.queries.results import PUBLICATION_LABELS, PublicationState
from sipetruk.queries.worklist import Target
from sipetruk.rules import definition, scales
from sipetruk.rules.announcement import POLICIES
from sipetruk.rules.conflicts import RELATIONS
from sipetruk.rules.journey import STEP_LABELS, Step
from sipetruk.rules.permissions import ROLE_LABELS, Role
from sipetruk.rules.timeline import When
from sipetruk.rules.workflow import (
    NOMINATION_LABELS,
    OBJECTION_LABELS,
    PERIOD_LABELS,
    PERIOD_MOVE_LABELS,
    STAGE_LABELS,
    NominationState,
    ObjectionState,
    PeriodMove,
    PeriodState,
    Stage,
)

E = TypeVar("E", bound=type[Enum])


def described(kind: E, description: str, words: Mapping[Any, str], name: str | None = None) -> E:
    """Make a Python enum an enum of the contract, each value with its words; a value without words stops the start."""
    made = strawberry.enum(kind, name=name, description=description)
    for value in made.__strawberry_definition__.values:  # type: ignore[attr-defined]  # set by strawberry.enum; tested
        value.description = words[str(value.value)]
    return made


class PublicationPolicy(StrEnum):
    NAMES = "names"
    NAMES_AND_SCORE = "names_and_score"
    NAMES_AND_BREAKDOWN = "names_and_breakdown"


class Effect(StrEnum):
    BLOCK = "block"
    WARN = "warn"


class Combine(StrEnum):
    SUM_OF_POINTS = "sum_of_points"
    MEAN_OF_COMPONENTS = "mean_of_components"
    WEIGHTED_SUM = "weighted_sum"


class Aggregation(StrEnum):
    MEAN = "mean"
    MEDIAN = "median"
    TRIMMED = "trimmed"


class TieStepKind(StrEnum):
    COMPONENT = "component"
    CRITERION = "criterion"
    ATTRIBUTE = "attribute"


class CriterionSource(StrEnum):
    ASSESSOR = "assessor"
    UNIT = "unit"
    UNIT_HEAD = "unit_head"
    ATTENDANCE = "attendance"
    PREDICATE = "predicate"
    IMPORTED = "imported"
    SANCTION = "sanction"
    AWARD = "award"
    FIRST_STAGE = "first_stage"


class ScaleKind(StrEnum):
    POINTS = "points"
    RUBRIC = "rubric"
    THRESHOLD = "threshold"
    CHOICE = "choice"
    YES_NO = "yes_no"
    PREDICATE = "predicate"
    PERCENTAGE = "percentage"
    TALLY = "tally"
    COUNT = "count"
    TEXT = "text"


class InputKind(StrEnum):
    SHORT_TEXT = "short_text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    CHOICES = "choices"
    FILE = "file"
    LINK = "link"
    DECLARATION = "declaration"
    TALLY = "tally"


class EvidenceSource(StrEnum):
    UNIT = "unit"
    SYSTEM = "system"


class Move(StrEnum):
    EDIT = "edit"
    HAND_OVER = "hand_over"
    ENDORSE = "endorse"
    SEND_BACK = "send_back"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    CHECK = "check"


class OutcomeStatus(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Decision(StrEnum):
    RETURNED = "returned"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class Verdict(StrEnum):
    PRESENT = "present"
    ABSENT = "absent"


class VersionState(StrEnum):
    DRAFT = "draft"
    LOCKED = "locked"
    RETIRED = "retired"


class PlanMode(StrEnum):
    FRESH = "fresh"
    FILL = "fill"
    ONE_PANEL = "one_panel"


class RelationKind(StrEnum):
    FAMILY = "family"
    SUPERIOR = "superior"
    SUBORDINATE = "subordinate"
    COLLEAGUE = "colleague"
    MENTOR = "mentor"
    DISPUTE = "dispute"
    OTHER = "other"


class SheetState(StrEnum):
    OPEN = "open"
    SUBMITTED = "submitted"
    RECUSED = "recused"
    DROPPED = "dropped"


class MarkState(StrEnum):
    SCORED = "scored"
    ABSTAINED = "abstained"


class RankingState(StrEnum):
    DRAFT = "draft"
    FINAL = "final"
    SUPERSEDED = "superseded"


class ProposalKind(StrEnum):
    OVERRIDE = "override"
    REVOCATION = "revocation"


class ProposalState(StrEnum):
    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    VOID = "void"


class ObjectionAction(StrEnum):
    ACCEPT = "accept"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"
    NOTE = "note"


class RankingStatus(StrEnum):
    RANKED = "RANKED"
    INCOMPLETE = "INCOMPLETE"
    NOT_ELIGIBLE = "NOT_ELIGIBLE"


described(Stage, "Tahap yang mempunyai jadwal.", STAGE_LABELS)
described(PeriodState, "Tahap yang sedang dijalani sebuah periode.", PERIOD_LABELS)
described(PeriodMove, "Langkah sebuah periode ke tahap berikutnya.", PERIOD_MOVE_LABELS)
described(NominationState, "Status sebuah usulan.", NOMINATION_LABELS)
described(Step, "Langkah dalam perjalanan sebuah usulan.", STEP_LABELS, name="NominationStep")
described(Role, "Peran seseorang dalam SI PETRUK.", ROLE_LABELS)
described(PublicationPolicy, "Apa saja yang diumumkan tentang pemenang.", POLICIES)
described(
    Effect,
    "Akibat sebuah syarat yang tidak terpenuhi.",
    {"block": "Pegawai tidak dapat diusulkan.", "warn": "Hanya peringatan; usulan tetap dapat diajukan."},
)
described(Combine, "Cara nilai komponen menjadi nilai akhir.", definition.COMBINE)
described(Aggregation, "Cara nilai beberapa penilai menjadi satu nilai.", definition.AGGREGATION)
described(TieStepKind, "Apa yang dibandingkan untuk memutus nilai seri.", definition.TIE_STEP)
described(CriterionSource, "Dari mana nilai sebuah kriteria berasal.", definition.SOURCES)
described(ScaleKind, "Jenis skala sebuah kriteria.", {code: kind.label for code, kind in scales.KINDS.items()})
described(
    InputKind,
    "Jenis isian pada formulir usulan.",
    {**definition.FIELD_KINDS, "tally": "Jumlah untuk setiap jenis dalam daftar"},
)
described(EvidenceSource, "Siapa yang menyediakan bukti.", {"unit": "Diunggah unit kerja.", "system": "Diambil dari data kepegawaian."})
described(
    Move,
    "Yang dapat dilakukan sekarang terhadap sebuah usulan oleh pembacanya.",
    {
        "edit": "Mengubah isian dan bukti.",
        "hand_over": "Menyerahkan kepada kepala unit kerja untuk disahkan.",
        "endorse": "Mengesahkan sebagai kepala unit kerja.",
        "send_back": "Mengembalikan kepada penyusun sebagai kepala unit kerja.",
        "submit": "Mengajukan ke BKPSDM.",
        "withdraw": "Menarik usulan.",
        "check": "Memeriksa, menerima, mengembalikan, atau menolak sebagai verifikator.",
    },
    name="NominationAction",
)
described(
    OutcomeStatus,
    "Hasil pemeriksaan sebuah syarat.",
    {"passed": "Memenuhi syarat.", "failed": "Tidak memenuhi syarat.", "unknown": "Belum dapat dipastikan: datanya belum tercatat."},
    name="EligibilityStatus",
)
described(Decision, "Keputusan verifikasi administrasi.", DECISIONS, name="ReviewDecision")
described(Verdict, "Hasil pemeriksaan satu bukti.", VERDICTS, name="CheckVerdict")
described(VersionState, "Keadaan sebuah versi instrumen.", VERSION_STATES, name="InstrumentVersionState")
described(PlanMode, "Cara pembagian penilai secara otomatis.", {str(mode): words for mode, words in MODES.items()}, name="PanelPlanMode")
described(RelationKind, "Pegawai itu siapa bagi penilai.", {kind: f"{words.capitalize()}." for kind, words in RELATIONS.items()})
described(SheetState, "Keadaan sebuah lembar penilaian.", SHEET_STATES)
described(MarkState, "Keadaan sebuah nilai; yang belum dinilai tidak mempunyai nilai.", MARK_STATES)
described(ObjectionState, "Keadaan sebuah sanggahan.", OBJECTION_LABELS)
described(
    ObjectionAction,
    "Yang dapat dilakukan sekarang terhadap sebuah sanggahan oleh pembacanya.",
    {
        "accept": "Menerima.",
        "reject": "Menolak.",
        "withdraw": "Mencabut.",
        "reopen": "Membuka kembali lembar penilaian usulannya.",
        "note": "Mencatat bahwa hasil tidak berubah.",
    },
)
described(RankingState, "Keadaan sebuah pemeringkatan.", RANKING_STATES)
described(ProposalKind, "Apa yang diusulkan kepada orang kedua.", PROPOSAL_KINDS, name="ResultProposalKind")
described(ProposalState, "Keadaan sebuah usulan penetapan.", PROPOSAL_STATES, name="ResultProposalState")
described(PublicationState, "Keadaan sebuah pengumuman.", PUBLICATION_LABELS)
described(
    RankingStatus,
    "Kedudukan seorang calon dalam pemeringkatan.",
    {"RANKED": "Diperingkat.", "INCOMPLETE": "Penilaian belum lengkap.", "NOT_ELIGIBLE": "Tidak memenuhi batas nilai komponen."},
)
described(
    When,
    "Letak sebuah langkah dalam perjalanan periode.",
    {"done": "Selesai.", "now": "Sedang berjalan.", "next": "Berikutnya."},
    name="StepTime",
)
described(
    Target,
    "Letak pekerjaan yang menunggu.",
    {
        "quota": "Kuota usulan yang belum terpakai.",
        "overdue": "Usulan yang dikembalikan dan lewat batasnya.",
        "unchecked": "Usulan yang belum diverifikasi.",
        "ties": "Nilai seri yang harus diputus, atau sudah diputus dan menunggu dihitung ulang.",
        "objections": "Sanggahan.",
        "approvals": "Persetujuan penetapan.",
        "publications": "Pengumuman hasil.",
        "moves": "Perpindahan tahap periode.",
        "rounds": "Periode yang dapat diperiksa.",
        "returned": "Usulan yang dikembalikan.",
        "drafts": "Draf usulan.",
        "endorsed": "Usulan yang siap diajukan.",
        "to_endorse": "Usulan yang menunggu pengesahan.",
        "checks": "Verifikasi administrasi.",
        "sheets": "Lembar penilaian.",
        "panels": "Tim penilai.",
        "progress": "Kemajuan penilaian.",
        "rankings": "Pemeringkatan.",
        "determinations": "Penetapan pemenang.",
    },
    name="WorkTarget",
)
