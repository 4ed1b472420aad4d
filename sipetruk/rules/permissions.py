"""Who may do what: one table of actions and roles, each cell a condition."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sipetruk.errors import Forbidden


class Role(StrEnum):
    """What a person is in the award; a person may be several things, each perhaps for one work unit."""

    BKPSDM_ADMIN = "bkpsdm_admin"
    VERIFIER = "verifier"
    ASSESSOR = "assessor"
    OPD_ADMIN = "opd_admin"
    OPD_HEAD = "opd_head"
    VIEWER = "viewer"


ROLE_LABELS: dict[Role, str] = {
    Role.BKPSDM_ADMIN: "Admin BKPSDM",
    Role.VERIFIER: "Verifikator",
    Role.ASSESSOR: "Penilai",
    Role.OPD_ADMIN: "Admin OPD",
    Role.OPD_HEAD: "Kepala OPD",
    Role.VIEWER: "Pembaca (auditor)",
}

UNIT_ROLES = frozenset({Role.OPD_ADMIN, Role.OPD_HEAD})
"""Roles that mean nothing without a work unit."""


class Action(StrEnum):
    """Everything a person can do, named `resource:verb`; `ACTION_LABELS` says what each means."""

    INSTRUMENT_READ = "instrument:read"
    INSTRUMENT_EDIT = "instrument:edit"
    INSTRUMENT_LOCK = "instrument:lock"
    PERIOD_READ = "period:read"
    PERIOD_EDIT = "period:edit"
    PERIOD_MOVE = "period:move"
    UNIT_READ = "unit:read"
    UNIT_EDIT = "unit:edit"
    EMPLOYEE_READ = "employee:read"
    EMPLOYEE_IMPORT = "employee:import"
    USER_MANAGE = "user:manage"
    NOMINATION_READ = "nomination:read"
    NOMINATION_DRAFT = "nomination:draft"
    NOMINATION_ENDORSE = "nomination:endorse"
    NOMINATION_SUBMIT = "nomination:submit"
    NOMINATION_WITHDRAW = "nomination:withdraw"
    EVIDENCE_READ = "evidence:read"
    EVIDENCE_ATTACH = "evidence:attach"
    NOMINATION_CHECK = "nomination:check"
    MARK_RECORD = "mark:record"
    MARK_RECUSE = "mark:recuse"
    RELATION_DECLARE = "relation:declare"
    RELATION_READ = "relation:read"
    PROGRESS_READ = "progress:read"
    REMINDER_SEND = "reminder:send"
    RANKING_READ = "ranking:read"
    RANKING_COMPUTE = "ranking:compute"
    RANKING_FINALISE = "ranking:finalise"
    SCORE_READ = "score:read"
    ANALYSIS_READ = "analysis:read"
    SHEET_REOPEN = "sheet:reopen"
    SHEET_REPLACE = "sheet:replace"
    OBJECTION_READ = "objection:read"
    OBJECTION_FILE = "objection:file"
    OBJECTION_DECIDE = "objection:decide"
    RESULT_DETERMINE = "result:determine"
    RESULT_PUBLISH = "result:publish"
    SIGNATORY_READ = "signatory:read"
    SIGNATORY_EDIT = "signatory:edit"
    ANNOUNCEMENT_READ = "announcement:read"
    ANNOUNCEMENT_EDIT = "announcement:edit"
    SETTING_READ = "setting:read"
    SETTING_EDIT = "setting:edit"
    RETENTION_APPLY = "retention:apply"
    AUDIT_READ = "audit:read"
    PERMISSION_READ = "permission:read"
    TOKEN_MANAGE = "token:manage"  # noqa: S105  # an action, no secret
    WEBHOOK_MANAGE = "webhook:manage"


ACTION_LABELS: dict[Action, str] = {
    Action.INSTRUMENT_READ: "membaca instrumen, termasuk draf",
    Action.INSTRUMENT_EDIT: "menyusun dan mengubah draf instrumen",
    Action.INSTRUMENT_LOCK: "mengunci versi instrumen",
    Action.PERIOD_READ: "membaca periode, jadwal, dan kategori",
    Action.PERIOD_EDIT: "mengatur periode, jadwal, kategori, dan tim penilai",
    Action.PERIOD_MOVE: "memindahkan periode ke tahap berikutnya",
    Action.UNIT_READ: "membaca daftar unit kerja",
    Action.UNIT_EDIT: "mengubah unit kerja",
    Action.EMPLOYEE_READ: "membaca data pegawai",
    Action.EMPLOYEE_IMPORT: "mencatat data pegawai, kehadiran, predikat, dan hukuman disiplin",
    Action.USER_MANAGE: "mengelola pengguna dan perannya",
    Action.NOMINATION_READ: "membaca usulan",
    Action.NOMINATION_DRAFT: "menyusun usulan dan isiannya",
    Action.NOMINATION_ENDORSE: "mengesahkan usulan atau mengembalikannya kepada penyusun",
    Action.NOMINATION_SUBMIT: "mengajukan usulan ke BKPSDM",
    Action.NOMINATION_WITHDRAW: "menarik usulan",
    Action.EVIDENCE_READ: "membuka bukti dukung",
    Action.EVIDENCE_ATTACH: "mengunggah dan menghapus bukti dukung",
    Action.NOMINATION_CHECK: "memeriksa, menerima, mengembalikan, atau menolak usulan",
    Action.MARK_RECORD: "memberi nilai pada lembar sendiri",
    Action.MARK_RECUSE: "mengundurkan diri dari menilai seorang calon",
    Action.RELATION_DECLARE: "menyatakan hubungan sendiri dengan pegawai",
    Action.RELATION_READ: "membaca pernyataan hubungan dan benturan kepentingan penilai",
    Action.PROGRESS_READ: "melihat kemajuan penilaian",
    Action.REMINDER_SEND: "mengingatkan unit yang belum mengusulkan dan penilai yang belum selesai",
    Action.RANKING_READ: "membaca pemeringkatan",
    Action.RANKING_COMPUTE: "menghitung pemeringkatan dan memutus nilai seri",
    Action.RANKING_FINALISE: "menetapkan pemeringkatan sebagai final",
    Action.SCORE_READ: "membaca nilai akhir usulan setelah boleh diketahui unit",
    Action.ANALYSIS_READ: "membaca analisis pemeringkatan dan kesepakatan penilai",
    Action.SHEET_REOPEN: "membuka kembali lembar penilaian yang sudah dikirim",
    Action.SHEET_REPLACE: "mengganti atau melepas penilai setelah penilaian dimulai",
    Action.OBJECTION_READ: "membaca sanggahan",
    Action.OBJECTION_FILE: "mengajukan dan mencabut sanggahan",
    Action.OBJECTION_DECIDE: "memutus sanggahan dan mencatat tindak lanjutnya",
    Action.RESULT_DETERMINE: "menetapkan pemenang",
    Action.RESULT_PUBLISH: "mengumumkan hasil",
    Action.SIGNATORY_READ: "membaca daftar penanda tangan",
    Action.SIGNATORY_EDIT: "mengatur penanda tangan dokumen",
    Action.ANNOUNCEMENT_READ: "membaca pengumuman umum, termasuk draf",
    Action.ANNOUNCEMENT_EDIT: "menulis, menerbitkan, dan menarik pengumuman umum",
    Action.SETTING_READ: "membaca pengaturan dan memeriksa sistem",
    Action.SETTING_EDIT: "mengubah pengaturan",
    Action.RETENTION_APPLY: "menghapus data pribadi yang lewat masa simpannya",
    Action.AUDIT_READ: "membaca jejak audit",
    Action.PERMISSION_READ: "membaca tabel hak akses",
    Action.TOKEN_MANAGE: "membuat dan mencabut token API",
    Action.WEBHOOK_MANAGE: "mengatur webhook dan membaca catatan pengirimannya",
}


RECORDED_LABELS: dict[str, str] = {str(action): label for action, label in ACTION_LABELS.items()} | {
    "period:remove": "menghapus periode yang keliru dibuat beserta isinya",
    "announcement:publish": "menerbitkan atau menjadwalkan pengumuman umum",
    "announcement:withdraw": "menarik pengumuman umum",
    "announcement:remove": "membuang draf pengumuman umum",
    "signatory:remove": "menghapus penanda tangan dari daftar",
    "unit:rename": "mencatat nama atau kode baru unit kerja",
    "unit:merge": "melebur unit kerja ke unit lain",
    "unit:split": "membentuk unit kerja dari unit lain",
    "account:profile": "mengubah profil sendiri",
    "account:password": "mengganti kata sandi sendiri",
    "account:sessions": "mengakhiri semua sesi sendiri",
    "account:second_factor": "mengatur faktor kedua sendiri",
    "account:identity": "menghubungkan akun masuk tunggal sendiri",
    "user:second_factor_reset": "mencabut faktor kedua seorang pengguna",
    "user:identity_remove": "melepas akun masuk tunggal seorang pengguna",
    "instrument:undo": "mengurungkan perubahan draf instrumen",
    "evidence:remove": "menghapus bukti dukung",
    "evidence:clean": "membuang berkas bukti yang tidak dirujuk apa pun",
    "nomination:hand_over": "menyerahkan usulan kepada kepala OPD untuk disahkan",
    "nomination:move": "memindahkan draf usulan ke unit kerja calon yang baru",
    "nomination:reply": "menjawab catatan verifikator",
    "sheet:submit": "mengirim lembar penilaian",
    "nomination:assess": "menyelesaikan penilaian usulan",
    "interview:begin": "membuka tahap wawancara bagi para finalis",
    "ranking:decide_tie": "memutus urutan nilai seri",
    "result:propose": "mengusulkan pemenang yang menyimpang dari peringkat",
    "result:propose_revocation": "mengusulkan pencabutan penetapan",
    "result:approve": "menyetujui usulan penetapan",
    "result:reject": "menolak usulan penetapan",
    "result:withdraw_proposal": "membatalkan usulan penetapan",
    "result:revoke": "mencabut penetapan",
    "result:attach_decree": "menyimpan berkas SK",
    "result:schedule": "menjadwalkan pengumuman hasil",
    "result:cancel": "membatalkan jadwal pengumuman",
    "result:release": "menerbitkan pengumuman terjadwal",
    "relation:withdraw": "mencabut pernyataan hubungan",
    "panel:assign": "membagi penilai kepada calon",
    "panel:settings": "mengatur cara kategori dinilai",
    "sheet:exclude": "tidak memberi lembar karena benturan kepentingan",
    "user:link": "mencatat siapa pengguna ini dalam data pegawai",
    "sheet:drop": "melepas lembar penilaian seorang penilai",
    "nomination:reopen": "membuka kembali penilaian usulan",
    "objection:withdraw": "mencabut sanggahan",
    "objection:settle": "mencatat tindak lanjut sanggahan",
    "token:create": "membuat token API",
    "token:revoke": "mencabut token API",
    "webhook:create": "membuat webhook",
    "webhook:update": "mengubah webhook",
    "webhook:pause": "menjeda webhook",
    "webhook:resume": "melanjutkan webhook",
    "webhook:renew_secret": "mengganti rahasia webhook",
    "webhook:remove": "menghapus webhook beserta catatannya",
    "webhook:ping": "mengirim pesan uji ke webhook",
    "webhook:replay": "mengirim ulang pesan webhook",
}
"""What the audit trail says was done: every action, and the steps that it tells apart within one."""


class Condition(StrEnum):
    """When a role may take an action."""

    ALWAYS = "ya"
    OWN_UNIT = "unit sendiri"
    ASSIGNED = "ditugaskan"
    NEVER = "-"


@dataclass(frozen=True)
class Grant:
    """One role of a person; `unit_id` is set for roles of a work unit."""

    role: Role
    unit_id: int | None = None


@dataclass(frozen=True)
class Actor:
    """Who acts, made once per request from the signed-in user or from a token; `face` says through which door.

    `limited_to` is what a token may be used for at most: the person's own rights count as far as they are in it, and
    the token with the number `token_id` has nothing of its own. None is the person.
    """

    user_id: int | None
    username: str
    name: str
    grants: tuple[Grant, ...]
    face: str = "cli"
    limited_to: frozenset[Action] | None = None
    token_id: int | None = None

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(grant.role for grant in self.grants)

    @property
    def unit_ids(self) -> frozenset[int]:
        """Work units for which this person holds a role."""
        return frozenset(grant.unit_id for grant in self.grants if grant.unit_id is not None)


SYSTEM = Actor(None, "sistem", "SI PETRUK", (Grant(Role.BKPSDM_ADMIN),), "cli")
"""The command line of whoever runs the server; every entry it makes in the audit says so."""


@dataclass(frozen=True)
class Subject:
    """What the conditions need to know of the thing acted upon."""

    unit_id: int | None = None
    assessor_ids: frozenset[int] = frozenset()


ANYTHING = Subject()

_A, _U, _S, _N = Condition.ALWAYS, Condition.OWN_UNIT, Condition.ASSIGNED, Condition.NEVER
_COLUMNS = (Role.BKPSDM_ADMIN, Role.VERIFIER, Role.ASSESSOR, Role.OPD_ADMIN, Role.OPD_HEAD, Role.VIEWER)
_ROWS: dict[Action, tuple[Condition, Condition, Condition, Condition, Condition, Condition]] = {
    #                            admin ver  ass  opd  head view
    Action.INSTRUMENT_READ:     (_A,  _A,  _A,  _N,  _N,  _A),
    Action.INSTRUMENT_EDIT:     (_A,  _N,  _N,  _N,  _N,  _N),
    Action.INSTRUMENT_LOCK:     (_A,  _N,  _N,  _N,  _N,  _N),
    Action.PERIOD_READ:         (_A,  _A,  _A,  _A,  _A,  _A),
    Action.PERIOD_EDIT:         (_A,  _N,  _N,  _N,  _N,  _N),
    Action.PERIOD_MOVE:         (_A,  _N,  _N,  _N,  _N,  _N),
    Action.UNIT_READ:           (_A,  _A,  _A,  _A,  _A,  _A),
    Action.UNIT_EDIT:           (_A,  _N,  _N,  _N,  _N,  _N),
    Action.EMPLOYEE_READ:       (_A,  _A,  _N,  _U,  _U,  _A),
    Action.EMPLOYEE_IMPORT:     (_A,  _N,  _N,  _N,  _N,  _N),
    Action.USER_MANAGE:         (_A,  _N,  _N,  _N,  _N,  _N),
    Action.NOMINATION_READ:     (_A,  _A,  _S,  _U,  _U,  _A),
    Action.NOMINATION_DRAFT:    (_N,  _N,  _N,  _U,  _N,  _N),
    Action.NOMINATION_ENDORSE:  (_N,  _N,  _N,  _N,  _U,  _N),
    Action.NOMINATION_SUBMIT:   (_N,  _N,  _N,  _U,  _N,  _N),
    Action.NOMINATION_WITHDRAW: (_A,  _N,  _N,  _U,  _U,  _N),
    Action.EVIDENCE_READ:       (_A,  _A,  _S,  _U,  _U,  _A),
    Action.EVIDENCE_ATTACH:     (_N,  _N,  _N,  _U,  _N,  _N),
    Action.NOMINATION_CHECK:    (_N,  _A,  _N,  _N,  _N,  _N),
    Action.MARK_RECORD:         (_N,  _N,  _S,  _N,  _N,  _N),
    Action.MARK_RECUSE:         (_N,  _N,  _S,  _N,  _N,  _N),
    Action.RELATION_DECLARE:    (_N,  _N,  _A,  _N,  _N,  _N),
    Action.RELATION_READ:       (_A,  _N,  _N,  _N,  _N,  _A),
    Action.PROGRESS_READ:       (_A,  _N,  _N,  _N,  _N,  _A),
    Action.REMINDER_SEND:       (_A,  _N,  _N,  _N,  _N,  _N),
    Action.RANKING_READ:        (_A,  _N,  _N,  _N,  _N,  _A),
    Action.RANKING_COMPUTE:     (_A,  _N,  _N,  _N,  _N,  _N),
    Action.RANKING_FINALISE:    (_A,  _N,  _N,  _N,  _N,  _N),
    Action.SCORE_READ:          (_A,  _N,  _N,  _U,  _U,  _A),
    Action.ANALYSIS_READ:       (_A,  _N,  _N,  _N,  _N,  _A),
    Action.SHEET_REOPEN:        (_A,  _N,  _N,  _N,  _N,  _N),
    Action.SHEET_REPLACE:       (_A,  _N,  _N,  _N,  _N,  _N),
    Action.OBJECTION_READ:      (_A,  _N,  _N,  _U,  _U,  _A),
    Action.OBJECTION_FILE:      (_A,  _N,  _N,  _U,  _U,  _N),
    Action.OBJECTION_DECIDE:    (_A,  _N,  _N,  _N,  _N,  _N),
    Action.RESULT_DETERMINE:    (_A,  _N,  _N,  _N,  _N,  _N),
    Action.RESULT_PUBLISH:      (_A,  _N,  _N,  _N,  _N,  _N),
    Action.SIGNATORY_READ:      (_A,  _A,  _N,  _N,  _N,  _A),
    Action.SIGNATORY_EDIT:      (_A,  _N,  _N,  _N,  _N,  _N),
    Action.ANNOUNCEMENT_READ:   (_A,  _N,  _N,  _N,  _N,  _A),
    Action.ANNOUNCEMENT_EDIT:   (_A,  _N,  _N,  _N,  _N,  _N),
    Action.SETTING_READ:        (_A,  _N,  _N,  _N,  _N,  _A),
    Action.SETTING_EDIT:        (_A,  _N,  _N,  _N,  _N,  _N),
    Action.RETENTION_APPLY:     (_A,  _N,  _N,  _N,  _N,  _N),
    Action.AUDIT_READ:          (_A,  _N,  _N,  _N,  _N,  _A),
    Action.PERMISSION_READ:     (_A,  _A,  _A,  _A,  _A,  _A),
    Action.TOKEN_MANAGE:        (_A,  _N,  _N,  _N,  _N,  _N),
    Action.WEBHOOK_MANAGE:      (_A,  _N,  _N,  _N,  _N,  _N),
}  # fmt: skip

TABLE: dict[tuple[Action, Role], Condition] = {
    (action, role): condition for action, row in _ROWS.items() for role, condition in zip(_COLUMNS, row, strict=True)
}


def can(actor: Actor | None, action: Action, subject: Subject = ANYTHING) -> bool:
    """Whether `actor` may take `action` on `subject`; nobody signed in may do nothing here."""
    if actor is None:
        return False
    return any(_holds(_condition(actor, action, grant.role), actor, grant, subject) for grant in actor.grants)


def may_somewhere(actor: Actor | None, action: Action) -> bool:
    """Whether some subject exists on which `actor` could take `action`: enough to show a menu entry."""
    return actor is not None and any(_condition(actor, action, role) is not Condition.NEVER for role in actor.roles)


def require(actor: Actor | None, action: Action, subject: Subject = ANYTHING) -> None:
    """Refuse with `Forbidden` unless `can(actor, action, subject)`."""
    if not can(actor, action, subject):
        raise Forbidden("Anda tidak berhak %(what)s.", what=ACTION_LABELS[action])


def granted(actor: Actor, action: Action) -> Iterable[tuple[Condition, Grant]]:
    """The conditions under which the actor's grants allow the action: what `visible_to` turns into a WHERE clause."""
    found = [(_condition(actor, action, grant.role), grant) for grant in actor.grants]
    return [(condition, grant) for condition, grant in found if condition is not Condition.NEVER]


