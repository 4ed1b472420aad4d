"""How a period and a nomination move: two tables, state + move -> state, and the windows of the stages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sipetruk.errors import IllegalMove
from sipetruk.rules.dates import day_text

WITA = ZoneInfo("Asia/Makassar")
"""Time zone of Kabupaten Balangan; a deadline means 23:59:59 of its day in this zone."""


class PeriodState(StrEnum):
    PREPARATION = "preparation"
    OPEN = "open"
    VERIFICATION = "verification"
    ASSESSMENT = "assessment"
    RANKING = "ranking"
    OBJECTION = "objection"
    DETERMINATION = "determination"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class PeriodMove(StrEnum):
    OPEN = "open"
    START_VERIFICATION = "start_verification"
    START_ASSESSMENT = "start_assessment"
    START_RANKING = "start_ranking"
    OPEN_INTERVIEW = "open_interview"
    OPEN_OBJECTION = "open_objection"
    START_DETERMINATION = "start_determination"
    PUBLISH = "publish"
    ARCHIVE = "archive"


class NominationState(StrEnum):
    DRAFT = "draft"
    ENDORSED = "endorsed"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    VERIFIED = "verified"
    REJECTED = "rejected"
    ASSESSED = "assessed"
    RANKED = "ranked"
    AWARDED = "awarded"
    NOT_AWARDED = "not_awarded"
    WITHDRAWN = "withdrawn"


class NominationMove(StrEnum):
    ENDORSE = "endorse"
    REVISE = "revise"
    SUBMIT = "submit"
    RETURN = "return"
    ACCEPT = "accept"
    REJECT = "reject"
    ASSESS = "assess"
    RANK = "rank"
    REOPEN = "reopen"
    AWARD = "award"
    PASS_OVER = "pass_over"  # noqa: S105  # no password, a nominee who is passed over
    REINSTATE = "reinstate"
    WITHDRAW = "withdraw"


class ObjectionState(StrEnum):
    FILED = "filed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class ObjectionMove(StrEnum):
    ACCEPT = "accept"
    REJECT = "reject"
    WITHDRAW = "withdraw"


class Stage(StrEnum):
    """A part of the round with a window of dates."""

    NOMINATION = "nomination"
    VERIFICATION = "verification"
    ASSESSMENT = "assessment"
    RANKING = "ranking"
    OBJECTION = "objection"
    DETERMINATION = "determination"
    PUBLICATION = "publication"


PERIOD_LABELS: dict[PeriodState, str] = {
    PeriodState.PREPARATION: "Persiapan",
    PeriodState.OPEN: "Pengusulan dibuka",
    PeriodState.VERIFICATION: "Verifikasi administrasi",
    PeriodState.ASSESSMENT: "Penilaian",
    PeriodState.RANKING: "Pemeringkatan",
    PeriodState.OBJECTION: "Masa sanggah",
    PeriodState.DETERMINATION: "Penetapan",
    PeriodState.PUBLISHED: "Diumumkan",
    PeriodState.ARCHIVED: "Diarsipkan",
}
PERIOD_MOVE_LABELS: dict[PeriodMove, str] = {
    PeriodMove.OPEN: "Buka pengusulan",
    PeriodMove.START_VERIFICATION: "Mulai verifikasi",
    PeriodMove.START_ASSESSMENT: "Mulai penilaian",
    PeriodMove.START_RANKING: "Mulai pemeringkatan",
    PeriodMove.OPEN_INTERVIEW: "Buka tahap wawancara",
    PeriodMove.OPEN_OBJECTION: "Buka masa sanggah",
    PeriodMove.START_DETERMINATION: "Mulai penetapan",
    PeriodMove.PUBLISH: "Umumkan hasil",
    PeriodMove.ARCHIVE: "Arsipkan periode",
}
NOMINATION_LABELS: dict[NominationState, str] = {
    NominationState.DRAFT: "Draf",
    NominationState.ENDORSED: "Disahkan kepala OPD",
    NominationState.SUBMITTED: "Diajukan",
    NominationState.RETURNED: "Dikembalikan",
    NominationState.VERIFIED: "Memenuhi syarat",
    NominationState.REJECTED: "Tidak memenuhi syarat",
    NominationState.ASSESSED: "Selesai dinilai",
    NominationState.RANKED: "Diperingkat",
    NominationState.AWARDED: "Pemenang",
    NominationState.NOT_AWARDED: "Tidak terpilih",
    NominationState.WITHDRAWN: "Ditarik",
}
NOMINATION_MOVE_LABELS: dict[NominationMove, str] = {
    NominationMove.ENDORSE: "disahkan",
    NominationMove.REVISE: "dibuka kembali sebagai draf",
    NominationMove.SUBMIT: "diajukan",
    NominationMove.RETURN: "dikembalikan",
    NominationMove.ACCEPT: "diterima",
    NominationMove.REJECT: "ditolak",
    NominationMove.ASSESS: "dinyatakan selesai dinilai",
    NominationMove.RANK: "diperingkat",
    NominationMove.REOPEN: "dibuka kembali untuk dinilai",
    NominationMove.AWARD: "ditetapkan sebagai pemenang",
    NominationMove.PASS_OVER: "dinyatakan tidak terpilih",
    NominationMove.REINSTATE: "dikembalikan ke pemeringkatan",
    NominationMove.WITHDRAW: "ditarik",
}
OBJECTION_LABELS: dict[ObjectionState, str] = {
    ObjectionState.FILED: "Menunggu keputusan",
    ObjectionState.ACCEPTED: "Diterima",
    ObjectionState.REJECTED: "Ditolak",
    ObjectionState.WITHDRAWN: "Dicabut",
}
OBJECTION_MOVE_LABELS: dict[ObjectionMove, str] = {
    ObjectionMove.ACCEPT: "diterima",
    ObjectionMove.REJECT: "ditolak",
    ObjectionMove.WITHDRAW: "dicabut",
}
STAGE_LABELS: dict[Stage, str] = {
    Stage.NOMINATION: "Pengusulan",
    Stage.VERIFICATION: "Verifikasi administrasi",
    Stage.ASSESSMENT: "Penilaian",
    Stage.RANKING: "Pemeringkatan",
    Stage.OBJECTION: "Masa sanggah",
    Stage.DETERMINATION: "Penetapan",
    Stage.PUBLICATION: "Pengumuman",
}

_P, _PM = PeriodState, PeriodMove
PERIOD_TABLE: dict[tuple[PeriodState, PeriodMove], PeriodState] = {
    (_P.PREPARATION, _PM.OPEN): _P.OPEN,
    (_P.OPEN, _PM.START_VERIFICATION): _P.VERIFICATION,
    (_P.VERIFICATION, _PM.START_ASSESSMENT): _P.ASSESSMENT,
    (_P.ASSESSMENT, _PM.START_RANKING): _P.RANKING,
    (_P.RANKING, _PM.OPEN_OBJECTION): _P.OBJECTION,
    (_P.RANKING, _PM.START_DETERMINATION): _P.DETERMINATION,
    (_P.OBJECTION, _PM.START_DETERMINATION): _P.DETERMINATION,
    (_P.RANKING, _PM.OPEN_INTERVIEW): _P.ASSESSMENT,
    (_P.OBJECTION, _PM.OPEN_INTERVIEW): _P.ASSESSMENT,
    (_P.DETERMINATION, _PM.PUBLISH): _P.PUBLISHED,
    (_P.PUBLISHED, _PM.ARCHIVE): _P.ARCHIVED,
}

_N, _NM = NominationState, NominationMove
NOMINATION_TABLE: dict[tuple[NominationState, NominationMove], NominationState] = {
    (_N.DRAFT, _NM.ENDORSE): _N.ENDORSED,
    (_N.ENDORSED, _NM.REVISE): _N.DRAFT,
    (_N.ENDORSED, _NM.SUBMIT): _N.SUBMITTED,
    (_N.RETURNED, _NM.ENDORSE): _N.RETURNED,
    (_N.RETURNED, _NM.REVISE): _N.RETURNED,
    (_N.RETURNED, _NM.SUBMIT): _N.SUBMITTED,
    (_N.SUBMITTED, _NM.RETURN): _N.RETURNED,
    (_N.SUBMITTED, _NM.ACCEPT): _N.VERIFIED,
    (_N.SUBMITTED, _NM.REJECT): _N.REJECTED,
    (_N.VERIFIED, _NM.ASSESS): _N.ASSESSED,
    (_N.ASSESSED, _NM.RANK): _N.RANKED,
    **{(state, _NM.REOPEN): _N.VERIFIED for state in (_N.VERIFIED, _N.ASSESSED, _N.RANKED)},
    (_N.RANKED, _NM.AWARD): _N.AWARDED,
    (_N.RANKED, _NM.PASS_OVER): _N.NOT_AWARDED,
    (_N.AWARDED, _NM.REINSTATE): _N.RANKED,
    (_N.NOT_AWARDED, _NM.REINSTATE): _N.RANKED,
    **{(state, _NM.WITHDRAW): _N.WITHDRAWN for state in (_N.DRAFT, _N.ENDORSED, _N.SUBMITTED, _N.RETURNED, _N.VERIFIED, _N.ASSESSED)},
}

EDITABLE = frozenset({_N.DRAFT, _N.ENDORSED, _N.RETURNED})
"""States in which the unit may change a nomination; changing an endorsed one voids the endorsement."""
NOT_SUBMITTED = frozenset({_N.DRAFT, _N.ENDORSED})
"""States of a nomination that BKPSDM has not seen yet."""
RANKED_IN = frozenset({_N.RANKED, _N.AWARDED, _N.NOT_AWARDED})
"""States of a nomination that has a place in a final ranking."""
DECIDED = RANKED_IN - {_N.RANKED}
"""States of a nomination of which it is determined whether it wins."""


OBJECTION_TABLE: dict[tuple[ObjectionState, ObjectionMove], ObjectionState] = {
    (ObjectionState.FILED, ObjectionMove.ACCEPT): ObjectionState.ACCEPTED,
    (ObjectionState.FILED, ObjectionMove.REJECT): ObjectionState.REJECTED,
    (ObjectionState.FILED, ObjectionMove.WITHDRAW): ObjectionState.WITHDRAWN,
}
"""An objection is decided or withdrawn once; nothing follows that."""


def next_period_state(state: PeriodState, move: PeriodMove) -> PeriodState:
    """The state after `move`, or `IllegalMove` saying from where it may not be made."""
    try:
        return PERIOD_TABLE[state, move]
    except KeyError:
        raise IllegalMove(
            "Langkah “%(move)s” tidak dapat dilakukan karena periode berada pada tahap “%(state)s”.",
            move=PERIOD_MOVE_LABELS[move],
            state=PERIOD_LABELS[state],
        ) from None


def next_nomination_state(state: NominationState, move: NominationMove) -> NominationState:
    """The state after `move`, or `IllegalMove` saying from where it may not be made."""
    try:
        return NOMINATION_TABLE[state, move]
    except KeyError:
        raise IllegalMove(
            "Usulan berstatus “%(state)s” tidak dapat %(move)s.",
            move=NOMINATION_MOVE_LABELS[move],
            state=NOMINATION_LABELS[state],
        ) from None


def next_objection_state(state: ObjectionState, move: ObjectionMove) -> ObjectionState:
    """The state after `move`, or `IllegalMove`: an objection is decided or withdrawn once."""
    try:
        return OBJECTION_TABLE[state, move]
    except KeyError:
        raise IllegalMove(
            "Sanggahan ini sudah “%(state)s” dan tidak dapat %(move)s.", move=OBJECTION_MOVE_LABELS[move], state=OBJECTION_LABELS[state]
        ) from None


def panel_may_change(state: PeriodState, *, awaits_finalists: bool) -> bool:
    """Whether the assessors of a category may be named: before the assessment; in an interview, until its finalists are brought in."""
    return state in PANELS_CHANGE_IN or (awaits_finalists and state in _INTERVIEW_AHEAD)


def period_moves(state: PeriodState) -> tuple[PeriodMove, ...]:
    """The moves that the table allows from `state`, in the order of the table."""
    return tuple(move for (from_, move) in PERIOD_TABLE if from_ is state)


@dataclass(frozen=True)
class Window:
    """The dates of a stage, both inclusive, in WITA."""

    opens_on: date
    closes_on: date

    @property
    def opens_at(self) -> datetime:
        return datetime.combine(self.opens_on, time.min, WITA)

    @property
    def closes_at(self) -> datetime:
        """The first moment at which the window is closed: midnight after its last day."""
        return datetime.combine(self.closes_on + timedelta(days=1), time.min, WITA)

    def is_open(self, now: datetime) -> bool:
        """Whether `now` (aware) lies in the window: 23:59:59.999 of the last day does, 00:00:00 after it does not."""
        if now.tzinfo is None:
            raise ValueError("an aware datetime is needed")
        return self.opens_at <= now < self.closes_at


def due_at(day: date) -> datetime:
    """The first moment after a deadline on `day`."""
    return Window(day, day).closes_at


STAGE_OF_STATE: dict[PeriodState, Stage] = {
    PeriodState.OPEN: Stage.NOMINATION,
    PeriodState.VERIFICATION: Stage.VERIFICATION,
    PeriodState.ASSESSMENT: Stage.ASSESSMENT,
    PeriodState.RANKING: Stage.RANKING,
    PeriodState.OBJECTION: Stage.OBJECTION,
}
"""The stage whose window a state must respect before the period moves on."""

CORRECTABLE_IN = frozenset({PeriodState.OPEN, PeriodState.VERIFICATION})
"""Period states in which a returned nomination may be corrected."""
CATEGORIES_CHANGE_IN = frozenset({PeriodState.PREPARATION})
"""Period states in which categories and their rules may be changed."""
PLANNED_IN = frozenset({PeriodState.PREPARATION})
"""Period states in which the schedule is still a plan; after them a change of it needs a reason."""
PERIODS_GO_IN = frozenset({PeriodState.PREPARATION})
"""Period states in which a period may be removed, as long as nothing came of it."""
NAMING_FIXED_IN = frozenset({PeriodState.PUBLISHED, PeriodState.ARCHIVED})
"""Period states in which name and year of a period stay: what was published holds them, and so does what is withdrawn."""
PANELS_CHANGE_IN = frozenset({PeriodState.PREPARATION, PeriodState.OPEN, PeriodState.VERIFICATION})
"""Period states in which the assessors of a category may be named."""
_INTERVIEW_AHEAD = frozenset({PeriodState.ASSESSMENT, PeriodState.RANKING, PeriodState.OBJECTION})
COMPUTABLE_IN = frozenset({PeriodState.ASSESSMENT, PeriodState.RANKING, PeriodState.OBJECTION})
"""Period states in which a ranking may be computed."""
DECIDABLE_IN = frozenset({PeriodState.RANKING, PeriodState.OBJECTION})
"""Period states in which a tie may be decided in writing."""
FINALISABLE_IN = frozenset({PeriodState.RANKING, PeriodState.OBJECTION})
"""Period states in which a ranking may be made final."""
MARKABLE_IN = frozenset({PeriodState.ASSESSMENT, PeriodState.OBJECTION})
"""Period states in which an open sheet may be filled in; in the objection stage only reopened and replacing sheets are open."""
DETERMINABLE_IN = frozenset({PeriodState.DETERMINATION, PeriodState.PUBLISHED})
"""Period states in which winners may be named and published; once published, only after that was withdrawn and taken back."""
PROVISIONAL_IN = frozenset({PeriodState.ASSESSMENT, PeriodState.RANKING})
"""Period states in which the provisional standing says something that no final ranking says."""


def stage_words(state: PeriodState, windows: Mapping[Stage, Window], now: datetime) -> str:
    """The stage of a period for whoever reads it: nominations and objections are over after their last day, whatever the state says."""
    stage = STAGE_OF_STATE.get(state)
    window = windows.get(stage) if stage else None
    if window is not None and state is PeriodState.OPEN and now < window.opens_at:
        return "Pengusulan belum dimulai"
    if window is not None and now >= window.closes_at and state in {PeriodState.OPEN, PeriodState.OBJECTION}:
        return "Pengusulan sudah ditutup" if state is PeriodState.OPEN else "Masa sanggah sudah berakhir"
    return PERIOD_LABELS[state]


def why_naming_is_fixed(state: PeriodState, *, is_scheduled: bool) -> str:
    """Why name and year of a period stay, "" where they may be changed; `is_scheduled` when a sealed copy waits for its moment."""
    if state in NAMING_FIXED_IN:
        return "Nama dan tahun periode tetap sejak hasilnya diumumkan, juga setelah ditarik: berkas dan piagam yang beredar menyebutnya."
    if is_scheduled:
        return "Pengumuman yang dijadwalkan sudah memuat nama dan tahun periode ini. Batalkan dahulu jadwalnya."
    return ""


def require_open(state: PeriodState, window: Window | None, now: datetime) -> None:
    """Refuse unless units may nominate: the period is open and `now` lies in the window of the nomination stage."""
    if closed := _closed(state, window, now):
        raise closed
    if state is not PeriodState.OPEN or window is None or now < window.opens_at:
        raise IllegalMove("Pengusulan pada periode ini tidak sedang dibuka.")


def require_editable(state: NominationState, period_state: PeriodState, window: Window | None, due_on: date | None, now: datetime) -> None:
    """Refuse a change by the unit outside the states and the dates in which it may make one."""
    if state not in EDITABLE:
        raise IllegalMove("Usulan ini sudah diajukan dan tidak dapat diubah.")
    if late := too_late(state, period_state, window, due_on, now):
        raise late
    if state is not NominationState.RETURNED:
        require_open(period_state, window, now)


def too_late(
    state: NominationState, period_state: PeriodState, window: Window | None, due_on: date | None, now: datetime
) -> IllegalMove | None:
    """Why what a unit has not handed in can no longer be; None where it still can be, is not asked for yet, or was handed in."""
    if state is NominationState.RETURNED:
        if period_state not in CORRECTABLE_IN or due_on is None or now >= due_at(due_on):
            return IllegalMove("Batas waktu perbaikan usulan ini sudah lewat.")
        return None
    return _closed(period_state, window, now) if state in NOT_SUBMITTED else None


def _closed(state: PeriodState, window: Window | None, now: datetime) -> IllegalMove | None:
    """The refusal once nominations are over, by their last day or because the period has moved on."""
    if state is PeriodState.PREPARATION:
        return None
    if window is not None and now >= window.closes_at:
        return IllegalMove("Pengusulan sudah ditutup pada %(day)s pukul 23.59 WITA.", day=day_text(window.closes_on))
    return None if state is PeriodState.OPEN else IllegalMove("Pengusulan pada periode ini sudah ditutup.")