def own_id(actor: Actor | None) -> int | None:
    """Whose account, sheets and notifications are the actor's own; a token has none, whoever it acts for."""
    return None if actor is None or actor.limited_to is not None else actor.user_id


def matrix_text() -> str:
    """The table as fixed-width text; kept in `tests/` so that a change of rights is a visible line."""
    width = max(len(action) for action in Action)
    cell = max(len(role) for role in Role)
    lines = ["  ".join(["action".ljust(width), *(role.ljust(cell) for role in _COLUMNS)]).rstrip()]
    lines += ["  ".join([action.ljust(width), *(TABLE[action, role].ljust(cell) for role in _COLUMNS)]).rstrip() for action in Action]
    return "\n".join(lines) + "\n"


def _condition(actor: Actor, action: Action, role: Role) -> Condition:
    """The cell of the table, cut down to what the actor is limited to: the one place where both are put together."""
    is_within = actor.limited_to is None or action in actor.limited_to
    return TABLE[action, role] if is_within else Condition.NEVER


def _holds(condition: Condition, actor: Actor, grant: Grant, subject: Subject) -> bool:
    match condition:
        case Condition.ALWAYS:
            return True
        case Condition.OWN_UNIT:
            return grant.unit_id is not None and grant.unit_id == subject.unit_id
        case Condition.ASSIGNED:
            return actor.user_id is not None and actor.user_id in subject.assessor_ids
        case Condition.NEVER:
            return False
